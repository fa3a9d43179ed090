//! What the expansions of `runtime-macros` call: ordinary functions, so that an expansion stays readable and the logic stands
//! where it can be tested. Nobody else names this module; its contents change with the macros.

mod args;
mod async_call;
mod fields;
mod instance;
mod iterate;
mod known;
mod raise;

pub use args::{BYTES, arg, arg_or, require, returned, view};
pub use async_call::promise;
pub use fields::{Fields, field, field_decl, field_or, fields, literal, set_field, variant};
pub use instance::{ClassType, Instance, instance, state, state_mut, this, up, up_mut};
pub use iterate::{ReturnThis, Step, iterate};
pub use known::{Given, Taken, Unknown};
pub use raise::{IntoError, Probe, by};

pub use crate::__raise as raise;
pub use crate::classes::{construct, instance as new_instance, new_target};
pub use crate::convert::{FromJs, IntoJs};
pub use crate::definition::{
    AccessorDef, ClassDef, ConstantDef, ErrorDef, FnDecl, FnDef, IteratorDef, ModuleDef,
    NativeClass, NativeFn, ParamDecl, Surface, Upcast,
};
pub use crate::engine::{Args, Cx, Error, Object, Tracer, Value};
pub use crate::slots::{Trace, trace};
pub use crate::ts::{FieldDecl, In, Out, Ts, TsType, TypeBody, TypeDecl, VariantDecl};

/// What a thunk returns.
pub type Result<'js> = std::result::Result<Value<'js>, Error<'js>>;
