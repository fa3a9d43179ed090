//! The engine port: the only folder that names an engine.
//!
//! It works as the standard library's platform layer does. Each backend folder holds the same files with the same
//! names, and the types below are inherent types of the chosen backend, so nothing above is generic over an engine.
//! What they share stands in `types.rs`, `errors.rs` and `natives.rs`, and the laws that each of them keeps in `laws/`.
//!
//! - [`Cx`] is the only way to run JavaScript, and it is a token: whoever borrows bytes or native state borrows it,
//!   so neither can be held across a call into JavaScript.
//! - Every handle carries the invariant brand `'js`: values of two runtimes cannot be mixed, nor kept in a future.
//! - Natives are monomorphised into the engine's own function pointer ([`RawFn`]).

pub mod capabilities;
#[cfg(feature = "engine")]
mod errors;
#[cfg(feature = "engine")]
pub(crate) mod natives;
#[cfg(feature = "engine")]
mod types;

#[cfg(feature = "boa")]
mod boa;
#[cfg(feature = "boa")]
use boa as backend;

#[cfg(feature = "quickjs")]
mod quickjs;
#[cfg(feature = "quickjs")]
use quickjs as backend;

#[cfg(all(feature = "boa", feature = "quickjs"))]
compile_error!("a runtime has one engine: choose one of the features `boa` and `quickjs`");
#[cfg(all(feature = "engine", not(any(feature = "boa", feature = "quickjs"))))]
compile_error!("a runtime needs an engine: choose one of the features `boa` and `quickjs`");

#[cfg(feature = "engine")]
pub(crate) use backend::is_own_source;
#[cfg(feature = "engine")]
pub use backend::{
    ENGINE,
    args::Args,
    bytes::View,
    cx::Cx,
    function::{Closure, Function, RawFn},
    host::HostObject,
    object::Object,
    persistent::{Persistent, Tracer},
    promise::Resolver,
    value::Value,
};
#[cfg(feature = "engine")]
pub(crate) use backend::{
    engine::Engine,
    error::{complaint, make as make_error, missing_export, stack as error_stack},
    function::raw_fn,
    module::ModuleHandle,
};
#[cfg(feature = "engine")]
pub use errors::Error;
#[cfg(feature = "engine")]
pub(crate) use errors::data;
#[cfg(feature = "engine")]
pub(crate) use natives::closure;
#[cfg(feature = "engine")]
pub(crate) use types::{Complaint, Source};
#[cfg(feature = "engine")]
pub use types::{Flavour, Key, Kind, PromiseState, Property, Type, WellKnown};

#[cfg(all(test, feature = "engine"))]
use backend::REFUSES;

#[cfg(all(test, feature = "engine"))]
mod laws;

/// How far this engine keeps the limit with this key, one of those that are an engine's to keep.
#[cfg(feature = "engine")]
pub fn keeps(limit: &str) -> capabilities::Keeps {
    keeping(limit).map_or(capabilities::Keeps::InPart, |keeping| keeping.how)
}

/// Whether this engine keeps the limit with this key without help.
#[cfg(feature = "engine")]
pub(crate) fn keeps_itself(limit: &str) -> bool {
    keeps(limit) == capabilities::Keeps::Itself
}

/// Whether this engine ends a script that is running when another thread asks for it.
#[cfg(feature = "engine")]
pub fn interrupts() -> bool {
    capabilities::engine(ENGINE.0).is_some_and(|engine| engine.interrupts)
}

/// How this engine keeps the limit with this key.
#[cfg(feature = "engine")]
pub(crate) fn keeping(limit: &str) -> Option<&'static capabilities::Keeping> {
    capabilities::engine(ENGINE.0)?.keeps(limit)
}

/// The invariant brand that every handle carries: `fn(&'js ()) -> &'js ()` is neither covariant nor contravariant.
#[cfg(feature = "engine")]
pub(crate) type Brand<'js> = std::marker::PhantomData<fn(&'js ()) -> &'js ()>;
