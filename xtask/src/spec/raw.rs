//! What was said: TOML with the place of every key and value, then one flat list of settings.
//!
//! The boundary: syntax, unknown keys and the form of values. What the settings mean together is `resolve`.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::Target;
use super::keys::{self, Key, Kind, PRESET};
use super::values;
use crate::diagnostics::{Diagnostic, FileId, Span, did_you_mean, nearest};
use crate::text::is_hidden;

/// A value and where it stands.
#[derive(Clone, Debug)]
pub struct Node {
    /// The value.
    pub value: Value,
    /// Its bytes.
    pub span: Span,
}

/// A TOML value.
#[derive(Clone, Debug)]
pub enum Value {
    /// A string.
    String(String),
    /// A whole number.
    Integer(i64),
    /// A boolean.
    Bool(bool),
    /// A list.
    Array(Vec<Node>),
    /// A table, in the order of the text.
    Table(Vec<Entry>),
    /// A number with a fraction, or a date: no key takes one. Its name with the article.
    Other(&'static str),
}

/// A key and its value in a table.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The key.
    pub key: String,
    /// Its bytes.
    pub key_span: Span,
    /// The value.
    pub node: Node,
}

/// One thing that was said: a key of the table, its value, and where.
#[derive(Clone, Debug)]
pub struct Setting {
    /// The path in the table, with the module's name in place of `*`.
    pub path: String,
    /// The target it was said for; `None`: for all.
    pub target: Option<Target>,
    /// The bytes of the key.
    pub key: Span,
    /// The value.
    pub value: Node,
}

/// The settings of one text, and the paths whose values were refused, so that nothing is said twice about them.
#[derive(Clone, Debug, Default)]
pub struct Raw {
    /// What was said, in order.
    pub settings: Vec<Setting>,
    /// What was said wrongly.
    pub broken: Vec<String>,
}

impl Node {
    /// The string, if it is one.
    pub fn as_str(&self) -> Option<&str> {
        match &self.value {
            Value::String(text) => Some(text),
            _ => None,
        }
    }

    /// The boolean, if it is one.
    pub fn as_bool(&self) -> Option<bool> {
        match self.value {
            Value::Bool(value) => Some(value),
            _ => None,
        }
    }

    /// The items of a list; none for anything else.
    pub fn items(&self) -> &[Node] {
        match &self.value {
            Value::Array(items) => items,
            _ => &[],
        }
    }

    /// The entries of a table; none for anything else.
    pub fn entries(&self) -> &[Entry] {
        match &self.value {
            Value::Table(entries) => entries,
            _ => &[],
        }
    }

    /// The entry of a table with this key.
    pub fn get(&self, key: &str) -> Option<&Entry> {
        self.entries().iter().find(|entry| entry.key == key)
    }

    /// What it is, with its article.
    pub fn what(&self) -> &'static str {
        match self.value {
            Value::String(_) => "a string",
            Value::Integer(_) => "a number",
            Value::Bool(_) => "a boolean",
            Value::Array(_) => "a list",
            Value::Table(_) => "a table",
            Value::Other(what) => what,
        }
    }
}

/// Reads a text as TOML. Syntax errors are all reported; what could be read is returned. The words of a text that is not
/// shown are not in its errors either.
pub fn parse(file: FileId, text: &str, is_shown: bool, out: &mut Vec<Diagnostic>) -> Node {
    let (table, errors) = DeTable::parse_recoverable(text);
    for error in errors {
        let range = error.span().unwrap_or(0..0);
        let span = Span { file, range };
        let said = text.get(span.range.clone()).unwrap_or_default();
        out.push(match error.message() {
            "duplicate key" if is_shown => Diagnostic::error(format!("duplicate key `{said}`"))
                .at(&span, "it already has a value")
                .help("keep one of the two"),
            message if message.starts_with("cannot extend value") => {
                Diagnostic::error(format!("{NOT_TOML}: {message}"))
                    .at(&span, "this key would be a table, and has a value already")
                    .help("a key has a value or keys of its own: keep one of the two")
            }
            message => Diagnostic::error(format!("{NOT_TOML}: {}", message.replace('\n', ", ")))
                .at(&span, "here"),
        });
    }
    let span = Span {
        file,
        range: table.span(),
    };
    Node {
        value: table_of(file, table.into_inner()),
        span,
    }
}

/// How errors of syntax begin.
const NOT_TOML: &str = "not TOML";

/// The first byte that is not what the author meant, where one of these errors is of syntax.
pub fn lost_from(errors: &[Diagnostic]) -> Option<usize> {
    let of_syntax = errors
        .iter()
        .filter(|error| error.message.starts_with(NOT_TOML));
    let places = of_syntax.filter_map(|error| error.primary.as_ref());
    places.map(|(span, _)| span.range.start).min()
}

fn node_of(file: FileId, value: Spanned<DeValue<'_>>) -> Node {
    let span = Span {
        file,
        range: value.span(),
    };
    let value = match value.into_inner() {
        DeValue::String(text) => Value::String(text.into_owned()),
        DeValue::Integer(number) => match i64::from_str_radix(number.as_str(), number.radix()) {
            Ok(number) => Value::Integer(number),
            Err(_) => Value::Other("a number beyond 64 bits"),
        },
        DeValue::Float(_) => Value::Other("a number with a fraction"),
        DeValue::Boolean(value) => Value::Bool(value),
        DeValue::Datetime(_) => Value::Other("a date"),
        DeValue::Array(items) => {
            Value::Array(items.into_iter().map(|item| node_of(file, item)).collect())
        }
        DeValue::Table(table) => table_of(file, table),
    };
    Node { value, span }
}

fn table_of(file: FileId, table: DeTable<'_>) -> Value {
    let mut entries: Vec<Entry> = table
        .into_iter()
        .map(|(key, value)| Entry {
            key_span: Span {
                file,
                range: key.span(),
            },
            key: key.into_inner().into_owned(),
            node: node_of(file, value),
        })
        .collect();
    entries.sort_by_key(|entry| entry.key_span.range.start);
    Value::Table(entries)
}

/// Turns a text's table into settings. Unknown keys and wrong values are reported and left out.
pub fn flatten(root: &Node, text: &str, out: &mut Vec<Diagnostic>) -> Raw {
    let mut flattening = Flattening {
        text,
        raw: Raw::default(),
        out,
    };
    flattening.section("", root, None);
    flattening.raw
}

struct Flattening<'a> {
    text: &'a str,
    raw: Raw,
    out: &'a mut Vec<Diagnostic>,
}

impl Flattening<'_> {
    fn section(&mut self, path: &str, node: &Node, target: Option<Target>) {
        for entry in node.entries() {
            self.entry(path, entry, target);
        }
    }

    fn entry(&mut self, section: &str, entry: &Entry, target: Option<Target>) {
        let path = join(section, &entry.key);
        if !judge_visible(&entry.key, &entry.key_span, self.out) {
            return self.raw.broken.push(path);
        }
        let key = match section {
            "modules" if path == PRESET => keys::find(PRESET),
            "modules" => keys::find("modules.*"),
            _ => keys::find(&path).filter(|_| !entry.key.contains('*')),
        };
        let Some(key) = key else {
            self.out.push(unknown(section, entry));
            return self.raw.broken.push(path);
        };
        if let Some(instead) = &key.not_yet {
            self.out.push(
                Diagnostic::error(format!("`{path}` is not available yet"))
                    .at(&entry.key_span, "known, but nothing reads it yet")
                    .help(instead.as_ref()),
            );
            return self.raw.broken.push(path);
        }
        if target.is_some() && !key.is_overridable() {
            self.out.push(
                Diagnostic::error(format!("`{path}` cannot be overridden for a target"))
                    .at(&entry.key_span, "it concerns the whole file")
                    .help("say it at the top level"),
            );
            return self.raw.broken.push(path);
        }
        match key.kind {
            Kind::Section | Kind::Override if !matches!(entry.node.value, Value::Table(_)) => {
                self.out
                    .push(values::wrong_type(key, "a table", &entry.node));
                self.raw.broken.push(path);
            }
            Kind::Section => self.section(&path, &entry.node, target),
            Kind::Override => self.section("", &entry.node, Target::of_override(&path)),
            _ => {
                if !is_visible(&entry.node, self.out)
                    || !values::check(key, &entry.node, self.text, self.out)
                {
                    return self.raw.broken.push(path);
                }
                self.raw.settings.push(Setting {
                    path,
                    target,
                    key: entry.key_span.clone(),
                    value: entry.node.clone(),
                });
            }
        }
    }
}

/// Whether all of a text can be seen; if not, that is reported. A line break or a control character in a name, a path or a
/// description is of no use, and could be a command to whoever reads it.
fn judge_visible(text: &str, span: &Span, out: &mut Vec<Diagnostic>) -> bool {
    let Some(c) = text.chars().find(|c| is_hidden(*c)) else {
        return true;
    };
    let what = match c {
        '\n' | '\r' => "a line break".to_owned(),
        c => format!("the control character `{}`", c.escape_unicode()),
    };
    out.push(
        Diagnostic::error(format!("{what} is not allowed in a spec's texts"))
            .at(span, "must be one line of visible characters")
            .help("take it out"),
    );
    false
}

/// The same for each string and key of a value. Its depth is bounded by the parser.
fn is_visible(node: &Node, out: &mut Vec<Diagnostic>) -> bool {
    let before = out.len();
    let mut nodes = vec![node];
    while let Some(node) = nodes.pop() {
        if let Some(text) = node.as_str() {
            judge_visible(text, &node.span, out);
        }
        nodes.extend(node.items());
        for entry in node.entries() {
            judge_visible(&entry.key, &entry.key_span, out);
            nodes.push(&entry.node);
        }
    }
    out.len() == before
}

/// A key that the table does not have: misspelt, or in the wrong section.
fn unknown(section: &str, entry: &Entry) -> Diagnostic {
    let names: Vec<&str> = keys::children(section)
        .filter(|key| key.not_yet.is_none())
        .map(Key::name)
        .collect();
    let (message, label) = match section {
        "" => (
            format!("unknown key `{}`", entry.key),
            "not a key of `runtime.toml`".to_owned(),
        ),
        "permissions" => (
            format!("unknown permission `{}`", entry.key),
            "no kind of permission".to_owned(),
        ),
        "targets" => (
            format!("unknown target `{}`", entry.key),
            "no kind of target".to_owned(),
        ),
        section => (
            format!("unknown key `{section}.{}`", entry.key),
            format!("not a key of `[{section}]`"),
        ),
    };
    let diagnostic = Diagnostic::error(message).at(&entry.key_span, label);
    let what = match section {
        "permissions" => "kinds of permission",
        "targets" => "targets",
        _ => "keys here",
    };
    if nearest(&entry.key, names.iter().copied()).is_none()
        && let Some(home) = home_of(&entry.key)
    {
        return diagnostic.help(match home.section() {
            "" => format!("`{}` belongs at the top of the file", entry.key),
            section => format!("`{}` belongs in `[{section}]`", entry.key),
        });
    }
    diagnostic.help(did_you_mean(&entry.key, what, &names))
}

/// The one key of this name in another section.
fn home_of(name: &str) -> Option<&'static Key> {
    let mut homes = keys::KEYS
        .iter()
        .filter(|key| key.name() == name && !key.path.contains('*'));
    homes.next().filter(|_| homes.next().is_none())
}

fn join(section: &str, key: &str) -> String {
    match section {
        "" => key.to_owned(),
        section => format!("{section}.{key}"),
    }
}
