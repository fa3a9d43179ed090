//! Names: what an object's class is called, read from data properties only, so that no getter and no proxy's trap runs.

use crate::engine::{Cx, Flavour, Key, Object, Value, WellKnown};

/// How far prototypes are followed: a chain this long is nobody's class.
const PROTOTYPES: usize = 64;

/// An own data property of an object that is no proxy.
pub(super) fn own_data<'a, 'js: 'a>(
    cx: &mut Cx<'js>,
    object: &Object<'js>,
    key: impl Into<Key<'a, 'js>>,
) -> Option<Value<'js>> {
    if object.is_proxy() {
        return None;
    }
    object.own_property(cx, key).ok()??.value
}

/// The object and its prototypes, as far as they can be seen without running a trap.
fn chain<'js>(object: &Object<'js>) -> impl Iterator<Item = Object<'js>> {
    let next = |object: &Object<'js>| {
        if object.is_proxy() {
            None
        } else {
            object.proto()
        }
    };
    std::iter::successors(Some(object.clone()), next).take(PROTOTYPES)
}

/// The `name` of a function, when it is a string with something in it.
pub(super) fn function_name<'js>(cx: &mut Cx<'js>, function: &Object<'js>) -> Option<String> {
    own_data(cx, function, "name")?
        .as_string()
        .filter(|name| !name.is_empty())
}

/// What an object is called, and how that is shown before its bracket.
#[derive(Clone, Debug)]
pub(super) struct Name {
    /// The name of its class; none when it has no prototype.
    pub(super) class: Option<String>,
    /// `Symbol.toStringTag`, when it says something else; else empty.
    pub(super) tag: String,
}

impl Name {
    /// What `object` is called; `fallback` when its prototypes do not say.
    pub(super) fn of<'js>(cx: &mut Cx<'js>, object: &Object<'js>, fallback: &str) -> Self {
        let class = class(cx, object, fallback);
        let tag = tag(cx, object)
            .filter(|tag| Some(tag) != class.as_ref())
            .unwrap_or_default();
        Self { class, tag }
    }

    /// `Foo(2) [tag] `, `[Object: null prototype] `.
    pub(super) fn prefix(&self, fallback: &str, size: &str) -> String {
        let tag = match &*self.tag {
            "" => String::new(),
            tag if self.class.is_none() && tag == fallback => String::new(),
            tag => format!("[{tag}] "),
        };
        match &self.class {
            None => format!("[{fallback}{size}: null prototype] {tag}"),
            Some(class) => format!("{class}{size} {tag}"),
        }
    }

    /// The prefix, which is nothing when it only says what the brackets say.
    pub(super) fn prefix_unless(&self, obvious: &str, size: &str) -> String {
        if self.class.as_deref() == Some(obvious) && self.tag.is_empty() {
            return String::new();
        }
        self.prefix(obvious, size)
    }
}

/// The class of an object: the first constructor of its prototypes whose instance it is.
fn class<'js>(cx: &mut Cx<'js>, object: &Object<'js>, fallback: &str) -> Option<String> {
    for at in chain(object) {
        let constructor = own_data(cx, &at, "constructor").and_then(|value| value.as_object());
        let Some(constructor) = constructor.filter(|object| object.as_function().is_some()) else {
            continue;
        };
        if let Some(name) = function_name(cx, &constructor)
            && is_instance(cx, object, &constructor)
        {
            return Some(name);
        }
    }
    // With a prototype, but of nothing that has a name.
    object.proto().map(|_| fallback.to_owned())
}

/// `object instanceof constructor`, without asking `Symbol.hasInstance`.
fn is_instance<'js>(cx: &mut Cx<'js>, object: &Object<'js>, constructor: &Object<'js>) -> bool {
    let prototype = own_data(cx, constructor, "prototype").and_then(|value| value.as_object());
    prototype.is_some_and(|prototype| chain(object).skip(1).any(|at| at.same(&prototype)))
}

/// `Symbol.toStringTag`, when it is a data property. An own one that is enumerable is shown among the properties.
fn tag<'js>(cx: &mut Cx<'js>, object: &Object<'js>) -> Option<String> {
    for (depth, at) in chain(object).enumerate() {
        if at.is_proxy() {
            return None;
        }
        let Some(found) = at.own_property(cx, WellKnown::ToStringTag).ok()? else {
            continue;
        };
        return found
            .value
            .filter(|_| depth > 0 || !found.enumerable)?
            .as_string();
    }
    None
}

/// `[Function: f]`, `[class A extends B]`, `[AsyncFunction (anonymous)]`.
pub(super) fn function<'js>(cx: &mut Cx<'js>, object: &Object<'js>) -> String {
    let kind = match object.flavour(cx) {
        Some(Flavour::Class) => return class_declaration(cx, object),
        Some(Flavour::Async) => "AsyncFunction",
        Some(Flavour::Generator) => "GeneratorFunction",
        Some(Flavour::AsyncGenerator) => "AsyncGeneratorFunction",
        Some(Flavour::Plain) | None => "Function",
    };
    let Name { class, tag } = Name::of(cx, object, kind);
    let mut base = format!("[{kind}");
    if class.is_none() {
        base.push_str(" (null prototype)");
    }
    match function_name(cx, object) {
        Some(name) => base.extend([": ", &name]),
        None => base.push_str(" (anonymous)"),
    }
    base.push(']');
    if let Some(class) = class.filter(|class| class != kind && class != "Function") {
        base.extend([" ", &class]);
    }
    if !tag.is_empty() && tag != kind {
        base.extend([" [", &tag, "]"]);
    }
    base
}

fn class_declaration<'js>(cx: &mut Cx<'js>, object: &Object<'js>) -> String {
    let name = function_name(cx, object).unwrap_or_else(|| "(anonymous)".to_owned());
    let mut base = format!("[class {name}");
    let parent = object.proto();
    match parent.map(|parent| function_name(cx, &parent)) {
        None => base.push_str(" extends null"),
        Some(Some(parent)) => base.extend([" extends ", &parent]),
        // `Function.prototype`, which every class that extends nothing has, is a function without a name.
        Some(None) => {}
    }
    base.push(']');
    base
}
