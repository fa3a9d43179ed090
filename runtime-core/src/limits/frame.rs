//! What one native call has on the account: its arguments while it lasts, and when it returns a
//! promise, until that is settled.

use std::any::Any;
use std::fmt;
use std::rc::Rc;

use super::Held;

/// What one native call has on the account, and what it keeps until its result has crossed.
#[derive(Default)]
pub(crate) struct Frame {
    pub(crate) held: Held,
    pub(crate) kept: Vec<Rc<dyn Any>>,
}

impl fmt::Debug for Frame {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Frame({:?}, {} kept)", self.held, self.kept.len())
    }
}
