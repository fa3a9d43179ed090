//! What scripts threw and native code holds as a plain error: kept, so that throwing that error again throws the same object.
//!
//! The boundary: one table for each runtime, by numbers that no two values share. An error that crosses a thread carries its number;
//! who drops the error forgets the value, at the latest when the table is looked through.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Weak};

use crate::engine::{Cx, Persistent, Value};

/// The number of a value that was thrown. As long as there is one, the value is kept.
#[derive(Debug)]
pub(crate) struct Ticket(u64);

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
