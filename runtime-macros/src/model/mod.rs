//! What an item means, once it was read: functions, classes, modules, data. No engine is known here, and of tokens only those
//! that are the user's own: names, types, expressions.

mod class;
mod data;
mod function;
mod module;
pub(crate) mod names;

pub(crate) use class::{Base, Class, Constant, Member, Members, Role, Slot};
pub(crate) use data::{Body, Data, Field, Variant};
pub(crate) use function::{Absent, Function, Kind, Output, Param, Receiver};
pub(crate) use module::{Entry, Module, Surface};
