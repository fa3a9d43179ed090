//! Tailor's macros: plain Rust functions, structs and enums become what JavaScript calls.
//!
//! This file dispatches. The way of an item is parse → model → check → expand, one folder each; mistakes go to `report`, all of
//! them, and `fallback` writes what stands in for an item that was refused. What an expansion calls stands in
//! `runtime_core::support`.

mod attrs;
mod check;
mod expand;
mod fallback;
mod model;
mod parse;
mod report;

use proc_macro::TokenStream;

/// Makes a function callable from JavaScript.
///
/// Its parameters are plain Rust types, `Result` throws, and an `async fn` returns a promise. A first parameter
/// `cx: &mut Cx<'_>` is the engine's token. The JavaScript name is the Rust name in camelCase.
///
/// - `#[js_fn(name = "other")]`: another JavaScript name.
/// - `#[js_fn(permission = "sys:sensor")]`: a call without that permission throws `NotAllowed`.
/// - `#[js(default = EXPR)]` on a parameter: its value when the argument is absent; `#[js(default)]` for `Default::default()`.
#[proc_macro_attribute]
pub fn js_fn(attr: TokenStream, item: TokenStream) -> TokenStream {
    expand::js_fn(attr.into(), item.into()).into()
}

/// Makes a struct a JavaScript class. It stands on the struct and on the `impl` block with its members.
///
/// - `#[js_class(name = "Other")]` on the struct: another JavaScript name.
/// - `#[js_class(extends = Base)]` on the struct, with `#[js(base)]` on the field that is the `Base`: a subclass.
/// - `#[js(constructor)]`, `#[js(get)]`, `#[js(set)]`, `#[js(iterator)]`, `#[js(next)]` on a function of the `impl` block say
///   what it is; any other with `self` is a method, and one without is a static function.
/// - `#[js(name = "other")]` and `#[js(permission = "sys:sensor")]` on a function, as with `#[js_fn]`. An iterator with a name is a
///   method of that name too: `#[js(iterator, name = "entries")]`.
/// - `#[js(constant)]` on a numeric constant of the `impl` block: it stands on the class and on the prototype.
/// - `#[js_class(error)]` on the struct, with an `impl` of `ErrorClass`: its instances are errors, and `JsError::of` makes them.
/// - `#[js(slot)]` on a field: it holds JavaScript values, in `Slot`s by themselves or in collections.
/// - `#[js_class(enumerable)]` on the struct: enumeration shows the members, as Web IDL asks for.
#[proc_macro_attribute]
pub fn js_class(attr: TokenStream, item: TokenStream) -> TokenStream {
    expand::js_class(attr.into(), item.into()).into()
}

/// Collects the `#[js_fn]`s and `#[js_class]`es of an inline module into `MODULE`, its `ModuleDef`.
///
/// - `name = "sensor"`: its name in `runtime.toml`; without it, the module's own in kebab-case.
/// - `specifier = "acme:sensor"`: what `import` calls it; without it, `runtime:` and the name.
/// - `globals`, `namespace = "sensor"`: its exports are global, or one global object, instead of imported.
/// - `setup = function`, `more = ["names"]`: a function that adds to the exports, and the names that it adds.
#[proc_macro_attribute]
pub fn js_module(attr: TokenStream, item: TokenStream) -> TokenStream {
    expand::js_module(attr.into(), item.into()).into()
}

/// Lets the collector see the slots of a struct that stands in the state of a class:
/// `#[js(slot)] listeners: Vec<Listener>`, with `#[js(slot)]` on the fields of `Listener` that hold
/// values.
#[proc_macro_derive(Trace, attributes(js))]
pub fn trace(item: TokenStream) -> TokenStream {
    expand::trace(item.into()).into()
}

/// Makes a struct or an enum from a JavaScript value.
///
/// A struct is an object with a property for each field, in camelCase; a newtype is what it wraps. An enum without data is
/// one of its names as a string; one with data is an object with the variant's name under `type`.
///
/// - `#[js(name = "other")]` on a field or variant: another JavaScript name; on the type: another TypeScript name.
/// - `#[js(default = EXPR)]` on a field: its value when the property is absent; `#[js(default)]` for `Default::default()`.
/// - `#[js(tag = "kind")]` on an enum with data: another property than `type`.
#[proc_macro_derive(FromJs, attributes(js))]
pub fn from_js(item: TokenStream) -> TokenStream {
    expand::from_js(item.into()).into()
}

/// Makes a JavaScript value from a struct or an enum, in the shape that `FromJs` takes.
#[proc_macro_derive(IntoJs, attributes(js))]
pub fn into_js(item: TokenStream) -> TokenStream {
    expand::into_js(item.into()).into()
}
