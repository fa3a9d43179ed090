//! A look at a user's native file: which functions and classes it has.
//!
//! The boundary: names at the top level of one file. The macros judge everything else when the file is compiled; what is
//! asked here is what the generated crate must write down.

use std::collections::HashMap;
use std::ops::Range;
use std::path::Path;

use proc_macro2::{Delimiter, Ident, LineColumn, Span, TokenStream, TokenTree};
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
    /// It is not Rust.
    Syntax {
        /// What the parser says.
        message: String,
        /// The offending bytes.
        range: Range<usize>,
    },
    /// Something in it is nested so deeply that a parser's stack could overflow.
    Deep,
    /// A class that the generated crate could not name.
    Private {
        /// Its name.
        name: String,
        /// The bytes of its name.
        range: Range<usize>,
    },
    /// A function or a class in a module within the file, where the generated crate does not look.
    Nested {
        /// Its name.
        name: String,
        /// The module that it is in.
        module: String,
        /// The bytes of its name.
        range: Range<usize>,
    },
    /// Two that JavaScript would know by one name.
    Twice {
        /// The name in JavaScript.
        js: String,
        /// The bytes of the second Rust name.
        range: Range<usize>,
        /// The bytes of the first Rust name.
        first: Range<usize>,
    },
    /// It has neither a function nor a class.
    Empty,
}

/// The most mistakes that are reported of one file.
const MOST_MISTAKES: usize = 100;

/// The most tokens of one statement, with those of the statements around it: a parser may need as many levels of its stack.
const MOST_NESTED: usize = 2000;

/// The stack of the thread that parses; what is not used of it costs nothing.
const STACK: usize = 256 << 20;

/// What to write into a file that has nothing.
pub const EXAMPLE: &str = "\
use runtime_core::prelude::*;

/// Greets somebody.
#[js_fn]
fn greet(name: String) -> String {
    format!(\"hello, {name}\")
}";

/// Reads the names of a file's functions and classes. All mistakes are returned.
pub fn scan(text: &str) -> Result<Native, Vec<NativeError>> {
    let scanned = std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().stack_size(STACK);
        let thread = thread.spawn_scoped(scope, || scan_here(text));
        thread.map(|thread| thread.join())
    });
    match scanned {
        Ok(Ok(result)) => result,
        Ok(Err(panic)) => std::panic::resume_unwind(panic),
        Err(error) => panic!("a thread that parses a native file cannot be started: {error}"),
    }
}

/// The same on this thread, whose stack must be [`STACK`].
fn scan_here(text: &str) -> Result<Native, Vec<NativeError>> {
    let syntax = |error: &syn::Error| {
        let range = bytes(text, error.span());
        // What the tokenizer says names its own workings.
        let message = match error.to_string().as_str() {
            "cannot parse string into token stream" => {
                "a bracket or a quote is not closed".to_owned()
            }
            message => message.to_owned(),
        };
        vec![NativeError::Syntax { message, range }]
    };
    let tokens: TokenStream = text
        .strip_prefix('\u{feff}')
        .unwrap_or(text)
        .parse()
        .map_err(|error: proc_macro2::LexError| syntax(&error.into()))?;
    if is_deep(tokens, 0) {
        return Err(vec![NativeError::Deep]);
    }
    let file = syn::parse_file(text).map_err(|error| syntax(&error))?;
    let mut scan = Scan {
        text,
        native: Native {
            doc: doc_of(&file.attrs),
            ..Native::default()
        },
        names: HashMap::new(),
        errors: Vec::new(),
    };
    scan.items(&file.items, None);
    if scan.errors.is_empty() && scan.names.is_empty() {
        scan.errors.push(NativeError::Empty);
    }
    scan.errors.truncate(MOST_MISTAKES);
    match scan.errors.is_empty() {
        true => Ok(scan.native),
        false => Err(scan.errors),
    }
}

/// Whether a parser that descends at each token of a statement would go deeper than it can. `above` is how deep it is already.
fn is_deep(tokens: TokenStream, above: usize) -> bool {
    let mut deep = above;
    let mut tokens = tokens.into_iter().peekable();
    while let Some(token) = tokens.next() {
        match token {
            TokenTree::Punct(mark) if [';', ','].contains(&mark.as_char()) => deep = above,
            // Attributes, and so lines of documentation, stand in a row and not in each other.
            TokenTree::Punct(mark) if mark.as_char() == '#' => {}
            TokenTree::Group(group) => {
                if deep >= MOST_NESTED || is_deep(group.stream(), deep + 1) {
                    return true;
                }
                let is_end = group.delimiter() == Delimiter::Brace
                    && match tokens.peek() {
                        Some(TokenTree::Ident(word)) => word != "else",
                        Some(TokenTree::Punct(mark)) => mark.as_char() == '#',
                        _ => true,
                    };
                match group.delimiter() {
                    Delimiter::Brace if is_end => deep = above,
                    // Of an attribute, or an index: a parser comes back from it.
                    Delimiter::Bracket => {}
                    _ => deep += 1,
                }
            }
            _ => deep += 1,
        }
        if deep > MOST_NESTED {
            return true;
        }
    }
    false
}

struct Scan<'t> {
    text: &'t str,
    native: Native,
    /// The names in JavaScript, each with the bytes of the Rust name.
    names: HashMap<String, Range<usize>>,
    errors: Vec<NativeError>,
}

impl Scan<'_> {
    /// Looks at the items of the file, or of a module in it.
    fn items(&mut self, items: &[Item], module: Option<&str>) {
        for item in items {
            match item {
                Item::Fn(func) => {
                    if let Some(attr) = marked(&func.attrs, "js_fn") {
                        let js = argument(attr, "name");
                        let js = js.unwrap_or_else(|| camel_case(&func.sig.ident.to_string()));
                        let permission = argument(attr, "permission");
                        if let Some(rust) = self.named(&func.sig.ident, &js, module) {
                            let functions = &mut self.native.functions;
                            functions.push(NativeItem {
                                rust,
                                js,
                                permission,
                            });
                        }
                    }
                }
                Item::Struct(class) => {
                    if let Some(attr) = marked(&class.attrs, "js_class") {
                        let js = argument(attr, "name");
                        let js = js.unwrap_or_else(|| class.ident.to_string());
                        if module.is_none() && matches!(class.vis, Visibility::Inherited) {
                            self.errors.push(NativeError::Private {
                                name: class.ident.to_string(),
                                range: bytes(self.text, class.ident.span()),
                            });
                        }
                        if let Some(rust) = self.named(&class.ident, &js, module) {
                            let permission = None;
                            let classes = &mut self.native.classes;
                            classes.push(NativeItem {
                                rust,
                                js,
                                permission,
                            });
                        }
                    }
                }
                // A module that is conditional, such as one of tests, may mean something else by the marks.
                Item::Mod(inner) if marked(&inner.attrs, "cfg").is_none() => {
                    if let Some((_, items)) = &inner.content {
                        self.items(items, Some(&inner.ident.to_string()));
                    }
                }
                _ => {}
            }
            if self.errors.len() > MOST_MISTAKES {
                return;
            }
        }
    }

    /// Judges the place and the names of something that is marked. Its Rust name, if the generated crate can have it.
    fn named(&mut self, ident: &Ident, js: &str, module: Option<&str>) -> Option<String> {
        let range = bytes(self.text, ident.span());
        let name = ident.to_string();
        if let Some(module) = module {
            let module = module.to_owned();
            self.errors.push(NativeError::Nested {
                name,
                module,
                range,
            });
            return None;
        }
        if let Some(first) = self.names.get(js) {
            let (js, first) = (js.to_owned(), first.clone());
            self.errors.push(NativeError::Twice { js, range, first });
            return None;
        }
        self.names.insert(js.to_owned(), range);
        Some(name)
    }
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

/// The bytes of a span. The parser counts lines from 1 and characters from 0.
fn bytes(text: &str, span: Span) -> Range<usize> {
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
    let start = offset(span.start()).min(text.len());
    start..offset(span.end()).clamp(start, text.len())
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
            mod inner { fn hidden() {} }
            #[cfg(test)] mod tests { #[js_fn] fn tried() {} }"#,
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
        let errors = |text: &str| scan(text).expect_err("it has a mistake");
        let found = errors(text);
        let [NativeError::Syntax { range, .. }] = &found[..] else {
            panic!("a syntax error is found");
        };
        assert!(range.start >= text.find('(').expect("the text has a parenthesis"));
        assert!(matches!(errors("fn f() {}")[..], [NativeError::Empty]));
    }

    #[test]
    fn all_mistakes_are_found_at_once() {
        let text = "#[js_class] struct Closed;
            #[js_fn] fn do_it() {}
            #[js_fn(name = \"doIt\")] fn other() {}
            mod inner { mod deeper { #[js_fn] fn hidden() {} } }
            #[js_class] struct Shut;";
        let errors = scan(text).expect_err("it has mistakes");
        let at = |range: &Range<usize>| text[range.clone()].to_owned();
        let said: Vec<String> = errors
            .iter()
            .map(|error| match error {
                NativeError::Private { name, range } => format!("private {name} {}", at(range)),
                NativeError::Nested {
                    name,
                    module,
                    range,
                } => {
                    format!("nested {name} {module} {}", at(range))
                }
                NativeError::Twice { js, range, first } => {
                    format!("twice {js} {} {}", at(range), at(first))
                }
                other => format!("{other:?}"),
            })
            .collect();
        let expect = [
            "private Closed Closed",
            "twice doIt other do_it",
            "nested hidden deeper hidden",
            "private Shut Shut",
        ];
        assert_eq!(said, expect);
    }

    #[test]
    fn what_would_overflow_a_stack_is_refused() {
        let around = |open: &str, middle: &str, close: &str| {
            let n = 20_000;
            format!(
                "#[js_fn] fn a() {{ {}{middle}{} }}",
                open.repeat(n),
                close.repeat(n)
            )
        };
        let deep = [
            format!(
                "#[js_fn] fn a(x: {}u8{}) {{}}",
                "Option<".repeat(20_000),
                ">".repeat(20_000)
            ),
            around("(", "1", ")"),
            around("[", "1", "]"),
            around("{", "1", "}"),
            around("!", "1", ""),
            around("|a| ", "1", ""),
            around("if a {} else ", "{}", ""),
            around("a = ", "1", ""),
            around("a = {} = ", "1", ""),
            around("&", "1", ""),
            around("f(", "1", ")"),
            around("return ", "1", ""),
            around("mod a {", "", "}"),
        ];
        for text in deep {
            let errors = scan(&text).expect_err("it is too deep");
            assert!(matches!(errors[..], [NativeError::Deep]), "{}", &text[..60]);
        }
    }

    #[test]
    fn long_files_are_not_deep() {
        let lines = "/// A line of documentation.\n".repeat(5000);
        let items = "const X: [u8; 2] = [1, 2];\nfn f() { if a { b() } else { c } }\n".repeat(5000);
        let text = format!("{lines}#[js_fn] fn a() {{}}\n{items}");
        assert_eq!(scan(&text).expect("a native file").functions.len(), 1);
    }

    #[test]
    fn what_is_just_not_too_deep_is_parsed() {
        for (open, close) in [("(", ")"), ("{", "}"), ("!", ""), ("|a| ", ""), ("f(", ")")] {
            let n = MOST_NESTED / (open.len() + 1);
            let text = format!(
                "#[js_fn] fn a() {{ {}1{} }}",
                open.repeat(n),
                close.repeat(n)
            );
            assert!(scan(&text).is_ok(), "{open}");
        }
    }
}
