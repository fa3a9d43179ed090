//! Objects with known properties, and enums: what the derives read and write.

use crate::convert::{FromJs, IntoJs, Level, mismatch, step, within};
use crate::engine::{Cx, Error, Object, Property, Value};
use crate::error::Mismatch;
use crate::ts::{FieldDecl, Ts};

/// The declaration of a field. One of an optional type may be absent.
pub const fn field_decl(
    name: &'static str,
    doc: &'static str,
    ty: Ts,
    has_default: bool,
) -> FieldDecl {
    let optional = has_default || matches!(ty, Ts::Optional(_));
    FieldDecl {
        name,
        doc,
        ty,
        optional,
    }
}

/// An object whose fields cross: a level of the value that it is a part of.
#[derive(Debug)]
pub struct Fields<'js> {
    object: Object<'js>,
    _level: Level,
}

impl<'js> Fields<'js> {
    /// A fresh object, to give fields to.
    pub fn new(cx: &mut Cx<'js>) -> Result<Self, Error<'js>> {
        let level = Level::open(cx)?;
        Ok(Self {
            object: Object::new(cx),
            _level: level,
        })
    }

    /// The object with its fields.
    pub fn to_value(&self) -> Value<'js> {
        self.object.to_value()
    }
}

/// The object to read fields of. When it may be absent, an absent one has no properties.
pub fn fields<'js>(
    cx: &mut Cx<'js>,
    value: &Value<'js>,
    optional: bool,
) -> Result<Fields<'js>, Error<'js>> {
    let object = match value.as_object() {
        Some(object) => object,
        None if optional && value.is_undefined() => Object::with_proto(cx, None),
        None => return Err(mismatch("an object", value)),
    };
    let level = Level::open(cx)?;
    Ok(Fields {
        object,
        _level: level,
    })
}

/// The property `name`, converted.
pub fn field<'js, T: FromJs<'js>>(
    cx: &mut Cx<'js>,
    fields: &Fields<'js>,
    name: &str,
) -> Result<T, Error<'js>> {
    let value = fields.object.get(cx, name)?;
    T::from_js(cx, &value).map_err(|error| within(error, &step(name)))
}

/// The property `name`, converted, or `default` when it is absent.
pub fn field_or<'js, T: FromJs<'js>>(
    cx: &mut Cx<'js>,
    fields: &Fields<'js>,
    name: &str,
    default: impl FnOnce() -> T,
) -> Result<T, Error<'js>> {
    let value = fields.object.get(cx, name)?;
    if value.is_undefined() {
        return Ok(default());
    }
    T::from_js(cx, &value).map_err(|error| within(error, &step(name)))
}

/// Gives the object the property `name`; none when the value is `undefined`.
pub fn set_field<'js, T: IntoJs<'js>>(
    cx: &mut Cx<'js>,
    fields: &Fields<'js>,
    name: &str,
    value: T,
) -> Result<(), Error<'js>> {
    let value = value.into_js(cx)?;
    if value.is_undefined() {
        return Ok(());
    }
    // Defined, not assigned: a setter on `Object.prototype` must not see it.
    fields.object.define(cx, name, Property::plain(value))
}

/// Which of `names` the string `value` is.
pub fn literal<'js>(value: &Value<'js>, names: &[&str]) -> Result<usize, Error<'js>> {
    let Some(text) = value.as_string() else {
        return Err(Mismatch::new(one_of(names), value.type_of().with_article()).into());
    };
    match names.iter().position(|name| *name == text) {
        Some(index) => Ok(index),
        None => Err(Mismatch::new(one_of(names), format!("{text:?}")).into()),
    }
}

/// The object of a tagged enum, and which of `names` its `tag` is.
pub fn variant<'js>(
    cx: &mut Cx<'js>,
    value: &Value<'js>,
    tag: &str,
    names: &[&str],
) -> Result<(Fields<'js>, usize), Error<'js>> {
    let fields = fields(cx, value, false)?;
    let found = fields.object.get(cx, tag)?;
    let index = literal(&found, names).map_err(|error| within(error, &step(tag)))?;
    Ok((fields, index))
}

/// `"a", "b" or "c"`
fn one_of(names: &[&str]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("{name:?}")).collect();
    match quoted.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} or {last}", rest.join(", ")),
        _ => quoted.concat(),
    }
}
