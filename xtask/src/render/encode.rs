//! How a value gets into a generated text: always encoded for the language of the file.
//!
//! The boundary: a template and its values in, a text out. A template may insert a [`Piece`], a number or a boolean; a plain
//! string is refused, so what a spec says cannot become more than the string, the name or the comment that it is meant to be.

use std::fmt;
use std::sync::Arc;

use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Object, ObjectRepr, Value, ValueKind};
use minijinja::{Environment, Error, ErrorKind};

use crate::text::is_hidden;

/// The language of a generated file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Language {
    Rust,
    Toml,
    Json,
    JavaScript,
    Java,
    Xml,
    Html,
    Markdown,
    /// Lines of names.
    Plain,
}

/// A template of `templates/`, by its path there, which says its language.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Template<'t> {
    pub(crate) path: &'t str,
    pub(crate) text: &'t str,
}

/// A template that is compiled in.
macro_rules! template {
    ($path:literal) => {
        $crate::render::Template {
            path: $path,
            text: include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../templates/", $path)),
        }
    };
}
pub(crate) use template;

impl Template<'_> {
    fn language(&self) -> Option<Language> {
        let name = self.path.strip_suffix(".jinja")?;
        Some(match name.rsplit(['.', '/']).next()? {
            "rs" => Language::Rust,
            "toml" => Language::Toml,
            "json" => Language::Json,
            "js" | "ts" => Language::JavaScript,
            "java" => Language::Java,
            "xml" => Language::Xml,
            "html" => Language::Html,
            "md" => Language::Markdown,
            "gitignore" => Language::Plain,
            _ => return None,
        })
    }
}

/// A value that a template may insert.
#[derive(Clone, Debug)]
enum Piece {
    /// Any text: a string literal, quotes and all; in XML, HTML and Markdown, text between the marks.
    Text(String),
    /// A name of characters that mean nothing in any language, within quotes or without.
    Word(String),
    /// Any text in a comment to the end of the line.
    Remark(String),
    /// JSON in a script element of HTML.
    Data(serde_json::Value),
    /// Source that was put together from encoded parts.
    Code(Code),
}

/// Source in one language, whose every part is ours or was encoded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Code {
    language: Language,
    text: String,
}

impl Code {
    /// What Tailor itself has in its own source: no spec can bring a text that lives as long as the program.
    pub(crate) fn ours(language: Language, text: &'static str) -> Self {
        Self::made(language, text)
    }

    /// What an encoder of the language made.
    pub(super) fn made(language: Language, text: impl Into<String>) -> Self {
        let text = text.into();
        Self { language, text }
    }

    pub(super) fn as_str(&self) -> &str {
        &self.text
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl From<Code> for Value {
    fn from(code: Code) -> Self {
        Value::from_object(Piece::Code(code))
    }
}

/// Any text.
pub(crate) fn text(text: &str) -> Value {
    Value::from_object(Piece::Text(text.to_owned()))
}

/// A name, which is judged when it is inserted.
pub(crate) fn word(word: &str) -> Value {
    Value::from_object(Piece::Word(word.to_owned()))
}

/// Names.
pub(crate) fn words<'w>(words: impl IntoIterator<Item = &'w str>) -> Value {
    words.into_iter().map(word).collect()
}

/// Any text in a comment; nothing of an empty one.
pub(crate) fn remark(text: &str) -> Option<Value> {
    (!text.is_empty()).then(|| Value::from_object(Piece::Remark(text.to_owned())))
}

/// Data in a page.
pub(crate) fn data(data: serde_json::Value) -> Value {
    Value::from_object(Piece::Data(data))
}

impl Object for Piece {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }
}

/// Fills a template in. Templates are Tailor's own, and their values were judged: a mistake in one is a bug of ours.
pub(crate) fn fill(template: Template<'_>, values: Value) -> String {
    try_fill(template, values).unwrap_or_else(|error| {
        panic!(
            "tailor's bug: `{}` cannot be filled in: {error:#}",
            template.path
        )
    })
}

fn try_fill(template: Template<'_>, values: Value) -> Result<String, Error> {
    let language = template
        .language()
        .ok_or_else(|| refused("a file of an unknown language"))?;
    let syntax = SyntaxConfig::builder()
        .trim_blocks(true)
        .lstrip_blocks(true)
        .keep_trailing_newline(true)
        .build()?;
    let mut environment = Environment::new();
    environment.set_syntax(syntax);
    environment.set_formatter(move |out, _, value| {
        let encoded = encode(language, value)?;
        out.write_str(&encoded).map_err(Error::from)
    });
    environment.render_named_str(template.path, template.text, values)
}

fn refused(what: impl fmt::Display) -> Error {
    Error::new(ErrorKind::BadEscape, what.to_string())
}

/// A value as the file may have it.
fn encode(language: Language, value: &Value) -> Result<String, Error> {
    if matches!(value.kind(), ValueKind::Number | ValueKind::Bool) {
        return Ok(value.to_string());
    }
    let Some(piece) = value.downcast_object_ref::<Piece>() else {
        return Err(refused(format!("a bare {} is not inserted", value.kind())));
    };
    match piece {
        Piece::Text(text) => Ok(spelled(language, text)),
        Piece::Word(word) if is_word(word) => Ok(word.clone()),
        Piece::Word(word) => Err(refused(format!("{word:?} is not a name"))),
        Piece::Remark(text) if has_line_comments(language) => Ok(one_line(text)),
        Piece::Data(data) if language == Language::Html => Ok(script_data(data)),
        Piece::Code(code) if code.language == language => Ok(code.text.clone()),
        other => Err(refused(format!("{other:?} has no place in {language:?}"))),
    }
}

/// Whether a name is safe anywhere: it has no quote, no blank and no bracket, and begins no comment.
fn is_word(word: &str) -> bool {
    let is_safe = |c: char| c.is_ascii_alphanumeric() || "_-.+@~/#".contains(c);
    let is_raw = word.strip_prefix("r#");
    let word = is_raw.unwrap_or(word);
    !word.is_empty() && word.chars().all(is_safe) && !word.contains("//") && !word.contains('#')
}

fn has_line_comments(language: Language) -> bool {
    // In Java an escape of Unicode would end the comment.
    matches!(language, Language::Rust | Language::JavaScript)
}

/// A text on one line, with nothing in it that ends a line or turns it around.
fn one_line(text: &str) -> String {
    let plain = |c: char| if is_hidden(c) { ' ' } else { c };
    text.chars().map(plain).collect()
}

/// A string as the language writes it.
pub(super) fn literal(language: Language, text: &str) -> Code {
    Code::made(language, spelled(language, text))
}

fn spelled(language: Language, text: &str) -> String {
    match language {
        Language::Rust => quoted(text, |c| match c {
            '\n' => "\\n".to_owned(),
            '\r' => "\\r".to_owned(),
            '\t' => "\\t".to_owned(),
            '\0' => "\\0".to_owned(),
            c => c.escape_unicode().to_string(),
        }),
        Language::Toml => quoted(text, |c| match u32::from(c) {
            code @ ..=0xffff => format!("\\u{code:04x}"),
            code => format!("\\U{code:08x}"),
        }),
        Language::Json | Language::JavaScript => quoted(text, utf16),
        // An escape of Unicode is undone before a literal is read: one of a line break would end it.
        Language::Java => quoted(text, |c| match u32::from(c) {
            code @ ..=0xff => format!("\\{code:03o}"),
            _ => utf16(c),
        }),
        Language::Xml | Language::Html => markup(text),
        Language::Markdown => markdown(text),
        Language::Plain => one_line(text),
    }
}

/// A literal between quotes, in which what is not seen is spelled by `hidden`.
fn quoted(text: &str, hidden: impl Fn(char) -> String) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            c if is_hidden(c) => out += &hidden(c),
            c => out.push(c),
        }
    }
    out + "\""
}

/// `\u2028`
fn utf16(c: char) -> String {
    let mut units = [0; 2];
    let units = c.encode_utf16(&mut units).iter();
    units.map(|unit| format!("\\u{unit:04x}")).collect()
}

/// Text of an element or an attribute. What XML cannot say is left out.
fn markup(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        match c {
            '&' => out += "&amp;",
            '<' => out += "&lt;",
            '>' => out += "&gt;",
            '"' => out += "&quot;",
            '\'' => out += "&#39;",
            '\t' | '\n' | '\r' => out.push(' '),
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out
}

/// A line of prose, in which no character is a mark.
fn markdown(text: &str) -> String {
    let mut out = String::new();
    for c in one_line(text).trim().chars() {
        // At the beginning of a line these are lists, headings and tables; a number with a dot is a list, too.
        let is_first = out.chars().all(|c| c.is_ascii_digit());
        if "\\`*_{}[]<>#|~&".contains(c) || (is_first && "-+=.)".contains(c)) {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

/// JSON in an element whose end is looked for before its text is read.
fn script_data(data: &serde_json::Value) -> String {
    let mut out = String::new();
    for c in data.to_string().chars() {
        match c {
            '<' | '>' | '&' => out += &utf16(c),
            c if is_hidden(c) => out += &utf16(c),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use minijinja::context;

    fn filled(path: &str, value: Value) -> Result<String, Error> {
        let text = "{{ value }}";
        try_fill(Template { path, text }, context!(value))
    }

    #[test]
    fn a_plain_string_is_inserted_nowhere() {
        let paths = [
            "a.rs", "a.toml", "a.json", "a.js", "a.java", "a.xml", "a.html", "a.md",
        ];
        for path in paths.map(|path| format!("{path}.jinja")) {
            for value in [
                Value::from("plain"),
                Value::UNDEFINED,
                Value::from(()),
                context!(a => 1),
            ] {
                assert!(filled(&path, value).is_err(), "{path}");
            }
            let chained = "{{ value ~ '' }}{{ value|safe }}{{ value|upper }}";
            let template = Template {
                path: &path,
                text: chained,
            };
            assert!(
                try_fill(template, context!(value => text("x"))).is_err(),
                "{path}"
            );
            assert_eq!(filled(&path, Value::from(12)).expect("a number"), "12");
        }
        assert!(filled("a.sh.jinja", word("x")).is_err());
        assert!(filled("a.rs", word("x")).is_err());
    }

    #[test]
    fn code_stays_in_its_language() {
        let code = || Value::from(Code::ours(Language::Rust, "f(x)"));
        assert_eq!(filled("a.rs.jinja", code()).expect("it is Rust"), "f(x)");
        assert!(filled("a.toml.jinja", code()).is_err());
        assert!(filled("a.json.jinja", remark("x").into()).is_err());
        assert!(filled("a.js.jinja", data(serde_json::json!(1))).is_err());
    }

    #[test]
    fn only_names_are_words() {
        for good in [
            "acme-js",
            "@acme/js",
            "1.2.0+b",
            "r#match",
            "index.d.ts",
            "a_b",
        ] {
            assert_eq!(filled("a.rs.jinja", word(good)).expect("a name"), good);
        }
        for bad in [
            "", "a b", "a\"", "a\n", "a//b", "a\\", "a*/", "a;", "a#b", "é", "{", "`",
        ] {
            assert!(filled("a.rs.jinja", word(bad)).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn texts_are_spelled_as_each_language_does() {
        let of = |path: &str, said: &str| filled(path, text(said)).expect("a text");
        let hostile = "a\"\\\n\u{0}\u{2028}\u{202e}é</x>";
        assert_eq!(
            of("a.rs.jinja", hostile),
            r#""a\"\\\n\0\u{2028}\u{202e}é</x>""#
        );
        assert_eq!(
            of("a.toml.jinja", hostile),
            r#""a\"\\\u000a\u0000\u2028\u202eé</x>""#
        );
        assert_eq!(
            of("a.json.jinja", hostile),
            r#""a\"\\\u000a\u0000\u2028\u202eé</x>""#
        );
        assert_eq!(
            of("a.java.jinja", hostile),
            r#""a\"\\\012\000\u2028\u202eé</x>""#
        );
        assert_eq!(
            of("a.xml.jinja", "<a b='c'>&\u{1}]]>"),
            "&lt;a b=&#39;c&#39;&gt;&amp;\u{fffd}]]&gt;"
        );
        assert_eq!(
            of("a.md.jinja", "# a\n```\n<b> [c](d)"),
            r"\# a \`\`\` \<b\> \[c\](d)"
        );
        assert_eq!(of("a.md.jinja", "1. x - y"), r"1\. x - y");
        let comment = filled("a.rs.jinja", remark("a\r\nb\u{2028}c").into()).expect("a comment");
        assert_eq!(comment, "a  b c");
        let page = filled(
            "a.html.jinja",
            data(serde_json::json!({ "name": "</script><b>" })),
        );
        assert_eq!(
            page.expect("data"),
            r#"{"name":"\u003c/script\u003e\u003cb\u003e"}"#
        );
    }
}
