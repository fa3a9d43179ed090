//! The walk over a value: primitives, cycles, depth, properties. What each kind of object is made of is in `parts`.

use super::layout::{Parts, Place, lay_out};
use super::parts::Keys;
use super::text::{Style, is_plain_key, quote};
use super::{Options, names};
use crate::engine::{Cx, Kind, Object, Property, Type, Value};
use crate::limits::Held;

/// How much text one value may make. What is shared by many objects is shown in each, so a few kilobytes of objects can ask for
/// more text than there is memory; no person reads this much.
const BUDGET: usize = 16 << 20;

/// How deep the walk goes at most, whatever the options say: each level takes some of the thread's stack.
const DEEPEST: usize = 256;

/// One inspection.
pub(super) struct Inspector<'a, 'js> {
    pub(super) cx: &'a mut Cx<'js>,
    pub(super) options: Options,
    /// The column at which nested lines begin.
    pub(super) indent: usize,
    /// The level of the object that was entered last: how deep the one around it is nested.
    last_level: usize,
    /// The objects around this place, outermost first.
    around: Vec<Object<'js>>,
    /// Those of them that something inside refers to; the place in this list is their number.
    referred: Vec<Object<'js>>,
    written: usize,
    /// The text that was made so far, which is there already when it is counted.
    held: Held,
}

impl<'a, 'js> Inspector<'a, 'js> {
    pub(super) fn new(cx: &'a mut Cx<'js>, options: Options) -> Self {
        Self {
            cx,
            options,
            indent: 0,
            last_level: 0,
            around: Vec::new(),
            referred: Vec::new(),
            written: 0,
            held: Held::default(),
        }
    }

    /// `text`, in colour where that is asked for.
    pub(super) fn paint(&self, style: Style, text: impl AsRef<str>) -> String {
        let text = text.as_ref();
        if self.options.colours {
            style.paint(text)
        } else {
            text.to_owned()
        }
    }

    /// Any value, at a level of nesting.
    pub(super) fn value(&mut self, value: &Value<'js>, level: usize) -> String {
        let text = match value.as_object() {
            Some(object) => self.object(&object, level),
            None => self.primitive(value),
        };
        self.count(text.len());
        text
    }

    fn count(&mut self, bytes: usize) {
        self.written = self.written.saturating_add(bytes);
        self.held.add(self.cx.account().note(bytes));
    }

    /// Whether no more is looked into: nobody reads so much, or there is no memory for it.
    fn is_full(&self) -> bool {
        self.written > BUDGET || self.cx.account().is_over()
    }

    /// A value one step further in: what follows its key stands that much further right.
    pub(super) fn inner(&mut self, value: &Value<'js>, level: usize) -> String {
        self.indent += 2;
        let text = self.value(value, level);
        self.indent -= 2;
        text
    }

    pub(super) fn primitive(&mut self, value: &Value<'js>) -> String {
        match value.type_of() {
            Type::Undefined => self.paint(Style::Undefined, "undefined"),
            Type::Null => self.paint(Style::Null, "null"),
            Type::Boolean => self.paint(
                Style::Number,
                if value.as_bool() == Some(true) {
                    "true"
                } else {
                    "false"
                },
            ),
            Type::Number => {
                let text = number(self.cx, value);
                self.paint(Style::Number, text)
            }
            Type::BigInt => {
                self.paint(Style::Number, value.bigint_text().unwrap_or_default() + "n")
            }
            Type::String => {
                let units = value.units().unwrap_or_default();
                // Who is refused has ended the script; what is shown of it does not matter.
                let Ok(_held) = self.cx.charge(units.saturating_mul(2)) else {
                    return String::new();
                };
                self.string(&value.as_utf16().unwrap_or_default())
            }
            Type::Symbol => self.paint(Style::Symbol, symbol(value)),
            Type::Function | Type::Object => String::new(),
        }
    }

    fn string(&self, units: &[u16]) -> String {
        const SHORT: usize = 16;
        let shown = &units[..units.len().min(self.options.chars)];
        let room = self.options.width.saturating_sub(self.indent + 4);
        // A long text is broken where it has lines.
        let text = if shown.len() > SHORT && shown.len() > room {
            let lines = shown.split_inclusive(|unit| *unit == u16::from(b'\n'));
            let lines: Vec<String> = lines
                .map(|line| self.paint(Style::String, quote(line)))
                .collect();
            lines.join(&format!(" +\n{}", " ".repeat(self.indent + 2)))
        } else {
            self.paint(Style::String, quote(shown))
        };
        match units.len() - shown.len() {
            0 => text,
            left => format!(
                "{text}... {}",
                count(left, "more character", "more characters")
            ),
        }
    }

    pub(super) fn object(&mut self, object: &Object<'js>, level: usize) -> String {
        if object.is_proxy() {
            return self.paint(Style::Special, "[Proxy]");
        }
        if self.around.iter().any(|outer| outer.same(object)) {
            let number = self.number_of(object);
            return self.paint(Style::Special, format!("[Circular *{number}]"));
        }
        let kind = object.kind();
        let (parts, keys) = match self.begin(object, kind) {
            Ok(begun) => begun,
            // There is nothing inside.
            Err(text) => return text,
        };
        if level > self.options.depth.unwrap_or(DEEPEST).min(DEEPEST) || self.is_full() {
            let name = names::Name::of(self.cx, object, "Object");
            let class = name.prefix(
                if kind == Kind::Array {
                    "Array"
                } else {
                    "Object"
                },
                "",
            );
            let class = class.trim_end();
            let text = if name.class.is_none() {
                class.to_owned()
            } else {
                format!("[{class}]")
            };
            return self.paint(Style::Special, text);
        }
        let level = level + 1;
        let mut parts = self.fill(object, kind, parts, keys, level);
        if let Some(index) = self.referred.iter().position(|outer| outer.same(object)) {
            let mark = self.paint(Style::Special, format!("<ref *{}>", index + 1));
            parts.base = if parts.base.is_empty() {
                mark
            } else {
                format!("{mark} {}", parts.base)
            };
        }
        let levels = self.last_level.saturating_sub(level);
        lay_out(
            parts,
            Place {
                indent: self.indent,
                width: self.options.width,
                levels,
            },
        )
    }

    /// The number that marks an object to which something inside it refers.
    fn number_of(&mut self, object: &Object<'js>) -> usize {
        let known = self.referred.iter().position(|other| other.same(object));
        known.unwrap_or_else(|| {
            self.referred.push(object.clone());
            self.referred.len() - 1
        }) + 1
    }

    /// The elements and properties of `object` into its parts; `level` is theirs.
    pub(super) fn fill(
        &mut self,
        object: &Object<'js>,
        kind: Kind,
        mut parts: Parts,
        keys: Keys<'js>,
        level: usize,
    ) -> Parts {
        self.around.push(object.clone());
        self.last_level = level;
        self.contents(object, kind, &mut parts, level);
        let all = keys.len();
        for (at, (key, property)) in keys.into_iter().enumerate() {
            if self.is_full() {
                parts.items.push(format!(
                    "... {}",
                    count(all - at, "more property", "more properties")
                ));
                break;
            }
            let text = self.property(&property, level);
            let key = self.key(&key, property.enumerable);
            self.count(key.len());
            parts.items.push(format!("{key}: {text}"));
        }
        self.around.pop();
        parts
    }

    /// The value of a property; of an accessor, which functions it has.
    pub(super) fn property(&mut self, property: &Property<'js>, level: usize) -> String {
        let what = match (&property.value, &property.get, &property.set) {
            (Some(value), ..) => return self.inner(value, level),
            (None, Some(_), None) => "[Getter]",
            (None, None, Some(_)) => "[Setter]",
            (None, Some(_), Some(_)) => "[Getter/Setter]",
            // An export of a module that has not run so far.
            (None, None, None) => "<uninitialized>",
        };
        self.paint(Style::Special, what)
    }

    fn key(&self, key: &Value<'js>, is_enumerable: bool) -> String {
        if key.type_of() == Type::Symbol {
            return format!("[{}]", self.paint(Style::Symbol, symbol(key)));
        }
        let name = key.as_string().unwrap_or_default();
        match (is_enumerable, is_plain_key(&name)) {
            // As source, it would set the prototype.
            (true, true) if name == "__proto__" => "['__proto__']".to_owned(),
            (true, true) => name,
            (false, true) => format!("[{name}]"),
            (true, false) => self.paint(Style::String, quote(&key.as_utf16().unwrap_or_default())),
            (false, false) => format!("[{}]", quote(&key.as_utf16().unwrap_or_default())),
        }
    }
}

/// A number as JavaScript writes it, but for negative zero.
fn number<'js>(cx: &mut Cx<'js>, value: &Value<'js>) -> String {
    match value.as_number() {
        Some(zero) if zero == 0.0 && zero.is_sign_negative() => "-0".to_owned(),
        // Of a number this runs nothing.
        _ => value.to_text(cx).unwrap_or_default(),
    }
}

pub(super) fn symbol(value: &Value<'_>) -> String {
    value.symbol_text().unwrap_or_default()
}

/// `1 more item`, `3 more items`.
pub(super) fn count(number: usize, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}
