//! The inspector: values as people read them, for `console`, uncaught errors and embedders.
//!
//! It runs no script: no getter, no proxy's trap, no `toString`. What it shows it reads from data properties and from the
//! hidden parts that the engine gives away (`engine`'s `Kind`), so a script can neither break nor observe it. The look is that
//! of `console.log` in Node, which people know. Reading order: `text`, `layout`, `names`, `walk`, `parts`, `error`.

mod error;
mod layout;
mod names;
mod parts;
mod text;
mod walk;

#[cfg(test)]
pub(crate) mod tests;

pub use crate::excerpt::width;
pub(crate) use error::said;
pub use text::Style;

use crate::engine::{Cx, Flavour, Object, Value, data};
use walk::Inspector;

/// How a value is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// How many levels of objects are looked into; none: all of them.
    pub depth: Option<usize>,
    /// Whether colours are written, for a terminal.
    pub colours: bool,
    /// The column after which a line is too long.
    pub width: usize,
    /// How many elements of an array, a map or a set are shown.
    pub items: usize,
    /// How many UTF-16 code units of a string inside an object are shown.
    pub chars: usize,
    /// Whether properties that are not enumerable are shown too.
    pub hidden: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            depth: Some(2),
            colours: false,
            width: 80,
            items: 100,
            chars: 10_000,
            hidden: false,
        }
    }
}

impl Options {
    /// Everything on one line.
    #[must_use]
    pub fn on_one_line(self) -> Self {
        Self {
            width: usize::MAX,
            ..self
        }
    }
}

/// `value` as a person reads it. A string is quoted.
pub fn inspect<'js>(cx: &mut Cx<'js>, value: &Value<'js>, options: &Options) -> String {
    Inspector::new(cx, *options).value(value, 0)
}

/// `value` as it is shown where objects are not looked into: `[Object]`, `[Array]`, but a primitive as it is.
pub fn inspect_closed<'js>(cx: &mut Cx<'js>, value: &Value<'js>, options: &Options) -> String {
    let options = Options {
        depth: Some(0),
        ..*options
    };
    Inspector::new(cx, options).value(value, 1)
}

/// An error with its stack and its own properties but not its cause, and what that cause is.
pub(crate) fn inspect_error<'js>(
    cx: &mut Cx<'js>,
    error: &Object<'js>,
) -> (String, Option<Value<'js>>) {
    Inspector::new(cx, Options::default()).uncaught(error)
}

/// Whether `String(object)` runs a function that a script made: one that says how the object reads.
pub fn has_own_text<'js>(cx: &mut Cx<'js>, object: &Object<'js>) -> bool {
    let method = data(cx, object, "toString").and_then(|value| value.as_object());
    method.is_some_and(|method| matches!(method.flavour(cx), Some(Flavour::Plain)))
}
