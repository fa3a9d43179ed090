//! What each kind of object is made of: its brackets, its elements, and which of its properties are shown.

use super::layout::Parts;
use super::names::{self, Name, own_data};
use super::text::{Style, iso_date};
use super::walk::{Inspector, count};
use crate::engine::{Kind, Object, PromiseState, Property, Type, Value};

/// The properties of an object that are shown.
pub(super) type Keys<'js> = Vec<(Value<'js>, Property<'js>)>;

impl<'js> Inspector<'_, 'js> {
    /// What an object is made of, before its contents are looked into; the whole text of one that has none.
    pub(super) fn begin(
        &mut self,
        object: &Object<'js>,
        kind: Kind,
    ) -> Result<(Parts, Keys<'js>), String> {
        match kind {
            Kind::Array => {
                let len = array_len(self, object);
                let name = Name::of(self.cx, object, "Array");
                let open = format!("{}[", name.prefix_unless("Array", &format!("({len})")));
                self.listed(object, open, ']', len, len)
            }
            Kind::TypedArray => {
                let fallback = object.typed_array_name().unwrap_or("TypedArray");
                let len = object.typed_array_len(self.cx).unwrap_or(0);
                let name = Name::of(self.cx, object, fallback);
                let open = format!("{}[", name.prefix(fallback, &format!("({len})")));
                self.listed(object, open, ']', len, len)
            }
            Kind::Set => self.collection(
                object,
                "Set",
                object.set_values().map_or(0, |values| values.len()),
            ),
            Kind::Map => self.collection(
                object,
                "Map",
                object.map_entries().map_or(0, |entries| entries.len()),
            ),
            Kind::Function => {
                let base = names::function(self.cx, object);
                let base = self.paint(Style::Special, base);
                self.based(object, base)
            }
            Kind::RegExp => {
                let (source, flags) = object.regexp(self.cx).unwrap_or_default();
                let base = self.paint(Style::RegExp, format!("/{source}/{flags}"));
                self.prefixed(object, "RegExp", base)
            }
            Kind::Date => {
                let date = object.date_millis(self.cx).and_then(iso_date);
                let base = self.paint(Style::Date, date.as_deref().unwrap_or("Invalid Date"));
                self.prefixed(object, "Date", base)
            }
            Kind::Error => {
                let (base, keys) = self.error(object);
                if keys.is_empty() {
                    return Err(base);
                }
                Ok((
                    Parts {
                        base,
                        open: "{".to_owned(),
                        close: '}',
                        ..Parts::default()
                    },
                    keys,
                ))
            }
            Kind::BoxedPrimitive => self.boxed(object),
            Kind::ArrayBuffer => self.opaque(object, "ArrayBuffer"),
            Kind::SharedArrayBuffer => self.opaque(object, "SharedArrayBuffer"),
            Kind::DataView => self.opaque(object, "DataView"),
            Kind::Promise => self.opaque(object, "Promise"),
            Kind::WeakMap => self.opaque(object, "WeakMap"),
            Kind::WeakSet => self.opaque(object, "WeakSet"),
            Kind::Host | Kind::Generator | Kind::Plain | Kind::Proxy => self.plain(object),
        }
    }

    /// The elements of an object, before its properties.
    pub(super) fn contents(
        &mut self,
        object: &Object<'js>,
        kind: Kind,
        parts: &mut Parts,
        level: usize,
    ) {
        match kind {
            Kind::Array => self.array(object, parts, level),
            Kind::TypedArray => self.typed_array(object, parts, level),
            Kind::Set => {
                let values = object.set_values().unwrap_or_default();
                let left = values.len().saturating_sub(self.options.items);
                for value in values.iter().take(self.options.items) {
                    parts.items.push(self.inner(value, level));
                }
                more(parts, left);
            }
            Kind::Map => {
                let entries = object.map_entries().unwrap_or_default();
                let left = entries.len().saturating_sub(self.options.items);
                for (key, value) in entries.iter().take(self.options.items) {
                    let key = self.inner(key, level);
                    let value = self.inner(value, level);
                    parts.items.push(format!("{key} => {value}"));
                }
                more(parts, left);
            }
            Kind::ArrayBuffer => self.array_buffer(object, parts),
            Kind::SharedArrayBuffer => {
                let len = object.shared_buffer_len().unwrap_or(0);
                self.field(parts, "byteLength", len);
            }
            Kind::DataView => {
                let Some((buffer, offset, len)) = object.data_view(self.cx) else {
                    parts.items.push(self.paint(Style::Special, "(detached)"));
                    return;
                };
                self.field(parts, "byteLength", len);
                self.field(parts, "byteOffset", offset);
                let buffer = self.inner(&buffer.to_value(), level);
                parts.items.push(format!("buffer: {buffer}"));
            }
            Kind::Promise => {
                let text = match object.promise_state() {
                    Some(PromiseState::Fulfilled(value)) => self.inner(&value, level),
                    Some(PromiseState::Rejected(reason)) => {
                        let mark = self.paint(Style::Special, "<rejected>");
                        format!("{mark} {}", self.inner(&reason, level))
                    }
                    Some(PromiseState::Pending) | None => self.paint(Style::Special, "<pending>"),
                };
                parts.items.push(text);
            }
            Kind::WeakMap | Kind::WeakSet => parts
                .items
                .push(self.paint(Style::Special, "<items unknown>")),
            Kind::Host => {
                for (name, what) in accessors(object) {
                    let what = self.paint(Style::Special, what);
                    parts.items.push(format!("{name}: {what}"));
                }
            }
            _ => {}
        }
    }

    fn listed(
        &mut self,
        object: &Object<'js>,
        open: String,
        close: char,
        indexed: usize,
        len: usize,
    ) -> Result<(Parts, Keys<'js>), String> {
        let names = object.named_keys(self.cx, indexed);
        let keys = self.shown(object, names);
        if len == 0 && keys.is_empty() {
            return Err(format!("{open}{close}"));
        }
        Ok((
            Parts {
                open,
                close,
                ..Parts::default()
            },
            keys,
        ))
    }

    fn collection(
        &mut self,
        object: &Object<'js>,
        fallback: &str,
        len: usize,
    ) -> Result<(Parts, Keys<'js>), String> {
        let open = Name::of(self.cx, object, fallback).prefix(fallback, &format!("({len})"));
        self.listed(object, format!("{open}{{"), '}', 0, len)
    }

    /// What is never empty.
    fn opaque(
        &mut self,
        object: &Object<'js>,
        fallback: &str,
    ) -> Result<(Parts, Keys<'js>), String> {
        let open = Name::of(self.cx, object, fallback).prefix(fallback, "");
        self.listed(object, format!("{open}{{"), '}', 0, 1)
    }

    /// What is its base alone when it has no properties.
    fn based(&mut self, object: &Object<'js>, base: String) -> Result<(Parts, Keys<'js>), String> {
        let names = object.named_keys(self.cx, 0);
        let keys = self.shown(object, names);
        if keys.is_empty() {
            return Err(base);
        }
        Ok((
            Parts {
                base,
                open: "{".to_owned(),
                close: '}',
                ..Parts::default()
            },
            keys,
        ))
    }

    fn prefixed(
        &mut self,
        object: &Object<'js>,
        obvious: &str,
        base: String,
    ) -> Result<(Parts, Keys<'js>), String> {
        let prefix = Name::of(self.cx, object, obvious).prefix_unless(obvious, "");
        self.based(object, prefix + &base)
    }

    fn boxed(&mut self, object: &Object<'js>) -> Result<(Parts, Keys<'js>), String> {
        let inside = object.boxed_primitive().unwrap_or_else(Value::undefined);
        let (kind, style) = match inside.type_of() {
            Type::Boolean => ("Boolean", Style::Number),
            Type::BigInt => ("BigInt", Style::Number),
            Type::String => ("String", Style::String),
            Type::Symbol => ("Symbol", Style::Symbol),
            _ => ("Number", Style::Number),
        };
        let name = Name::of(self.cx, object, kind);
        let class = match &name.class {
            None => " (null prototype)".to_owned(),
            Some(class) if class == kind => String::new(),
            Some(class) => format!(" ({class})"),
        };
        let colours = std::mem::take(&mut self.options.colours);
        let text = self.primitive(&inside);
        self.options.colours = colours;
        let tag = if name.tag.is_empty() {
            name.tag
        } else {
            format!(" [{}]", name.tag)
        };
        let base = self.paint(style, format!("[{kind}{class}: {text}]{tag}"));
        self.based(object, base)
    }

    fn plain(&mut self, object: &Object<'js>) -> Result<(Parts, Keys<'js>), String> {
        let mut name = Name::of(self.cx, object, "Object <Complex prototype>");
        // A module's namespace has no prototype, and says by its tag what it is.
        let fallback = if name.class.is_none() && name.tag == "Module" {
            "Module"
        } else {
            "Object"
        };
        if fallback == "Module" {
            name.tag.clear();
        }
        let open = format!(
            "{}{{",
            name.prefix_unless("Object", "")
                .replacen("[Object:", &format!("[{fallback}:"), 1)
        );
        let names = object.own_keys(self.cx).unwrap_or_default();
        let keys = self.shown(object, names);
        if keys.is_empty() && accessors(object).next().is_none() {
            return Err(format!("{open}}}"));
        }
        Ok((
            Parts {
                open,
                close: '}',
                ..Parts::default()
            },
            keys,
        ))
    }

    /// The properties of these keys that are shown.
    pub(super) fn shown(&mut self, object: &Object<'js>, keys: Vec<Value<'js>>) -> Keys<'js> {
        let mut shown = Keys::with_capacity(keys.len());
        for key in keys {
            let property = match object.own_property(self.cx, &key) {
                Ok(Some(property)) => property,
                Ok(None) => continue,
                // An export of a module that has not run so far.
                Err(_) => Property {
                    value: None,
                    ..Property::plain(Value::undefined())
                },
            };
            if property.enumerable || self.options.hidden {
                shown.push((key, property));
            }
        }
        shown
    }

    fn array(&mut self, object: &Object<'js>, parts: &mut Parts, level: usize) {
        let len = array_len(self, object);
        let mut next = 0;
        let mut numeric = true;
        for index in object.first_indices(self.options.items) {
            let index_here = index as usize;
            if index_here > next {
                numeric = false;
                parts.items.push(self.holes(index_here - next));
            }
            if parts.items.len() >= self.options.items {
                next = index_here;
                break;
            }
            let property = object.own_property(self.cx, index).ok().flatten();
            let property = property.unwrap_or_else(|| Property::plain(Value::undefined()));
            numeric &= property.value.as_ref().is_some_and(is_numeric);
            let text = self.property(&property, level);
            parts.items.push(text);
            next = index_here + 1;
        }
        parts.elements = parts.items.len();
        parts.numeric = numeric;
        match len.saturating_sub(next) {
            0 => {}
            left if parts.items.len() < self.options.items => {
                parts.items.push(self.holes(left));
                parts.elements += 1;
                parts.numeric = false;
            }
            left => more(parts, left),
        }
    }

    fn holes(&self, number: usize) -> String {
        self.paint(
            Style::Undefined,
            format!("<{}>", count(number, "empty item", "empty items")),
        )
    }

    fn typed_array(&mut self, object: &Object<'js>, parts: &mut Parts, level: usize) {
        let len = object.typed_array_len(self.cx).unwrap_or(0);
        let shown = len.min(self.options.items);
        for index in 0..u32::try_from(shown).unwrap_or(u32::MAX) {
            let property = object.own_property(self.cx, index).ok().flatten();
            let property = property.unwrap_or_else(|| Property::plain(Value::undefined()));
            let text = self.property(&property, level);
            parts.items.push(text);
        }
        parts.elements = shown;
        parts.numeric = true;
        more(parts, len - shown);
    }

    fn array_buffer(&mut self, object: &Object<'js>, parts: &mut Parts) {
        const BYTES: usize = 50;
        let Ok(view) = object.to_value().view(self.cx) else {
            parts.items.push(self.paint(Style::Special, "(detached)"));
            self.field(parts, "byteLength", 0);
            return;
        };
        let bytes = view.bytes(self.cx);
        let len = bytes.len();
        let mut hex: Vec<String> = bytes
            .iter()
            .take(BYTES)
            .map(|byte| format!("{byte:02x}"))
            .collect();
        if len > BYTES {
            hex.push(format!(
                "... {}",
                count(len - BYTES, "more byte", "more bytes")
            ));
        }
        let key = self.paint(Style::Special, "[Uint8Contents]");
        parts.items.push(format!("{key}: <{}>", hex.join(" ")));
        self.field(parts, "byteLength", len);
    }

    fn field(&self, parts: &mut Parts, key: &str, number: impl std::fmt::Display) {
        let number = self.paint(Style::Number, number.to_string());
        parts.items.push(format!("{key}: {number}"));
    }
}

fn array_len<'js>(inspector: &mut Inspector<'_, 'js>, object: &Object<'js>) -> usize {
    let length = own_data(inspector.cx, object, "length").and_then(|length| length.as_number());
    #[allow(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "the length of an array is a 32-bit unsigned integer"
    )]
    length.map_or(0, |length| length as usize)
}

fn is_numeric(value: &Value<'_>) -> bool {
    matches!(value.type_of(), Type::Number | Type::BigInt)
}

fn more(parts: &mut Parts, left: usize) {
    if left > 0 {
        parts
            .items
            .push(format!("... {}", count(left, "more item", "more items")));
    }
}

/// The accessors of a native class and of those that it extends, outermost first: they stand on prototypes, but are what a person
/// takes for the object's properties.
fn accessors(object: &Object<'_>) -> impl Iterator<Item = (&'static str, &'static str)> {
    let class = object.as_host().map(|host| host.class);
    let classes: Vec<_> = std::iter::successors(class, |class| class.parent).collect();
    let accessors = classes.into_iter().rev().flat_map(|class| class.accessors);
    accessors
        .filter(|accessor| !accessor.is_static)
        .map(|accessor| {
            let what = match (accessor.get.is_some(), accessor.set.is_some()) {
                (true, true) => "[Getter/Setter]",
                (false, true) => "[Setter]",
                _ => "[Getter]",
            };
            (accessor.name, what)
        })
}
