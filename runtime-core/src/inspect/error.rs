//! Errors: header, stack, and the properties that say more.

use super::layout::{Parts, Place, lay_out};
use super::names::{Name, own_data};
use super::parts::Keys;
use super::walk::Inspector;
use crate::classes;
use crate::engine::{Cx, Key, Kind, Object, Value, data, error_stack};

impl<'js> Inspector<'_, 'js> {
    /// An error's header and stack, and the properties that stand behind them in braces.
    pub(super) fn error(&mut self, error: &Object<'js>) -> (String, Keys<'js>) {
        let text = self.error_text(error);
        let has_stack = text.contains("\n    at ");
        let text = if has_stack { text } else { format!("[{text}]") };
        let text = text.replace('\n', &format!("\n{}", " ".repeat(self.indent)));
        let mut keys = self.error_keys(error);
        for name in ["errors", "cause"] {
            let is_there = keys
                .iter()
                .any(|(key, _)| key.as_string().as_deref() == Some(name));
            let property = error.own_property(self.cx, Key::Name(name)).ok().flatten();
            if let Some(property) = property.filter(|_| !is_there) {
                keys.push((Value::string(self.cx, name), property));
            }
        }
        (text, keys)
    }

    /// An error outside all else: without its cause, which is given beside.
    pub(super) fn uncaught(&mut self, error: &Object<'js>) -> (String, Option<Value<'js>>) {
        let base = indented(&self.error_text(error));
        let mut keys = self.error_keys(error);
        keys.retain(|(key, _)| key.as_string().as_deref() != Some("cause"));
        if let Ok(Some(errors)) = error.own_property(self.cx, "errors")
            && !errors.enumerable
        {
            keys.push((Value::string(self.cx, "errors"), errors));
        }
        let cause = own_data(self.cx, error, "cause").filter(|cause| !cause.is_undefined());
        if keys.is_empty() {
            return (base, cause);
        }
        let parts = Parts {
            base,
            open: "{".to_owned(),
            close: '}',
            ..Parts::default()
        };
        let parts = self.fill(error, Kind::Error, parts, keys, 1);
        (
            lay_out(
                parts,
                Place {
                    indent: 0,
                    width: self.options.width,
                    levels: 0,
                },
            ),
            cause,
        )
    }

    /// `TypeError: message` and the stack below it.
    fn error_text(&mut self, error: &Object<'js>) -> String {
        let header = self.header(error);
        match error_stack(self.cx, error) {
            None => header,
            // A script that wrote a stack of its own wrote the header too, as other engines do.
            Some(stack) if stack.starts_with(&header) => stack,
            Some(stack) => format!("{header}\n{stack}"),
        }
    }

    fn header(&mut self, error: &Object<'js>) -> String {
        let (name, message) = said(self.cx, error);
        let name = name
            .filter(|name| !name.is_empty())
            .unwrap_or_else(|| "Error".to_owned());
        let message = message.unwrap_or_default();
        let class = Name::of(self.cx, error, "Error");
        let own_name = own_data(self.cx, error, "name").is_some();
        let mut name = match &class.class {
            None => format!("[{name}: null prototype]"),
            // A class that extends `Error` and does not say its name has it all the same.
            Some(class) if *class != name && !own_name && is_inherited(&name) => class.clone(),
            Some(_) => name,
        };
        if error.as_host().is_some() {
            // The class says what it is, and the name which of them: `DOMException [AbortError]`.
            name = match &class.class {
                Some(class) if *class != name => format!("{class} [{name}]"),
                _ => name,
            };
        } else if !class.tag.is_empty() && class.tag != name {
            name = format!("{name} [{}]", class.tag);
        }
        if message.is_empty() {
            name
        } else {
            format!("{name}: {message}")
        }
    }

    /// The error's own properties, without those that its header and stack say.
    fn error_keys(&mut self, error: &Object<'js>) -> Keys<'js> {
        let names = error.own_keys(self.cx).unwrap_or_default();
        let mut keys = self.shown(error, names);
        keys.retain(|(key, _)| {
            !matches!(
                key.as_string().as_deref(),
                Some("name" | "message" | "stack")
            )
        });
        keys
    }
}

/// A text whose lines all stand below the first one, so that no message can pass for a report of its own.
fn indented(text: &str) -> String {
    let mut lines = text.split('\n');
    let first = lines.next().unwrap_or_default();
    lines.fold(first.to_owned(), |all, line| {
        let indent = match line.is_empty() || line.starts_with(' ') {
            true => "",
            false => "    ",
        };
        format!("{all}\n{indent}{line}")
    })
}

/// Whether an error has this name from one of the language's own prototypes.
fn is_inherited(name: &str) -> bool {
    const NAMES: [&str; 8] = [
        "Error",
        "AggregateError",
        "EvalError",
        "RangeError",
        "ReferenceError",
        "SyntaxError",
        "TypeError",
        "URIError",
    ];
    NAMES.contains(&name)
}

/// The name and the message of an error: its properties, or what the state of a native class says where
/// those are getters of that class.
pub(crate) fn said<'js>(cx: &mut Cx<'js>, error: &Object<'js>) -> (Option<String>, Option<String>) {
    let own = classes::error_text(error, cx);
    let (name, message) = own.map_or((None, None), |(name, message)| (Some(name), Some(message)));
    let text = |cx: &mut Cx<'js>, key: &str| data(cx, error, key)?.as_string();
    (text(cx, "name").or(name), text(cx, "message").or(message))
}
