//! The engine port: the only folder that names an engine.
//!
//! It works as the standard library's platform layer does. Each backend folder holds the same files with the same
//! names, and the types below are inherent types of the chosen backend, so nothing above is generic over an engine.
//! The laws that every backend keeps stand in `laws.rs`.
//!
//! - [`Cx`] is the only way to run JavaScript, and it is a token: whoever borrows bytes or native state borrows it,
//!   so neither can be held across a call into JavaScript.
//! - Every handle carries the invariant brand `'js`: values of two runtimes cannot be mixed, nor kept in a future.
//! - Natives are monomorphised into the engine's own function pointer ([`RawFn`]).

pub mod capabilities;

#[cfg(feature = "boa")]
mod boa;
#[cfg(feature = "boa")]
use boa as backend;

#[cfg(feature = "boa")]
pub use backend::{
    args::Args,
    bytes::View,
    cx::Cx,
    function::{Closure, Function, RawFn},
    host::HostObject,
    object::{Key, Object, Property, WellKnown},
    persistent::Persistent,
    promise::{PromiseState, Resolver},
    value::{Type, Value},
};

#[cfg(feature = "boa")]
pub(crate) use backend::{
    engine::Engine,
    error::{make as make_error, stack as error_stack},
    function::raw_fn,
    module::ModuleHandle,
};

#[cfg(feature = "boa")]
pub use backend::inspect::{Flavour, Kind};

/// What the engine backend calls itself, for the manifest and `info`.
#[cfg(feature = "boa")]
pub use backend::ENGINE;

#[cfg(all(test, feature = "boa"))]
mod laws;

/// The invariant brand that every handle carries: `fn(&'js ()) -> &'js ()` is neither covariant nor contravariant.
#[cfg(feature = "boa")]
pub(crate) type Brand<'js> = std::marker::PhantomData<fn(&'js ()) -> &'js ()>;
