//! Native functions that take whatever a script gives them, convert it in every way, and give it back.
//!
//! The boundary: what does not fit is no failure; what must hold of each way is asserted where it goes.

use runtime_core::prelude::*;

#[js_module(globals)]
mod conversions {
    use std::collections::{BTreeMap, HashMap};

    use super::*;

    #[derive(FromJs, IntoJs)]
    struct Tree {
        #[js(default)]
        kids: Vec<Tree>,
        map: Option<HashMap<String, Tree>>,
    }

    #[derive(FromJs, IntoJs)]
    struct Chain {
        next: Option<Box<Chain>>,
    }

    #[derive(FromJs, IntoJs)]
    #[js(tag = "is")]
    enum Sum {
        Of { left: Box<Sum>, right: Box<Sum> },
        Pair { both: (f64, String) },
        Number { value: f64 },
    }

    #[derive(FromJs, IntoJs)]
    struct Record(BTreeMap<String, Record>);

    /// Converts a value in every way. How many of them took it.
    #[js_fn]
    fn cross<'js>(cx: &mut Cx<'js>, value: Value<'js>) -> Result<u32, Error<'js>> {
        let ways = [
            taken::<Tree>,
            taken::<Chain>,
            taken::<Sum>,
            taken::<Record>,
            taken::<Vec<Vec<u8>>>,
            taken::<Vec<Vec<f64>>>,
            taken::<Vec<String>>,
            taken::<Vec<Option<JsString>>>,
            taken::<[i64; 2]>,
            taken::<(u8, Option<String>, bool)>,
            taken::<HashMap<String, Vec<ArrayBuffer>>>,
            taken::<Vec<std::time::SystemTime>>,
        ];
        let mut took = u32::from(copied(cx, &value)?);
        for way in ways {
            took += u32::from(way(cx, &value)?);
        }
        Ok(took)
    }

    /// Throws what a value describes: its texts, and what is in it as causes.
    #[js_fn]
    fn fail(value: Plain) -> Result<(), JsError> {
        Err(described(&value, 0))
    }

    /// All arguments, as they come back.
    #[js_fn]
    fn echo(values: Rest<Plain>) -> Vec<Plain> {
        values.0
    }

    /// Calls a function, and gives what it throws as a value.
    #[js_fn]
    fn attempt<'js>(cx: &mut Cx<'js>, call: Function<'js>) -> Result<Plain, Error<'js>> {
        match call.call(cx, &Value::undefined(), &[]) {
            Ok(value) => Plain::from_value(cx, &value),
            Err(Error::Fatal(fatal)) => Err(Error::Fatal(fatal)),
            Err(error) => {
                let error = JsError::from_error(cx, error);
                assert!(!error.is_from_runtime(), "a script threw {error:?}");
                Ok(Plain::Error(Box::new(error)))
            }
        }
    }

    /// Whether a type took a value, which then went back.
    fn taken<'js, T: FromJs<'js> + IntoJs<'js>>(
        cx: &mut Cx<'js>,
        value: &Value<'js>,
    ) -> Result<bool, Error<'js>> {
        match T::from_js(cx, value) {
            Ok(converted) => converted.into_js(cx).map(|_| true),
            Err(error) => refused(cx, error),
        }
    }

    /// Whether a value has a plain form, which is then the same after a round.
    fn copied<'js>(cx: &mut Cx<'js>, value: &Value<'js>) -> Result<bool, Error<'js>> {
        let plain = match Plain::from_value(cx, value) {
            Ok(plain) => plain,
            Err(error) => return refused(cx, error),
        };
        let back = plain.clone().into_js(cx)?;
        let again = Plain::from_value(cx, &back)?;
        assert!(is_same(&plain, &again), "{plain:?} came back as {again:?}");
        Ok(true)
    }

    /// Not taken, in words, unless the runtime ended.
    fn refused<'js>(cx: &mut Cx<'js>, error: Error<'js>) -> Result<bool, Error<'js>> {
        if let Error::Fatal(fatal) = error {
            return Err(Error::Fatal(fatal));
        }
        let is_ours = !matches!(error, Error::Thrown(_));
        let error = JsError::from_error(cx, error);
        assert!(!is_ours || !error.message().is_empty());
        Ok(false)
    }

    /// Whether a plain value is the one that came back. Errors get a stack, and what has no plain form is left behind.
    fn is_same(one: &Plain, other: &Plain) -> bool {
        match (one, other) {
            (Plain::Other(_), Plain::Undefined) => true,
            (Plain::Error(one), Plain::Error(other)) => one.message() == other.message(),
            (Plain::Number(one), Plain::Number(other)) | (Plain::Date(one), Plain::Date(other)) => {
                one == other || one.is_nan() && other.is_nan()
            }
            (Plain::Array(one), Plain::Array(other)) => {
                one.len() == other.len()
                    && one
                        .iter()
                        .zip(other)
                        .all(|(one, other)| is_same(one, other))
            }
            // Keys that are indices come first, and a key of a map may be there twice as U+FFFD.
            (Plain::Object(one), Plain::Object(other)) => one.len() >= other.len(),
            (one, other) => one == other,
        }
    }

    fn described(value: &Plain, depth: usize) -> JsError {
        let text = |key| value.get(key).and_then(Plain::as_str).unwrap_or_default();
        let mut error = JsError::new(text("name").to_owned(), text("message"));
        if let Some(code) = value.get("code").and_then(Plain::as_str) {
            error = error.with_code(code.to_owned());
        }
        match value.get("cause") {
            Some(cause) if depth < 100 => error.with_cause(described(cause, depth + 1)),
            _ => error,
        }
    }
}
