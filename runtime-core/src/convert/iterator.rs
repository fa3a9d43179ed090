//! Rust iterators as JavaScript's own: `for … of`, spread and the iterator helpers work on them.

use std::cell::{OnceCell, RefCell};
use std::fmt;
use std::rc::Rc;

use super::IntoJs;
use crate::engine::{Cx, Error, Function, Object, Persistent, Property, Value, WellKnown, closure};
use crate::error::JsError;
use crate::ts::{Ts, TsType};

/// An iterator that a native function or method returns. It is advanced by the script that holds it, one item at a time.
pub struct JsIter<T>(Box<dyn Iterator<Item = Result<T, JsError>>>);

impl<T: 'static> JsIter<T> {
    /// The iterator over `items`.
    pub fn new(items: impl IntoIterator<Item = T, IntoIter: 'static>) -> Self {
        Self(Box::new(items.into_iter().map(Ok)))
    }

    /// The iterator over `items`, of which each may be an error to throw.
    pub fn fallible(
        items: impl IntoIterator<Item = Result<T, JsError>, IntoIter: 'static>,
    ) -> Self {
        Self(Box::new(items.into_iter()))
    }
}

impl<T> fmt::Debug for JsIter<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JsIter")
    }
}

impl<Way, T: TsType<Way>> TsType<Way> for JsIter<T> {
    const TS: Ts = Ts::Generic("IterableIterator", &[T::TS]);
}

impl<'js, T: for<'a> IntoJs<'a> + 'static> IntoJs<'js> for JsIter<T> {
    fn into_js(self, cx: &mut Cx<'js>) -> Result<Value<'js>, Error<'js>> {
        let proto = prototype(cx)?;
        let iterator = Object::with_proto(cx, Some(&proto));
        // Dropped as soon as it has ended or the script's loop was left, so that what it holds is freed then.
        let items = Rc::new(RefCell::new(Some(self.0)));
        let rest = Rc::clone(&items);
        let next = closure(move |cx, _| {
            // Taken out while it runs, so that what its items hold may be dropped in any order.
            let Some(mut running) = items.take() else {
                return result(cx, None);
            };
            let item = running.next();
            if item.is_some() {
                items.replace(Some(running));
            }
            let item = item.transpose()?.map(|item| item.into_js(cx));
            let item = item.transpose()?;
            result(cx, item)
        });
        let end = closure(move |cx, _| {
            rest.take();
            result(cx, None)
        });
        for (name, call) in [("next", next), ("return", end)] {
            let function = Function::closure(cx, name, 0, call);
            iterator.define(cx, name, Property::hidden(function.to_value()))?;
        }
        Ok(iterator.to_value())
    }
}

/// `{ value, done }`
fn result<'js>(cx: &mut Cx<'js>, item: Option<Value<'js>>) -> Result<Value<'js>, Error<'js>> {
    let result = Object::new(cx);
    let done = Value::bool(item.is_none());
    result.set(cx, "value", item.unwrap_or_else(Value::undefined))?;
    result.set(cx, "done", done)?;
    Ok(result.to_value())
}

/// What every iterator of the engine inherits from: it makes an iterator iterable and has the helpers (`map`, `take`, …).
#[derive(Default)]
struct IteratorPrototype(OnceCell<Persistent>);

fn prototype<'js>(cx: &mut Cx<'js>) -> Result<Object<'js>, Error<'js>> {
    let kept = cx.local::<IteratorPrototype>();
    if let Some(found) = kept.0.get() {
        return Ok(found
            .get(cx)?
            .as_object()
            .expect("only objects are kept here"));
    }
    let array = Object::array(cx, []);
    let start = array.get(cx, WellKnown::Iterator)?.as_function();
    let iterator = match start {
        Some(start) => start.call(cx, &array.to_value(), &[])?.as_object(),
        None => None,
    };
    // It has no name of its own. A script that took it away before it was first needed gets plain iterators.
    let found = iterator.and_then(|iterator| iterator.proto()?.proto());
    let found = found.unwrap_or_else(|| Object::new(cx));
    let _ = kept.0.set(Persistent::new(cx, &found.to_value()));
    Ok(found)
}
