//! Values kept beyond one entry: rows of a table that the runtime owns.

use std::cell::RefCell;
use std::fmt;
use std::rc::{Rc, Weak};

use rquickjs_sys as q;

use super::cx::Cx;
use super::value::Value;
use crate::engine::Error;
use crate::error::JsError;

/// The rows of one runtime. Each owns a reference, which makes the value in it a root unless an
/// object owns the row, and says so when it is traced.
#[derive(Default)]
pub(super) struct Table {
    rows: RefCell<Rows>,
}

#[derive(Default)]
struct Rows {
    values: Vec<Option<q::JSValue>>,
    free: Vec<usize>,
    /// The context that they belong to; null before the first row.
    ctx: Option<*mut q::JSContext>,
}

/// A value that outlives the entry it came from. It may outlive its runtime too, and is then an error to get.
pub struct Persistent {
    table: Weak<Table>,
    row: usize,
}

/// One visit of the collector to an object: it is shown the values in the slots of the state.
pub struct Tracer<'a> {
    table: &'a Table,
    visit: &'a mut dyn FnMut(q::JSValue),
}

impl<'a> Tracer<'a> {
    pub(super) fn new(table: &'a Table, visit: &'a mut dyn FnMut(q::JSValue)) -> Self {
        Self { table, visit }
    }

    /// Shows it a value that the object owns. One of another runtime is not this collector's.
    pub(crate) fn visit(&mut self, kept: &Persistent) {
        if !std::ptr::eq(kept.table.as_ptr(), self.table) {
            return;
        }
        let value = self.table.rows.borrow().values.get(kept.row).copied();
        if let Some(value) = value.flatten() {
            (self.visit)(value);
        }
    }
}

impl fmt::Debug for Tracer<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Tracer")
    }
}

impl Table {
    /// Frees every row: the runtime is going.
    pub(super) fn clear(&self) {
        let rows = self.rows.take();
        let Some(ctx) = rows.ctx else { return };
        for raw in rows.values.into_iter().flatten() {
            drop(Value::wrap(ctx, raw));
        }
    }
}

impl Persistent {
    /// Keeps `value`.
    pub fn new<'js>(cx: &Cx<'js>, value: &Value<'js>) -> Self {
        let table = &cx.shared().table;
        let raw = value.clone().into_raw();
        let mut rows = table.rows.borrow_mut();
        rows.ctx = Some(cx.ctx);
        let row = match rows.free.pop() {
            Some(row) => {
                rows.values[row] = Some(raw);
                row
            }
            None => {
                rows.values.push(Some(raw));
                rows.values.len() - 1
            }
        };
        Self {
            table: Rc::downgrade(table),
            row,
        }
    }

    /// The value, in the runtime that it came from.
    pub fn get<'js>(&self, cx: &Cx<'js>) -> Result<Value<'js>, Error<'js>> {
        let own = &cx.shared().table;
        if !std::ptr::eq(self.table.as_ptr(), Rc::as_ptr(own)) {
            return Err(
                JsError::type_error("a value of one runtime cannot be used in another").into(),
            );
        }
        let rows = own.rows.borrow();
        let raw = rows.values[self.row].expect("a row is freed only when its handle is dropped");
        Ok(Value::borrow(cx.ctx, raw))
    }
}

impl Drop for Persistent {
    fn drop(&mut self) {
        let Some(table) = self.table.upgrade() else {
            return;
        };
        let mut rows = table.rows.borrow_mut();
        let ctx = rows.ctx;
        // No row is left when the runtime is going.
        let value = rows.values.get_mut(self.row).and_then(Option::take);
        rows.free.push(self.row);
        // The value is freed after the borrow ends: its destructor may drop another `Persistent`.
        drop(rows);
        if let (Some(ctx), Some(raw)) = (ctx, value) {
            drop(Value::wrap(ctx, raw));
        }
    }
}

impl fmt::Debug for Persistent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Persistent({})", self.row)
    }
}
