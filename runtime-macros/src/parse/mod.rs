//! From syntax to the model. What cannot be modelled at all is reported here; what can be, but must not be, is `check`'s.

mod class;
mod data;
mod function;
mod module;
pub(crate) mod types;

pub(crate) use class::{class, members, not_generic, slots};
pub(crate) use data::data;
pub(crate) use function::function;
pub(crate) use module::module;
