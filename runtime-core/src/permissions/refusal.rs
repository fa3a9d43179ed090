//! What a refusal says: the permission, the resource, why, and the line that would allow it.

use std::path::Path;

use super::layers::{Origin, Refused};
use super::path::{Place, shown};
use crate::error::JsError;
use crate::tables::Mistake;

/// Why a request is refused.
#[derive(Clone, Copy, Debug)]
pub(super) enum Why {
    /// It is not among what was allowed.
    NotAmong(Origin),
    /// A flag denied it: `--deny-` and the kind, or the option that is named.
    Denied(Option<&'static str>),
    /// A symbolic link leads out of what was allowed.
    Link,
    /// A flag denied something beneath it.
    Beneath,
}

impl From<Refused> for Why {
    fn from(refused: Refused) -> Self {
        match refused {
            Refused::NotAmong(origin) => Self::NotAmong(origin),
            Refused::Denied(option) => Self::Denied(option),
        }
    }
}

/// A request that is to be refused.
pub(super) struct Request {
    key: &'static str,
    resource: String,
}

impl Request {
    /// For a path.
    pub(super) fn path(key: &'static str, place: &Place, base: &Path) -> Self {
        Self {
            key,
            resource: shown(&place.written, base),
        }
    }

    /// For something that has a name.
    pub(super) fn named(key: &'static str, name: &str) -> Self {
        Self {
            key,
            resource: name.to_owned(),
        }
    }

    /// The error.
    pub(super) fn refuse(self, why: Why) -> JsError {
        self.refuse_as(why, "")
    }

    /// The error, with the intent in front.
    pub(super) fn refuse_as(self, why: Why, intent: &str) -> JsError {
        let key = self.key;
        let what = match key {
            "env" => "the environment variable",
            "net" => "a connection to",
            "sys" => "the permission",
            "dom" => "touching the page's",
            _ => "access to",
        };
        let subject = match key {
            "read" | "write" => format!("{key} {what} `{}`", printable(&self.resource)),
            "sys" => format!("{what} `sys:{}`", printable(&self.resource)),
            _ => format!("{what} `{}`", printable(&self.resource)),
        };
        let line = format!("{key} = [{}]", quoted(&self.resource));
        let (said, help) = match why {
            Why::NotAmong(Origin::Spec) => (
                "is not allowed".to_owned(),
                format!("add `{line}` to [permissions] in runtime.toml"),
            ),
            Why::NotAmong(Origin::Extension) => (
                "is not allowed to this extension".to_owned(),
                format!("add `{line}` to the permissions that the extension states"),
            ),
            Why::NotAmong(Origin::Flag) => (
                format!("is not among what --allow-{key} left"),
                format!("add it to that flag, or run without `--allow-{key}`"),
            ),
            Why::Denied(Some(option)) => (
                format!("was denied by {option}"),
                format!("run without `{option}`, and deny what must be denied one by one"),
            ),
            Why::Denied(None) => (
                format!("was denied by --deny-{key}"),
                format!("run without `--deny-{key}`, or name less in it"),
            ),
            Why::Link => (
                "is not allowed: a symbolic link leads out of what is".to_owned(),
                format!("add what it leads to to `{key}` in [permissions] in runtime.toml"),
            ),
            Why::Beneath => (
                format!(
                    "is not allowed for all that is in it: --deny-{key} took a part of it away"
                ),
                format!("run without `--deny-{key}`, or name what is in it one by one"),
            ),
        };
        JsError::new(
            "NotAllowed",
            format!("{intent}{subject} {said}\n    help: {help}"),
        )
        .with_code("ERR_NOT_ALLOWED")
        .with_property("permission", key)
        .with_property("resource", self.resource)
    }
}

/// The error of a grant that is not part of what is allowed already.
pub(super) fn outside(origin: Origin, key: &'static str, text: &str) -> JsError {
    let text = printable(text);
    let line = format!("{key} = [{}]", quoted(&text));
    let (what, who) = match origin {
        Origin::Extension => (format!("the extension's grant `{line}`"), "an extension"),
        Origin::Flag | Origin::Spec => (format!("`--allow-{key}={text}`"), "a flag"),
    };
    JsError::new(
        "NotAllowed",
        format!(
            "{what} is not part of what this runtime may do, and {who} cannot add to that\n    help: add `{line}` to [permissions] in \
             runtime.toml and build again"
        ),
    )
    .with_code("ERR_NOT_ALLOWED")
}

/// The error of an entry that means nothing; `flag` is the start of the flag that it came with, if one did.
pub(super) fn malformed(flag: &str, key: &str, text: &str, mistake: &Mistake) -> JsError {
    // They may repeat a part of the text.
    let (what, help) = (printable(&mistake.what), printable(&mistake.help));
    let place = match flag {
        "" => format!("`{key} = [{}]`", quoted(text)),
        flag => format!("`{flag}{key}={}`", printable(text)),
    };
    JsError::error(format!("{place}: {what}\n    help: {help}"))
}

/// `text` as a string of the spec.
fn quoted(text: &str) -> String {
    let mut made = String::with_capacity(text.len() + 2);
    made.push('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => made.extend(['\\', c]),
            c if c.is_control() => made.push_str(&format!("\\u{:04X}", u32::from(c))),
            c => made.push(c),
        }
    }
    made.push('"');
    made
}

/// `text` for a terminal: control characters, which a script chose, are shown and not obeyed.
pub(super) fn printable(text: &str) -> String {
    let mut made = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            c if c.is_control() => made.extend(c.escape_default()),
            c => made.push(c),
        }
    }
    made
}
