//! A look at a user's native file: which functions and classes it has.
//!
//! The boundary: names at the top level of one file. The macros judge everything else when the file is compiled; what is
//! asked here is what the generated crate must write down.

use std::path::Path;

use proc_macro2::LineColumn;
use serde::Serialize;
use syn::{Attribute, Expr, ExprLit, Item, Lit, Meta, Token, Visibility, punctuated::Punctuated};

/// What a native file has, in the order of its text.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Native {
    /// The file's own documentation: its `//!` lines.
    pub doc: String,
    /// Its functions.
    pub functions: Vec<NativeItem>,
    /// Its classes.
    pub classes: Vec<NativeItem>,
}

/// A function or a class.
#[derive(Clone, Debug, Serialize)]
pub struct NativeItem {
    /// The Rust name.
    pub rust: String,
    /// The JavaScript name.
    pub js: String,
    /// The permission that a call needs: `sys:sensor`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub permission: Option<String>,
}

/// Why a native file cannot be used.
#[derive(Clone, Debug)]
pub enum NativeError {
    /// It is no Rust.
    Syntax {
        /// What the parser says.
        message: String,
        /// The offending bytes.
        range: std::ops::Range<usize>,
    },
    /// A class that the generated crate could not name.
    Private {
        /// Its name.
        name: String,
        /// The bytes of its name.
        range: std::ops::Range<usize>,
    },
    /// It has neither a function nor a class.
    Empty,
}

/// What to write into a file that has nothing.
pub const EXAMPLE: &str = "\
use runtime_core::prelude::*;

/// Greets somebody.
#[js_fn]
fn greet(name: String) -> String {
    format!(\"hello, {name}\")
}";

/// Reads the names of a file's functions and classes.
pub fn scan(text: &str) -> Result<Native, NativeError> {
    let file = syn::parse_file(text).map_err(|error| {
        let range = bytes(text, error.span().start(), error.span().end());
        // What the tokenizer says names its own workings.
        let message = match error.to_string().as_str() {
            "cannot parse string into token stream" => {
                "a bracket or a quote is not closed".to_owned()
            }
            message => message.to_owned(),
        };
        NativeError::Syntax { message, range }
    })?;
    let mut native = Native {
        doc: doc_of(&file.attrs),
        ..Native::default()
    };
    for item in &file.items {
        match item {
            Item::Fn(func) => {
                if let Some(attr) = marked(&func.attrs, "js_fn") {
                    let rust = func.sig.ident.to_string();
                    let js = argument(attr, "name").unwrap_or_else(|| camel_case(&rust));
                    let permission = argument(attr, "permission");
                    native.functions.push(NativeItem {
                        rust,
                        js,
                        permission,
                    });
                }
            }
            Item::Struct(class) => {
                if let Some(attr) = marked(&class.attrs, "js_class") {
                    if matches!(class.vis, Visibility::Inherited) {
                        let span = class.ident.span();
                        return Err(NativeError::Private {
                            name: class.ident.to_string(),
                            range: bytes(text, span.start(), span.end()),
                        });
                    }
                    let rust = class.ident.to_string();
                    let js = argument(attr, "name").unwrap_or_else(|| rust.clone());
                    native.classes.push(NativeItem {
                        rust,
                        js,
                        permission: None,
                    });
                }
            }
            _ => {}
        }
    }
    if native.functions.is_empty() && native.classes.is_empty() {
        return Err(NativeError::Empty);
    }
    Ok(native)
}

impl Native {
    /// The JavaScript names of everything in it.
    pub fn exports(&self) -> impl Iterator<Item = &str> {
        self.functions
            .iter()
            .chain(&self.classes)
            .map(|item| item.js.as_str())
    }

    /// The names of `sys` permissions that its functions ask for.
    pub fn sys(&self) -> impl Iterator<Item = &str> {
        self.functions
            .iter()
            .filter_map(|item| item.permission.as_deref()?.strip_prefix("sys:"))
    }
}

/// The attribute of this name, whatever path leads to it.
fn marked<'a>(attrs: &'a [Attribute], name: &str) -> Option<&'a Attribute> {
    attrs.iter().find(|attr| {
        attr.path()
            .segments
            .last()
            .is_some_and(|last| last.ident == name)
    })
}

/// The string behind `key = "…"` in an attribute's list.
fn argument(attr: &Attribute, key: &str) -> Option<String> {
    let Meta::List(list) = &attr.meta else {
        return None;
    };
    let parser = Punctuated::<Meta, Token![,]>::parse_terminated;
    let arguments = list.parse_args_with(parser).ok()?;
    arguments.iter().find_map(|argument| match argument {
        Meta::NameValue(pair) if pair.path.is_ident(key) => string(&pair.value),
        _ => None,
    })
}

fn doc_of(attrs: &[Attribute]) -> String {
    let lines: Vec<String> = attrs
        .iter()
        .filter_map(|attr| match &attr.meta {
            Meta::NameValue(pair) if pair.path.is_ident("doc") => string(&pair.value),
            _ => None,
        })
        .map(|line| {
            line.strip_prefix(' ')
                .unwrap_or(&line)
                .trim_end()
                .to_owned()
        })
        .collect();
    lines.join("\n").trim().to_owned()
}

fn string(expr: &Expr) -> Option<String> {
    match expr {
        Expr::Lit(ExprLit {
            lit: Lit::Str(text),
            ..
        }) => Some(text.value()),
        _ => None,
    }
}

/// `read_all` is `readAll` in JavaScript.
fn camel_case(name: &str) -> String {
    let mut out = String::new();
    for part in name
        .trim_start_matches("r#")
        .split('_')
        .filter(|part| !part.is_empty())
    {
        if out.is_empty() {
            out.push_str(part);
        } else {
            let mut chars = part.chars();
            out.extend(chars.next().map(|first| first.to_ascii_uppercase()));
            out.extend(chars);
        }
    }
    out
}

/// The bytes between two places of the parser, which counts lines from 1 and characters from 0.
fn bytes(text: &str, start: LineColumn, end: LineColumn) -> std::ops::Range<usize> {
    let offset = |place: LineColumn| {
        let mut lines = text.split_inclusive('\n');
        let before: usize = lines
            .by_ref()
            .take(place.line.saturating_sub(1))
            .map(str::len)
            .sum();
        let line = lines.next().unwrap_or_default();
        let column: usize = line.chars().take(place.column).map(char::len_utf8).sum();
        before + column
    };
    let start = offset(start).min(text.len());
    start..offset(end).clamp(start, text.len())
}

/// The name of the Rust module that holds a native file or a crate: `my-mod` is `my_mod`.
pub fn ident(name: &str) -> String {
    name.replace('-', "_")
}

/// Whether a path is a Rust file by its name.
pub fn is_rust(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "rs")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_in_order() {
        let native = scan(
            r#"//! Two greetings.
            use runtime_core::prelude::*;
            #[js_fn] fn say_hello(name: String) -> String { name }
            fn helper() {}
            #[runtime_core::js_fn(permission = "sys:sensor", name = "peek")] async fn read() {}
            #[js_class] pub struct Counter { n: u32 }
            mod inner { #[js_fn] fn hidden() {} }"#,
        )
        .expect("a native file");
        assert_eq!(native.doc, "Two greetings.");
        let exports: Vec<&str> = native.exports().collect();
        assert_eq!(exports, ["sayHello", "peek", "Counter"]);
        assert_eq!(native.sys().collect::<Vec<_>>(), ["sensor"]);
    }

    #[test]
    fn mistakes_have_their_bytes() {
        let text = "#[js_fn]\nfn é( {}";
        let Err(NativeError::Syntax { range, .. }) = scan(text) else {
            panic!("a syntax error is found");
        };
        assert!(range.start >= text.find('(').expect("the text has a parenthesis"));
        assert!(matches!(scan("fn f() {}"), Err(NativeError::Empty)));
        assert!(matches!(
            scan("#[js_class] struct C;"),
            Err(NativeError::Private { .. })
        ));
    }
}
