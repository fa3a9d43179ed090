//! The imports of a source, read from its text, to say where a name is imported that a module does not export.
//!
//! The boundary: text to places. The source parsed before, so what is not understood here is passed over.

/// A name that a module imports, or exports from another.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Import {
    /// What the other module should export.
    pub(super) name: String,
    /// What the other module is called.
    pub(super) specifier: String,
    /// The line and column of the name.
    pub(super) place: (u32, u32),
}

/// Every name that `source` imports.
pub(super) fn imports(source: &str) -> Vec<Import> {
    let tokens = tokens(source);
    let mut found = Vec::new();
    let mut rest = tokens.as_slice();
    while let Some((first, after)) = rest.split_first() {
        rest = after;
        if !matches!(first.text, "import" | "export") {
            continue;
        }
        // A statement ends at its specifier. What has none is another statement: `import(…)`, `export const`.
        let end = after
            .iter()
            .position(|token| token.is_string || !is_of_clause(token.text));
        let Some((end, specifier)) = end.and_then(|end| Some((end, after.get(end)?))) else {
            continue;
        };
        if !specifier.is_string || end == 0 || after[end - 1].text != "from" {
            continue;
        }
        found.extend(names(first.text, &after[..end - 1]).map(|token| Import {
            name: match first.text == "import" && !token.is_listed {
                true => "default".to_owned(),
                false => token.token.text.to_owned(),
            },
            specifier: specifier.text.to_owned(),
            place: place(source, token.token.at),
        }));
        rest = &after[end..];
    }
    found
}

struct Listed<'a> {
    token: &'a Token<'a>,
    /// Whether it stands in braces.
    is_listed: bool,
}

/// The names of a clause that the other module must export: in `a, { b as c, d }` these are `a`, `b` and `d`.
fn names<'a>(word: &str, clause: &'a [Token<'a>]) -> impl Iterator<Item = Listed<'a>> + use<'a> {
    let mut is_listed = false;
    let mut before = if word == "import" { "," } else { "" };
    clause.iter().filter_map(move |token| {
        let last = std::mem::replace(&mut before, token.text);
        match token.text {
            "{" => is_listed = true,
            "}" => is_listed = false,
            "," | "*" => {}
            _ if matches!(last, "{" | ",") => return Some(Listed { token, is_listed }),
            _ => {}
        }
        None
    })
}

fn is_of_clause(text: &str) -> bool {
    matches!(text, "{" | "}" | "," | "*") || text.starts_with(is_part)
}

fn is_part(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '$')
}

#[derive(Debug)]
struct Token<'a> {
    /// A word, a sign, or what stands between quotes.
    text: &'a str,
    is_string: bool,
    at: usize,
}

/// Words, signs and strings. Comments are passed over, and so is the inside of templates, which imports nothing.
fn tokens(source: &str) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(first) = source[at..].chars().next() {
        let rest = &source[at..];
        let len = if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if let Some(comment) = rest.strip_prefix("/*") {
            comment.find("*/").map_or(rest.len(), |end| end + 4)
        } else if matches!(first, '"' | '\'' | '`') {
            let inside = quoted(&rest[1..], first);
            tokens.push(Token {
                text: &rest[1..1 + inside],
                is_string: first != '`',
                at,
            });
            (inside + 2).min(rest.len())
        } else {
            let len = match is_part(first) {
                true => rest.find(|c| !is_part(c)).unwrap_or(rest.len()),
                false => first.len_utf8(),
            };
            if !first.is_whitespace() {
                tokens.push(Token {
                    text: &rest[..len],
                    is_string: false,
                    at,
                });
            }
            len
        };
        at += len;
    }
    tokens
}

/// How many bytes of `text` stand before the quote that ends it.
fn quoted(text: &str, quote: char) -> usize {
    let mut is_escaped = false;
    text.find(|c| {
        // Only a template goes on in the next line.
        let ends = (c == quote && !is_escaped) || (c == '\n' && quote != '`');
        is_escaped = c == '\\' && !is_escaped;
        ends
    })
    .unwrap_or(text.len())
}

/// The line and column of a byte.
fn place(source: &str, at: usize) -> (u32, u32) {
    let before = &source[..at];
    let line = before.matches('\n').count() + 1;
    let start = before.rfind('\n').map_or(0, |newline| newline + 1);
    let column = before[start..].chars().count() + 1;
    let small = |number| u32::try_from(number).unwrap_or(u32::MAX);
    (small(line), small(column))
}

#[cfg(test)]
mod tests {
    use super::imports;

    #[track_caller]
    fn check(source: &str, expect: &[(&str, &str, u32, u32)]) {
        let found = imports(source);
        let found: Vec<_> = found
            .iter()
            .map(|import| {
                let (line, column) = import.place;
                (
                    import.name.as_str(),
                    import.specifier.as_str(),
                    line,
                    column,
                )
            })
            .collect();
        assert_eq!(found, expect, "{source}");
    }

    #[test]
    fn the_names_of_imports_are_found() {
        check("import { a } from 'x'", &[("a", "x", 1, 10)]);
        check(
            "// import { no } from 'no'\nimport d, { a as b,\n  c } from \"./x.js\";",
            &[
                ("default", "./x.js", 2, 8),
                ("a", "./x.js", 2, 13),
                ("c", "./x.js", 3, 3),
            ],
        );
        check("import * as all from 'x'", &[]);
        check("import 'x'; import { a } from 'y'", &[("a", "y", 1, 22)]);
        check("export { a as b } from 'x'", &[("a", "x", 1, 10)]);
        check("export * from 'x'", &[]);
    }

    #[test]
    fn what_is_no_import_is_passed_over() {
        check("const s = `import { a } from 'x'`; import('y')", &[]);
        check("export const from = 'x'; import.meta.url", &[]);
        check("import { a", &[]);
        check("'it\\'s'; import { é } from 'x'", &[("é", "x", 1, 19)]);
    }
}
