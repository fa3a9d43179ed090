//! Names, comments and layout of TypeScript text.

/// Words that no declaration may have for a name: reserved ones, those reserved in strict code, and two that strict code
/// does not bind.
const RESERVED: &[&str] = &[
    "arguments",
    "await",
    "break",
    "case",
    "catch",
    "class",
    "const",
    "continue",
    "debugger",
    "default",
    "delete",
    "do",
    "else",
    "enum",
    "eval",
    "export",
    "extends",
    "false",
    "finally",
    "for",
    "function",
    "if",
    "implements",
    "import",
    "in",
    "instanceof",
    "interface",
    "let",
    "new",
    "null",
    "package",
    "private",
    "protected",
    "public",
    "return",
    "static",
    "super",
    "switch",
    "this",
    "throw",
    "true",
    "try",
    "typeof",
    "var",
    "void",
    "while",
    "with",
    "yield",
];

/// Whether a function or class can be declared under `name`.
pub(super) fn is_declarable(name: &str) -> bool {
    is_identifier(name) && !RESERVED.contains(&name)
}

/// `name` as a parameter or private declaration: made a name that can be declared, when it is none.
pub(super) fn parameter(name: &str) -> String {
    if is_declarable(name) {
        return name.to_owned();
    }
    let mut safe: String = name
        .chars()
        .map(|c| if is_part(c) { c } else { '_' })
        .collect();
    if safe.is_empty() || safe.starts_with(|c: char| c.is_ascii_digit()) {
        safe.insert(0, '_');
    }
    if RESERVED.contains(&safe.as_str()) {
        safe.push('_');
    }
    safe
}

/// `name` as the key of a member: quoted when it is no identifier. Reserved words need no quotes here.
pub(super) fn property(name: &str) -> String {
    if is_identifier(name) {
        name.to_owned()
    } else {
        quoted(name)
    }
}

/// `text` as a string literal.
pub(super) fn quoted(text: &str) -> String {
    let mut literal = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => literal.extend(['\\', c]),
            '\n' => literal.push_str("\\n"),
            c if c.is_control() => literal.push_str(&format!("\\u{{{:x}}}", u32::from(c))),
            c => literal.push(c),
        }
    }
    literal.push('"');
    literal
}

fn is_identifier(name: &str) -> bool {
    !name.is_empty() && name.chars().all(is_part) && !name.starts_with(|c: char| c.is_ascii_digit())
}

fn is_part(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || c == '$'
}

/// A JSDoc comment of `paragraphs`; nothing, when they are empty.
pub(super) fn doc(paragraphs: &[&str]) -> String {
    let said: Vec<&str> = paragraphs
        .iter()
        .map(|paragraph| paragraph.trim())
        .collect();
    let said: Vec<&str> = said.into_iter().filter(|text| !text.is_empty()).collect();
    // A comment would end at the first `*/`, wherever it stands.
    let text = said.join("\n\n").replace("*/", "*\\/");
    match text.lines().count() {
        0 => String::new(),
        1 => format!("/** {text} */\n"),
        _ => {
            let lines = text.lines().map(|line| format!(" * {}", line.trim_end()));
            let lines: Vec<String> = lines.map(|line| line.trim_end().to_owned()).collect();
            format!("/**\n{}\n */\n", lines.join("\n"))
        }
    }
}

/// `text` one step to the right; empty lines stay empty.
pub(super) fn indented(text: &str) -> String {
    text.lines()
        .map(|line| match line {
            "" => "\n".to_owned(),
            line => format!("  {line}\n"),
        })
        .collect()
}
