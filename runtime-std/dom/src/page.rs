//! What the module needs of a page: to be asked by name about a node, and to be told when a node is not needed any more.
//!
//! Plain values cross, and nodes are numbers: whoever implements [`Page`] decides what a script can reach.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::fmt;
use std::rc::Rc;

use runtime_core::engine::Cx;
use runtime_core::prelude::*;
use runtime_core::{JsError, Plain};

use super::{Element, Event};

/// A node of the page, by the number that the page gave out for it.
pub type Node = u32;

/// A page.
pub trait Page {
    /// Does `what` with a node, which is 0 where it is about none. A node among the results is its number.
    fn ask(&self, what: &str, node: Node, args: &[Plain]) -> Result<Plain, JsError>;

    /// Hears that a node is not needed any more.
    fn release(&self, node: Node);
}

/// A page that was given to a runtime, and what listens to it.
pub struct Given {
    page: Box<dyn Page>,
    part: &'static str,
    pub(super) listeners: Listeners,
}

/// What listens, by the number under which the page knows it.
#[derive(Default)]
pub(super) struct Listeners {
    added: Cell<u32>,
    listening: RefCell<HashMap<u32, Listener>>,
}

#[derive(Clone)]
struct Listener {
    callback: Callback<(Event,)>,
    once: bool,
}

/// The page of one runtime, once it was given.
#[derive(Default)]
struct Slot(RefCell<Option<Rc<Given>>>);

/// Gives a part of a page to a runtime: `root` or `document`, which must be granted. What comes back is told of events.
pub fn give<'js>(
    cx: &mut Cx<'js>,
    page: impl Page + 'static,
    part: &'static str,
) -> Result<Rc<Given>, JsError> {
    cx.permissions().check_dom(part)?;
    let given = Rc::new(Given {
        page: Box::new(page),
        part,
        listeners: Listeners::default(),
    });
    cx.local::<Slot>().0.replace(Some(Rc::clone(&given)));
    Ok(given)
}

/// What the runtime was given, when the code that runs may touch it.
pub(super) fn given(cx: &mut Cx<'_>) -> Result<Rc<Given>, JsError> {
    let slot = cx.local::<Slot>();
    let given = slot.0.borrow().clone();
    let part = given.as_ref().map_or("root", |given| given.part);
    cx.permissions().check_dom(part)?;
    given.ok_or_else(nothing)
}

/// The error where there is no page.
pub(super) fn nothing() -> JsError {
    JsError::error(
        "this runtime was given no element of a page: `Runtime.create({ dom: element })` gives one",
    )
    .with_code("ERR_NO_PAGE")
}

impl Given {
    pub(super) fn ask(&self, what: &str, node: Node, args: &[Plain]) -> Result<Plain, JsError> {
        self.page.ask(what, node, args)
    }

    /// Asks for what is a node, or none.
    pub(super) fn node(
        &self,
        what: &str,
        node: Node,
        args: &[Plain],
    ) -> Result<Option<Node>, JsError> {
        Ok(number(&self.ask(what, node, args)?))
    }

    /// Asks for what are nodes.
    pub(super) fn nodes(
        &self,
        what: &str,
        node: Node,
        args: &[Plain],
    ) -> Result<Vec<Node>, JsError> {
        match self.ask(what, node, args)? {
            Plain::Array(nodes) => Ok(nodes.iter().filter_map(number).collect()),
            _ => Ok(Vec::new()),
        }
    }

    pub(super) fn release(&self, node: Node) {
        self.page.release(node);
    }

    /// Tells what listens under a number that something happened; the script hears of it at the loop's next turn. An event is an object with
    /// a `type`, and what else the page says of it.
    pub fn fire(self: &Rc<Self>, listener: u32, event: &Plain) {
        let target = field(event, "target").and_then(number);
        // Taken over at once: when nobody listens any more, it is given back.
        let target = Element::of(self, target);
        let Some(Listener { callback, once }) = self.listeners.get(listener) else {
            return;
        };
        if once {
            self.listeners.remove(listener);
        }
        let text = |name| match field(event, name) {
            Some(Plain::String(text)) => Some(text.clone()),
            _ => None,
        };
        let amount = |name| match field(event, name) {
            Some(Plain::Number(number)) => Some(*number),
            _ => None,
        };
        let event = Event {
            kind: text("type").unwrap_or_default(),
            target,
            key: text("key"),
            value: text("value"),
            checked: match field(event, "checked") {
                Some(Plain::Bool(checked)) => Some(*checked),
                _ => None,
            },
            x: amount("x"),
            y: amount("y"),
        };
        // Nobody waits for what it returns; what it throws ends the script as a timer's would.
        drop(callback.call_later((event,)));
    }
}

impl Listeners {
    pub(super) fn add(&self, callback: Callback<(Event,)>, once: bool) -> u32 {
        let number = self.added.get() + 1;
        self.added.set(number);
        let listener = Listener { callback, once };
        self.listening.borrow_mut().insert(number, listener);
        number
    }

    pub(super) fn remove(&self, number: u32) {
        let gone = self.listening.borrow_mut().remove(&number);
        // Dropped after the borrow ends: it may be the last to hold a handle.
        drop(gone);
    }

    fn get(&self, number: u32) -> Option<Listener> {
        self.listening.borrow().get(&number).cloned()
    }
}

/// A node among what a page says.
fn number(value: &Plain) -> Option<Node> {
    match value {
        Plain::Number(number) if *number >= 1.0 => Some(*number as Node),
        _ => None,
    }
}

fn field<'a>(object: &'a Plain, name: &str) -> Option<&'a Plain> {
    match object {
        Plain::Object(fields) => fields
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value),
        _ => None,
    }
}

impl fmt::Debug for Given {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Given({})", self.part)
    }
}
