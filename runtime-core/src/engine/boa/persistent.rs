//! Values kept beyond one entry: rows of a table that the runtime owns.

use std::cell::{Cell, RefCell};
use std::fmt;
use std::rc::{Rc, Weak};

use boa_engine::JsValue;

use super::cx::Cx;
use super::value::Value;
use crate::engine::Error;
use crate::error::JsError;

/// The rows of one runtime. The collector keeps their values, since it finds no owner for them, unless an
/// object owns the row and says so when it is traced.
#[derive(Debug, Default)]
pub(super) struct Table {
    rows: RefCell<Rows>,
}

#[derive(Debug, Default)]
struct Rows {
    values: Vec<Option<JsValue>>,
    free: Vec<usize>,
    /// What was in rows that the collector freed with their holders. A value that is dropped while it
    /// sweeps would count as referred to for ever.
    later: Vec<JsValue>,
}

thread_local! {
    /// The table of the runtime that was entered last; null when none is entered.
    static ENTERED: Cell<*const Table> = const { Cell::new(std::ptr::null()) };
}

/// A runtime that is entered, until this is dropped.
pub(super) struct Entered {
    outer: *const Table,
}

impl Drop for Entered {
    fn drop(&mut self) {
        ENTERED.set(self.outer);
    }
}

impl Table {
    /// The table of the runtime of `cx`.
    pub(super) fn of(cx: &Cx<'_>) -> Weak<Self> {
        Rc::downgrade(Self::own(cx))
    }

    fn own<'a>(cx: &'a Cx<'_>) -> &'a Rc<Self> {
        cx.context
            .get_data::<Rc<Table>>()
            .expect("the engine inserts the table before anything runs")
    }

    /// Says that the runtime of this table is entered.
    pub(super) fn enter(own: *const Table) -> Entered {
        Entered {
            outer: ENTERED.replace(own),
        }
    }

    /// Whether the collector may look at the states whose values this table has: the runtime is the
    /// one that is entered, or none is.
    pub(super) fn may_visit(own: &Weak<Self>) -> bool {
        let entered = ENTERED.get();
        entered.is_null() || std::ptr::eq(entered, own.as_ptr())
    }
}

/// One visit of the collector to an object: it is shown the rows of the slots of the state.
pub struct Tracer<'a>(&'a mut dyn FnMut(&mut Option<JsValue>));

impl<'a> Tracer<'a> {
    pub(super) fn new(visit: &'a mut dyn FnMut(&mut Option<JsValue>)) -> Self {
        Self(visit)
    }

    /// Shows it a value that the object owns.
    pub(crate) fn visit(&mut self, kept: &Persistent) {
        // The values of a runtime that is gone were dropped with it.
        if let Some(table) = kept.table.upgrade() {
            (self.0)(&mut table.rows.borrow_mut().values[kept.row]);
        }
    }
}

impl fmt::Debug for Tracer<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Tracer")
    }
}

/// A value that outlives the entry it came from. It may outlive its runtime too, and is then an error to get.
pub struct Persistent {
    table: Weak<Table>,
    row: usize,
}

impl Persistent {
    /// Keeps `value`.
    pub fn new<'js>(cx: &Cx<'js>, value: &Value<'js>) -> Self {
        let table = Table::own(cx);
        let mut rows = table.rows.borrow_mut();
        rows.later.clear();
        let row = match rows.free.pop() {
            Some(row) => {
                rows.values[row] = Some(value.raw.clone());
                row
            }
            None => {
                rows.values.push(Some(value.raw.clone()));
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
        let own = Table::own(cx);
        if !std::ptr::eq(self.table.as_ptr(), Rc::as_ptr(own)) {
            return Err(
                JsError::type_error("a value of one runtime cannot be used in another").into(),
            );
        }
        let rows = own.rows.borrow();
        Ok(Value::wrap(
            rows.values[self.row]
                .clone()
                .expect("a row is freed only when its handle is dropped"),
        ))
    }
}

impl Drop for Persistent {
    fn drop(&mut self) {
        if let Some(table) = self.table.upgrade() {
            let mut rows = table.rows.borrow_mut();
            let value = rows.values[self.row].take();
            rows.free.push(self.row);
            if !boa_gc::finalizer_safe() {
                rows.later.extend(value);
                return;
            }
            // The value is dropped after the borrow ends: its destructor may drop another `Persistent`.
            drop(rows);
            drop(value);
        }
    }
}

impl fmt::Debug for Persistent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Persistent({})", self.row)
    }
}
