//! What scripts threw and native code holds as a plain error: its plain form, and the value itself,
//! which is kept so that throwing that error again throws the same object.
//!
//! The boundary: one table for each runtime, by numbers that no two values share. An error that
//! crosses a thread carries its number; who drops the error forgets the value, at the latest when
//! the table is looked through.

use std::borrow::Cow;
use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Weak};

use crate::engine::{Cx, Error, Kind, Persistent, Value, data, error_stack};
use crate::error::{ClassRow, JsError, Ticket};
use crate::inspect;

/// The values of one runtime.
#[derive(Debug, Default)]
pub(crate) struct ThrownValues {
    rows: RefCell<HashMap<u64, (Weak<Ticket>, Persistent)>>,
    /// How many rows there are before those without a ticket are looked for.
    enough: Cell<usize>,
}

/// The fewest rows that are worth looking through.
const FEW: usize = 16;

impl ThrownValues {
    /// Keeps `value`.
    pub(crate) fn keep<'js>(&self, cx: &Cx<'js>, value: &Value<'js>) -> Arc<Ticket> {
        static LAST: AtomicU64 = AtomicU64::new(0);
        self.sweep();
        let ticket = Arc::new(Ticket(LAST.fetch_add(1, Ordering::Relaxed)));
        let row = (Arc::downgrade(&ticket), Persistent::new(cx, value));
        self.rows.borrow_mut().insert(ticket.0, row);
        ticket
    }

    /// The value, when it is one of this runtime.
    pub(crate) fn get<'js>(&self, cx: &Cx<'js>, ticket: &Ticket) -> Option<Value<'js>> {
        let rows = self.rows.borrow();
        rows.get(&ticket.0)?.1.get(cx).ok()
    }

    /// Forgets them all, before the engine goes.
    pub(crate) fn clear(&self) {
        let rows = self.rows.take();
        drop(rows);
    }

    fn sweep(&self) {
        if self.rows.borrow().len() < self.enough.get().max(FEW) {
            return;
        }
        let rows = self.rows.borrow();
        let gone = rows.iter().filter(|(_, row)| row.0.strong_count() == 0);
        let gone: Vec<u64> = gone.map(|(number, _)| *number).collect();
        self.enough.set((rows.len() - gone.len()) * 2);
        drop(rows);
        for number in gone {
            // Freeing a value may run a destructor of native code, so the table is not borrowed any more.
            let row = self.rows.borrow_mut().remove(&number);
            drop(row);
        }
    }
}

/// The codes by which a runtime says how it ended or failed. A script's error that claims to have
/// one arrives without it.
const OF_RUNTIME: &[&str] = &[
    "ERR_DISPOSED",
    "ERR_ENGINE",
    "ERR_ENGINE_LOST",
    "ERR_LIMIT",
    "ERR_LIMIT_NOT_KEPT",
    "ERR_NEVER_SETTLED",
    "ERR_PANIC",
    "ERR_RUNTIME_ENDED",
    "ERR_STOPPED",
];

impl JsError {
    /// The plain form of what a script threw. Only data properties are read, so no getter runs.
    pub fn from_value<'js>(cx: &mut Cx<'js>, value: &Value<'js>) -> Self {
        let mut error = Self::describe(cx, value);
        if value.as_object().is_some() {
            let ticket = cx.state().thrown.keep(cx, value);
            error.thrown.get_or_insert_default().origin = Some(ticket);
        }
        error
    }

    /// The plain form of a value that is only looked at. What [`from_value`](Self::from_value)
    /// gives can be thrown again as the value that it was; this cannot.
    pub(crate) fn describe<'js>(cx: &mut Cx<'js>, value: &Value<'js>) -> Self {
        describe(cx, value, 0)
    }

    /// The plain form of an error in flight.
    pub fn from_error<'js>(cx: &mut Cx<'js>, error: Error<'js>) -> Self {
        match error.into_value(cx) {
            Ok(value) => Self::from_value(cx, &value),
            Err(fatal) => fatal.into(),
        }
    }
}

/// How many causes are followed.
const CAUSES: usize = 16;

fn describe<'js>(cx: &mut Cx<'js>, value: &Value<'js>, depth: usize) -> JsError {
    let is_error = value
        .as_object()
        .is_some_and(|object| object.kind() == Kind::Error);
    let Some(object) = value.as_object().filter(|_| is_error) else {
        let text = inspect::inspect(cx, value, &inspect::Options::default());
        return JsError::new("", value.as_string().unwrap_or(text));
    };
    let (name, message) = inspect::said(cx, &object);
    let name = name.unwrap_or_else(|| "Error".to_owned());
    let mut error = JsError::new(name, message.unwrap_or_default());
    error.class = object
        .as_host()
        .and_then(|host| host.class.error)
        .map(|class| Box::new(ClassRow(class)));
    error.code = data(cx, &object, "code")
        .and_then(|value| value.as_string())
        .filter(|code| !OF_RUNTIME.contains(&code.as_str()))
        .map(Cow::Owned);
    if let Some(stack) = error_stack(cx, &object) {
        error = error.with_stack(stack);
    }
    if let Some(cause) =
        data(cx, &object, "cause").filter(|cause| !cause.is_undefined() && depth < CAUSES)
    {
        error.cause = Some(Box::new(describe(cx, &cause, depth + 1)));
    }
    error
}
