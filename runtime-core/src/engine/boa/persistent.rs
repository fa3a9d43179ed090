//! Values kept beyond one entry: rows of a table that the runtime owns.

use std::cell::RefCell;
use std::fmt;
use std::rc::{Rc, Weak};

use boa_engine::JsValue;

use super::cx::Cx;
use super::value::Value;
use crate::error::{Error, JsError};

/// The rows of one runtime. The values in it are roots: the collector finds no owner for them and keeps them.
#[derive(Debug, Default)]
pub(super) struct Table {
    rows: RefCell<Rows>,
}

#[derive(Debug, Default)]
struct Rows {
    values: Vec<Option<JsValue>>,
    free: Vec<usize>,
}

/// A value that outlives the entry it came from. It may outlive its runtime too, and is then an error to get.
pub struct Persistent {
    table: Weak<Table>,
    row: usize,
}

impl Persistent {
    /// Keeps `value`.
    pub fn new<'js>(cx: &Cx<'js>, value: &Value<'js>) -> Self {
        let table = cx
            .context
            .get_data::<Rc<Table>>()
            .expect("the engine inserts the table before anything runs");
        let mut rows = table.rows.borrow_mut();
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
        let own = cx
            .context
            .get_data::<Rc<Table>>()
            .expect("the engine inserts the table before anything runs");
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
