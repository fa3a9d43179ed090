//! Whether a value has the form that its key asks for.
//!
//! The boundary: one key, one value. Each kind of [`Kind`] has one arm; a value that passes can be read without further
//! question by `resolve`.

use runtime_core::tables::{self, Mistake};

use super::keys::{Choice, Key, Kind};
use super::raw::{Node, Value};
use super::{mounts, triples};
use crate::diagnostics::{Diagnostic, Span, did_you_mean, list, nearest};

/// The most mistakes that are looked for in one list: for each, what is near is looked for as well.
const MOST_MISTAKES: usize = 200;

/// Judges a value. `text` is the file it stands in, so that a mistake within a string is shown at its own bytes.
pub fn check(key: &Key, node: &Node, text: &str, out: &mut Vec<Diagnostic>) -> bool {
    let before = out.len();
    match &key.kind {
        Kind::Section | Kind::Override => expect(key, "a table", node, Node::is_table, out),
        // Forms of a module's entry depend on the module: `modules` judges them.
        Kind::Module => {}
        Kind::Schema => schema(key, node, out),
        Kind::Text => expect(key, "a string", node, Node::is_string, out),
        Kind::Bool => expect(
            key,
            "`true` or `false`",
            node,
            |node| node.as_bool().is_some(),
            out,
        ),
        Kind::Count => expect(key, "a whole number from 1", node, Node::is_count, out),
        Kind::Texts => each_text(key, node, text, out, |_| Ok(())),
        Kind::Name => text_of(key, node, text, out, name),
        Kind::Version => text_of(key, node, text, out, version),
        Kind::Bytes => text_of(key, node, text, out, |text| {
            tables::parse_bytes(text).map(drop)
        }),
        Kind::Duration => {
            text_of(key, node, text, out, |text| {
                tables::parse_duration(text).map(drop)
            });
        }
        Kind::Rate => text_of(key, node, text, out, |text| {
            tables::parse_rate(text).map(drop)
        }),
        Kind::Choice(choices) => choice(key, choices, node, out),
        Kind::Entries(permission) => each_text(key, node, text, out, permission.check),
        // Which features there are depends on the engine: `resolve` judges the names.
        Kind::Features => each_text(key, node, text, out, |_| Ok(())),
        Kind::Triples => each_text(key, node, text, out, triples::check),
        Kind::MountPoint => text_of(key, node, text, out, mount_point),
        Kind::MountSource => text_of(key, node, text, out, |text| mounts::parse(text).map(drop)),
        Kind::Rows(fields) => rows(key, fields, node, text, out),
    }
    out.len() == before
}

impl Node {
    fn is_table(&self) -> bool {
        matches!(self.value, Value::Table(_))
    }

    fn is_string(&self) -> bool {
        matches!(self.value, Value::String(_))
    }

    fn is_count(&self) -> bool {
        matches!(self.value, Value::Integer(number) if number >= 1)
    }
}

/// "`build.profile` must be a string, found a number"
pub fn wrong_type(key: &Key, wanted: &str, node: &Node) -> Diagnostic {
    Diagnostic::error(format!(
        "`{}` must be {wanted}, found {}",
        key.path,
        node.what()
    ))
    .at(&node.span, format!("expected {wanted}"))
    .help(format!("for example `{}`", key.line()))
}

fn expect(
    key: &Key,
    wanted: &str,
    node: &Node,
    is: impl Fn(&Node) -> bool,
    out: &mut Vec<Diagnostic>,
) {
    if !is(node) {
        out.push(wrong_type(key, wanted, node));
    }
}

fn schema(key: &Key, node: &Node, out: &mut Vec<Diagnostic>) {
    match node.value {
        Value::Integer(1) => {}
        Value::Integer(other) => out.push(
            Diagnostic::error(format!("schema `{other}` is not known"))
                .at(&node.span, "the only schema so far is 1")
                .help("write `schema = 1`, or use the Tailor that this file was written for"),
        ),
        _ => out.push(wrong_type(key, "a number", node)),
    }
}

fn text_of(
    key: &Key,
    node: &Node,
    text: &str,
    out: &mut Vec<Diagnostic>,
    judge: impl Fn(&str) -> Result<(), Mistake>,
) {
    let Some(value) = node.as_str() else {
        return out.push(wrong_type(key, "a string", node));
    };
    if let Err(mistake) = judge(value) {
        out.push(shown(mistake, node, text));
    }
}

fn each_text(
    key: &Key,
    node: &Node,
    text: &str,
    out: &mut Vec<Diagnostic>,
    judge: impl Fn(&str) -> Result<(), Mistake>,
) {
    let Value::Array(items) = &node.value else {
        return out.push(wrong_type(key, "a list of strings", node));
    };
    let before = out.len();
    for item in items {
        if out.len() - before >= MOST_MISTAKES {
            out.push(
                Diagnostic::error(format!(
                    "`{}` has more mistakes than are looked for",
                    key.path
                ))
                .at(&item.span, "nothing from here on was judged")
                .help("mend the ones before it first"),
            );
            return;
        }
        match item.as_str() {
            Some(value) => out.extend(judge(value).err().map(|mistake| shown(mistake, item, text))),
            None => out.push(wrong_type(key, "a list of strings", item)),
        }
    }
}

/// A mistake in a string, at its own bytes where the string has no escapes.
fn shown(mistake: Mistake, node: &Node, text: &str) -> Diagnostic {
    let value = node.as_str().unwrap_or_default();
    let raw = text.get(node.span.range.clone()).unwrap_or_default();
    let plain = raw.len() == value.len() + 2 && &raw[1..raw.len() - 1] == value;
    let mut span = node.span.clone();
    if plain && !mistake.at.is_empty() {
        let start = span.range.start + 1;
        span.range = start + mistake.at.start..start + mistake.at.end;
    }
    Diagnostic::error(mistake.what)
        .at(&span, "")
        .help(mistake.help)
}

fn choice(key: &Key, choices: &[Choice], node: &Node, out: &mut Vec<Diagnostic>) {
    let available: Vec<&str> = choices
        .iter()
        .filter(|choice| choice.not_yet.is_none())
        .map(|choice| &*choice.name)
        .collect();
    let wanted = match available.as_slice() {
        [one] => format!("`{one}`"),
        many => format!("one of {}", list(many).replace(" and ", " or ")),
    };
    let Some(value) = node.as_str() else {
        return out.push(wrong_type(key, &wanted, node));
    };
    match choices.iter().find(|choice| choice.name == value) {
        None => out.push(
            Diagnostic::error(format!("`{value}` is not a valid value for `{}`", key.path))
                .at(&node.span, format!("expected {wanted}"))
                .help(match nearest(value, available.iter().copied()) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => format!("`cargo xtask explain {}` says what each means", key.path),
                }),
        ),
        Some(choice) => {
            if let Some(reason) = &choice.not_yet {
                out.push(
                    Diagnostic::error(format!("`{} = \"{value}\"` is not available yet", key.path))
                        .at(&node.span, "known, but cannot be built yet")
                        .help(format!("{reason}; what can be built: {}", list(&available))),
                );
            }
        }
    }
}

fn rows(key: &Key, fields: &[Key], node: &Node, text: &str, out: &mut Vec<Diagnostic>) {
    let Value::Array(items) = &node.value else {
        return out.push(wrong_type(key, "a list of tables", node));
    };
    let names: Vec<&str> = fields.iter().map(Key::name).collect();
    for item in items {
        if !item.is_table() {
            out.push(wrong_type(key, "a list of tables", item));
            continue;
        }
        for entry in item.entries() {
            match fields.iter().find(|field| field.name() == entry.key) {
                Some(field) => {
                    check(field, &entry.node, text, out);
                }
                None => out.push(
                    Diagnostic::error(format!("unknown key `{}` in `{}`", entry.key, key.path))
                        .at(&entry.key_span, "not a key of its entries")
                        .help(did_you_mean(&entry.key, "keys here", &names)),
                ),
            }
        }
        for field in fields {
            if field.default.is_none() && item.get(field.name()).is_none() {
                out.push(missing_field(key, field, &item.span));
            }
        }
    }
}

fn missing_field(key: &Key, field: &Key, span: &Span) -> Diagnostic {
    Diagnostic::error(format!(
        "an entry of `{}` has no `{}`",
        key.path,
        field.name()
    ))
    .at(span, format!("`{}` is missing", field.name()))
    .help(format!("add `{}`", field.line()))
}

fn mistake(text: &str, what: impl Into<String>, help: impl Into<String>) -> Mistake {
    Mistake {
        what: what.into(),
        help: help.into(),
        at: 0..text.len(),
    }
}

/// Names that a generated crate could not have: what it depends on, what cargo refuses or uses for folders of its own, and the
/// xtask, beside which its binary is put.
const TAKEN: &[&str] = &[
    "xtask",
    "runtime-core",
    "runtime-macros",
    "mimalloc",
    "core",
    "std",
    "alloc",
    "proc_macro",
    "test",
    "build",
    "deps",
    "examples",
    "incremental",
];

/// How the crates of the standard modules are called, which a generated crate may depend on.
pub const MODULE_CRATES: &str = "module-";

/// Judges the name of a runtime.
pub fn name(text: &str) -> Result<(), Mistake> {
    let rule =
        "a crate's name has lowercase letters, digits, `-` and `_`, and begins with a letter";
    let Some(first) = text.chars().next() else {
        return Err(mistake(text, "the name is empty", rule));
    };
    let bad = text
        .char_indices()
        .find(|(_, c)| !(c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '_')));
    if let Some((at, c)) = bad {
        let mended = in_ascii(text);
        let help = match name(&mended) {
            Ok(()) => format!("{rule}: `{mended}`"),
            Err(_) => rule.to_owned(),
        };
        return Err(Mistake {
            at: at..at + c.len_utf8(),
            ..mistake(text, format!("`{text}` is not a valid crate name"), help)
        });
    }
    if !first.is_ascii_lowercase() {
        return Err(Mistake {
            at: 0..1,
            ..mistake(text, format!("`{text}` is not a valid crate name"), rule)
        });
    }
    if text.starts_with(MODULE_CRATES) {
        return Err(mistake(
            text,
            format!("`{text}` is taken"),
            format!("the crates of the standard modules begin with `{MODULE_CRATES}`"),
        ));
    }
    if TAKEN.contains(&text) || is_keyword(text) {
        return Err(mistake(
            text,
            format!("`{text}` is taken"),
            format!("rust, cargo or tailor use this name themselves; `{text}-js` is free"),
        ));
    }
    Ok(())
}

/// A text as a person would write it in the letters of a crate's name: `Größe App` is `groesse-app`.
fn in_ascii(text: &str) -> String {
    let mut mended = String::new();
    for c in text.to_lowercase().chars() {
        let plain = match c {
            'ä' | 'æ' => "ae",
            'ö' | 'œ' => "oe",
            'ü' => "ue",
            'ß' => "ss",
            'à' | 'á' | 'â' | 'ã' | 'å' | 'ą' => "a",
            'ç' | 'ć' | 'č' => "c",
            'è' | 'é' | 'ê' | 'ë' | 'ę' | 'ě' => "e",
            'ì' | 'í' | 'î' | 'ï' => "i",
            'ł' => "l",
            'ñ' | 'ń' | 'ň' => "n",
            'ò' | 'ó' | 'ô' | 'õ' | 'ø' => "o",
            'ř' => "r",
            'ś' | 'š' | 'ş' => "s",
            'ù' | 'ú' | 'û' | 'ů' => "u",
            'ý' | 'ÿ' => "y",
            'ź' | 'ż' | 'ž' => "z",
            c if c.is_ascii_alphanumeric() || c == '_' => {
                mended.push(c);
                continue;
            }
            // One `-` for however many there are.
            _ if mended.ends_with('-') => "",
            _ => "-",
        };
        mended.push_str(plain);
    }
    mended.trim_matches('-').to_owned()
}

/// Whether a word is a keyword of Rust, and so cannot name a crate or a module.
pub fn is_keyword(word: &str) -> bool {
    word == "_"
        || syn::parse_str::<syn::Ident>(word).is_err() && !word.contains('-') && !word.is_empty()
}

fn version(text: &str) -> Result<(), Mistake> {
    match semver::Version::parse(text) {
        Ok(_) => Ok(()),
        Err(_) => Err(mistake(
            text,
            format!("`{text}` is not a valid version"),
            "a version has three numbers, as in `1.2.0`",
        )),
    }
}

fn mount_point(text: &str) -> Result<(), Mistake> {
    let help = "write an absolute path with `/`, as in `/data`";
    if !text.starts_with('/') {
        return Err(mistake(
            text,
            format!("the mount point `{text}` is not absolute"),
            help,
        ));
    }
    if text.split('/').any(|part| part == ".." || part == ".") {
        return Err(mistake(
            text,
            format!("the mount point `{text}` is not plain"),
            help,
        ));
    }
    Ok(())
}
