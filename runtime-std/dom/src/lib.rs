//! Elements of a page, for a runtime that is given one.
//!
//! A script holds [`Element`]s, which are numbers that the page gave out: it never sees an object of the page's, and the page forgets them all
//! when the runtime is disposed of. The boundary: what a page is stands behind [`Page`]; here it is asked, once a permission allows it.

mod page;

#[cfg(test)]
mod tests;

use std::rc::Rc;

use runtime_core::definition::{ClassDef, FnDef, ModuleDef};
use runtime_core::prelude::*;
use runtime_core::{JsError, Plain};

pub use page::{Given, Node, Page, give};

/// The module.
pub const MODULE: ModuleDef = ModuleDef {
    name: "dom",
    specifier: "runtime:dom",
    doc: "Elements of the page that this runtime was given.",
    functions: &[FnDef::of::<root>(), FnDef::of::<create>()],
    classes: &[ClassDef::of::<Element>()],
    ..ModuleDef::EMPTY
};

/// An element of the page.
#[js_class]
pub struct Element {
    held: Held,
}

/// A number of the page's, which is given back when nothing refers to it any more.
struct Held {
    node: Node,
    given: Rc<Given>,
}

impl Drop for Held {
    fn drop(&mut self) {
        self.given.release(self.node);
    }
}

/// How an element is listened to.
#[derive(FromJs)]
struct Listening {
    /// Whether the page does not do what it would do by itself.
    #[js(default)]
    prevent_default: bool,
    /// Whether the function is called once only.
    #[js(default)]
    once: bool,
}

/// What happened in the page.
#[derive(IntoJs)]
struct Event {
    /// What kind: `click`.
    #[js(name = "type")]
    kind: String,
    /// The element to which it happened.
    target: Option<Element>,
    /// The key that was pressed.
    key: Option<String>,
    /// What a field contains now.
    value: Option<String>,
    /// Whether a box is ticked now.
    checked: Option<bool>,
    /// Where the pointer was in the window, from the left.
    x: Option<f64>,
    /// Where the pointer was in the window, from the top.
    y: Option<f64>,
}

/// The element that the page gave to this runtime.
///
/// ```js
/// import { root } from "runtime:dom";
/// root().text = "hello";
/// ```
#[js_fn]
fn root(cx: &mut Cx<'_>) -> Result<Element, JsError> {
    let given = page::given(cx)?;
    let node = given.node("root", 0, &[])?;
    Element::of(&given, node).ok_or_else(page::nothing)
}

/// Makes an element, which is nowhere until it is appended to one that is.
///
/// ```js
/// import { create, root } from "runtime:dom";
/// const item = create("li");
/// item.text = "one more";
/// root().find("ul").append(item);
/// ```
#[js_fn]
fn create(cx: &mut Cx<'_>, tag: String) -> Result<Element, JsError> {
    let given = page::given(cx)?;
    let node = given.node("create", 0, &[Plain::String(tag)])?;
    Element::of(&given, node).ok_or_else(page::nothing)
}

impl Element {
    fn of(given: &Rc<Given>, node: Option<Node>) -> Option<Self> {
        let given = Rc::clone(given);
        node.map(|node| Self {
            held: Held { node, given },
        })
    }

    /// As an argument for the page.
    fn node(&self) -> Plain {
        Plain::Number(f64::from(self.held.node))
    }

    fn ask(&self, what: &str, args: &[Plain]) -> Result<Plain, JsError> {
        self.held.given.ask(what, self.held.node, args)
    }

    fn text_of(&self, what: &str, args: &[Plain]) -> Result<Option<String>, JsError> {
        match self.ask(what, args)? {
            Plain::String(text) => Ok(Some(text)),
            _ => Ok(None),
        }
    }

    fn one(&self, what: &str, args: &[Plain]) -> Result<Option<Element>, JsError> {
        let given = &self.held.given;
        let node = given.node(what, self.held.node, args)?;
        Ok(Self::of(given, node))
    }

    fn many(&self, what: &str, args: &[Plain]) -> Result<Vec<Element>, JsError> {
        let given = &self.held.given;
        let nodes = given.nodes(what, self.held.node, args)?;
        let elements = nodes.into_iter().map(|node| Self::of(given, Some(node)));
        Ok(elements.flatten().collect())
    }
}

fn text(text: impl Into<String>) -> Plain {
    Plain::String(text.into())
}

#[js_class]
impl Element {
    /// Its name: `div`.
    #[js(get)]
    fn tag(&self) -> Result<String, JsError> {
        Ok(self.text_of("tag", &[])?.unwrap_or_default())
    }

    /// The text in it, and in all beneath it.
    #[js(get)]
    fn text(&self) -> Result<String, JsError> {
        Ok(self.text_of("text", &[])?.unwrap_or_default())
    }

    /// Replaces all that is in it by a text.
    #[js(set)]
    fn set_text(&self, value: String) -> Result<(), JsError> {
        self.ask("setText", &[text(value)]).map(drop)
    }

    /// What a field contains.
    #[js(get)]
    fn value(&self) -> Result<String, JsError> {
        Ok(self.text_of("value", &[])?.unwrap_or_default())
    }

    /// Fills a field.
    #[js(set)]
    fn set_value(&self, value: String) -> Result<(), JsError> {
        self.ask("setValue", &[text(value)]).map(drop)
    }

    /// An attribute; `undefined` when it has none of that name.
    fn attribute(&self, name: String) -> Result<Option<String>, JsError> {
        self.text_of("attribute", &[text(name)])
    }

    /// Sets an attribute. One that would run code in the page is refused.
    fn set_attribute(&self, name: String, value: String) -> Result<(), JsError> {
        self.ask("setAttribute", &[text(name), text(value)])
            .map(drop)
    }

    /// Takes an attribute away.
    fn remove_attribute(&self, name: String) -> Result<(), JsError> {
        self.ask("removeAttribute", &[text(name)]).map(drop)
    }

    /// Sets a property of its style: `color`, `red`. An empty value takes it away.
    fn style(&self, name: String, value: String) -> Result<(), JsError> {
        self.ask("style", &[text(name), text(value)]).map(drop)
    }

    /// Turns a class on or off; whether it is on now.
    fn toggle_class(&self, name: String, on: Option<bool>) -> Result<bool, JsError> {
        let on = on.map_or(Plain::Undefined, Plain::Bool);
        let is_on = self.ask("toggleClass", &[text(name), on])?;
        Ok(matches!(is_on, Plain::Bool(true)))
    }

    /// The first element beneath it that a selector of CSS matches.
    fn find(&self, selector: String) -> Result<Option<Element>, JsError> {
        self.one("find", &[text(selector)])
    }

    /// Every element beneath it that a selector of CSS matches.
    fn find_all(&self, selector: String) -> Result<Vec<Element>, JsError> {
        self.many("findAll", &[text(selector)])
    }

    /// The elements in it.
    #[js(get)]
    fn children(&self) -> Result<Vec<Element>, JsError> {
        self.many("children", &[])
    }

    /// The element that it is in; none of the element that was given, whose surroundings are the page's.
    #[js(get)]
    fn parent(&self) -> Result<Option<Element>, JsError> {
        self.one("parent", &[])
    }

    /// Puts an element at its end.
    fn append(&self, child: &Element) -> Result<(), JsError> {
        self.ask("append", &[child.node()]).map(drop)
    }

    /// Puts an element in front of one of those in it.
    fn insert_before(&self, child: &Element, next: &Element) -> Result<(), JsError> {
        self.ask("insertBefore", &[child.node(), next.node()])
            .map(drop)
    }

    /// Takes it out of the page.
    fn remove(&self) -> Result<(), JsError> {
        self.ask("remove", &[]).map(drop)
    }

    /// Moves the keyboard's focus to it.
    fn focus(&self) -> Result<(), JsError> {
        self.ask("focus", &[]).map(drop)
    }

    /// Whether two handles are of the same element.
    fn is_same(&self, other: &Element) -> Result<bool, JsError> {
        let is_same = self.ask("isSame", &[other.node()])?;
        Ok(matches!(is_same, Plain::Bool(true)))
    }

    /// Calls a function whenever something happens to it, and returns a number for `unlisten`.
    ///
    /// The function is called after the page has gone on, so what the page does by itself is prevented here or not at all.
    ///
    /// ```js
    /// import { root } from "runtime:dom";
    /// root().find("form").listen("submit", () => console.log("sent"), { preventDefault: true });
    /// ```
    fn listen(
        &self,
        kind: String,
        callback: Callback<(Event,)>,
        how: Option<Listening>,
    ) -> Result<u32, JsError> {
        let given = &self.held.given;
        let how = how.unwrap_or(Listening {
            prevent_default: false,
            once: false,
        });
        let listener = given.listeners.add(callback, how.once);
        let args = [
            text(kind),
            Plain::Number(f64::from(listener)),
            Plain::Bool(how.prevent_default),
            Plain::Bool(how.once),
        ];
        if let Err(error) = self.ask("listen", &args) {
            given.listeners.remove(listener);
            return Err(error);
        }
        Ok(listener)
    }

    /// Stops listening. A number that is none is ignored.
    fn unlisten(&self, listener: u32) -> Result<(), JsError> {
        self.held.given.listeners.remove(listener);
        self.ask("unlisten", &[Plain::Number(f64::from(listener))])
            .map(drop)
    }
}
