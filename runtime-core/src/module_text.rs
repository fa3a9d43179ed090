//! What the text of a module says without being run: what it imports and exports, and where a name
//! stands in it.
//!
//! The boundary: text to names and places. The text parsed before, so what is not understood here
//! is passed over.

/// A name that a module imports, or exports from another.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Import {
    /// What the other module should export.
    pub(crate) name: String,
    /// What the other module is called.
    pub(crate) specifier: String,
    /// The line and column of the name.
    pub(crate) place: (u32, u32),
}

/// The names that a module exports.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Exports {
    /// The names, in the order of the text.
    pub(crate) names: Vec<String>,
    /// Whether it may export more: everything of another module, or what a pattern takes apart.
    pub(crate) has_more: bool,
}

/// Every name that `source` imports.
pub(crate) fn imports(source: &str) -> Vec<Import> {
    let tokens = tokens(source);
    let mut found = Vec::new();
    let mut rest = tokens.as_slice();
    while let Some((first, after)) = rest.split_first() {
        rest = after;
        if !matches!(first.text, "import" | "export") {
            continue;
        }
        // A statement ends at its specifier. What has none is another statement: `import(…)`,
        // `export const`.
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

/// The line and column of the specifier where `source` imports the module that it calls
/// `specifier`.
pub(crate) fn import_of(source: &str, specifier: &str) -> Option<(u32, u32)> {
    let tokens = tokens(source);
    let is_import = |at: usize| {
        let before = |steps: usize| at.checked_sub(steps).map(|at| tokens[at].text);
        match before(1) {
            Some("from" | "import") => true,
            Some("(") => before(2) == Some("import"),
            _ => false,
        }
    };
    let mut strings = tokens.iter().enumerate();
    let found =
        strings.find(|(at, token)| token.is_string && token.text == specifier && is_import(*at));
    found.map(|(_, token)| place(source, token.at))
}

/// What `source` exports.
pub(crate) fn exports(source: &str) -> Exports {
    let tokens = tokens(source);
    let mut found = Exports::default();
    for (at, token) in tokens.iter().enumerate() {
        let is_property = at > 0 && tokens[at - 1].text == ".";
        if token.text != "export" || token.is_string || is_property {
            continue;
        }
        let after = &tokens[at + 1..];
        let word = |at: usize| after.get(at).map_or("", |token| token.text);
        let name = match word(0) {
            "default" => "default",
            "async" | "function" | "class" => {
                let named = after.iter().map(|token| token.text);
                let mut named =
                    named.skip_while(|text| matches!(*text, "async" | "function" | "class" | "*"));
                named.next().unwrap_or_default()
            }
            "*" if word(1) == "as" => word(2),
            "*" => {
                found.has_more = true;
                continue;
            }
            "{" => {
                let listed = after[1..].split(|token| token.text == "}").next();
                let names = listed.unwrap_or_default().split(|token| token.text == ",");
                let last = names.filter_map(|name| name.last());
                found.names.extend(last.map(|token| token.text.to_owned()));
                continue;
            }
            "const" | "let" | "var" => {
                declared(&after[1..], &mut found);
                continue;
            }
            _ => continue,
        };
        if !name.is_empty() {
            found.names.push(name.to_owned());
        }
    }
    found
}

/// The names that a declaration makes, from behind its keyword: `a = 1, b = f(2, 3);`.
fn declared(tokens: &[Token<'_>], found: &mut Exports) {
    let mut depth = 0_usize;
    let mut is_name = true;
    for token in tokens {
        if is_name {
            if !token.text.starts_with(is_part) {
                found.has_more = true;
                return;
            }
            found.names.push(token.text.to_owned());
            is_name = false;
            continue;
        }
        match token.text {
            _ if token.is_string => {}
            "(" | "[" | "{" => depth += 1,
            ")" | "]" | "}" => depth = depth.saturating_sub(1),
            "," if depth == 0 => is_name = true,
            ";" | "export" | "import" | "const" | "let" | "var" if depth == 0 => return,
            _ => {}
        }
    }
}

/// The names in `source` that `name` may have been meant to be: those that stand in it and are no
/// properties. None when it declares `name` itself, which is then used too early and is no mistake
/// in writing.
pub(crate) fn names_beside<'a>(source: &'a str, name: &str) -> Vec<&'a str> {
    let mut names = Vec::new();
    if !declarations(source, name).is_empty() {
        return names;
    }
    let tokens = tokens(source);
    for (at, token) in tokens.iter().enumerate() {
        let before = at.checked_sub(1).map_or("", |at| tokens[at].text);
        let is_word = token
            .text
            .starts_with(|c: char| is_part(c) && !c.is_ascii_digit());
        if token.is_string || !is_word || before == "." || is_keyword(token.text) {
            continue;
        }
        if token.text != name {
            names.push(token.text);
        }
    }
    names
}

/// Whether no variable has this name, as the language has it.
fn is_keyword(word: &str) -> bool {
    const WORDS: &str = "\
        async await break case catch class const continue debugger default delete do else \
        export extends false finally for from function if import in instanceof let new null of \
        return static super switch this throw true try typeof var void while with yield";
    WORDS.split_whitespace().any(|keyword| keyword == word)
}

/// The lines and columns at which `name` is declared.
pub(crate) fn declarations(source: &str, name: &str) -> Vec<(u32, u32)> {
    let tokens = tokens(source);
    let pairs = tokens.windows(2);
    let declared = pairs
        .filter(|pair| !pair[1].is_string && pair[1].text == name && declares(pair[0].text))
        .map(|pair| place(source, pair[1].at));
    // Who asks wants one or two of them.
    declared.take(3).collect()
}

/// Whether what stands behind this word is a name that it declares.
fn declares(word: &str) -> bool {
    matches!(word, "const" | "let" | "var" | "function" | "class")
}

/// The line and column at which `name` is used first, from a line and column on.
pub(crate) fn next_use(source: &str, name: &str, from: (u32, u32)) -> Option<(u32, u32)> {
    let mut lines = source.split_inclusive('\n');
    let before = lines.by_ref().take(from.0.saturating_sub(1) as usize);
    let start: usize = before.map(str::len).sum();
    let line = lines.next().unwrap_or_default().chars();
    let before = line.take(from.1.saturating_sub(1) as usize);
    let from = start + before.map(char::len_utf8).sum::<usize>();
    let at = uses(source, name).find(|at| *at >= from)?;
    Some(place(source, at))
}

/// Where `name` stands in `source` and is no property and no part of another name.
fn uses<'a>(source: &'a str, name: &'a str) -> impl Iterator<Item = usize> + 'a {
    let is_part = |c: char| is_part(c) || matches!(c, '\u{200c}' | '\u{200d}');
    let found = source.match_indices(name).map(|(at, _)| at);
    found.filter(move |at| {
        let before = &source[..*at];
        !name.is_empty()
            && !before.ends_with(is_part)
            && !before.trim_end().ends_with('.')
            && !source[at + name.len()..].starts_with(is_part)
    })
}

/// The column, in characters, of a column that an engine counts in bytes.
pub(crate) fn column_of_byte(source: &str, line: u32, column: u32) -> u32 {
    let text = line.checked_sub(1);
    let text = text.and_then(|line| source.lines().nth(line as usize));
    let bytes = column.saturating_sub(1) as usize;
    let Some(text) = text.filter(|text| !text.is_ascii()) else {
        return column;
    };
    let before = text
        .char_indices()
        .take_while(|(at, _)| *at < bytes)
        .count();
    let behind = bytes.saturating_sub(text.len());
    u32::try_from(before + behind + 1).unwrap_or(column)
}

struct Listed<'a> {
    token: &'a Token<'a>,
    /// Whether it stands in braces.
    is_listed: bool,
}

/// The names of a clause that the other module must export: in `a, { b as c, d }` these are `a`,
/// `b` and `d`.
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

/// Words, signs and strings. Comments are passed over, and so is the inside of templates, which
/// imports nothing.
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
    use super::*;

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

    #[test]
    fn the_names_that_a_module_exports_are_found() {
        let check = |source, expect: &[&str], has_more| {
            let found = exports(source);
            assert_eq!(found.names, expect, "{source}");
            assert_eq!(found.has_more, has_more, "{source}");
        };
        check(
            "export function f(a, b) {}\nexport async function* g() {}\nexport class C {}",
            &["f", "g", "C"],
            false,
        );
        check(
            "export const a = f(1, [2, 3]), b = { c: 1, d: 2 };\nexport let e",
            &["a", "b", "e"],
            false,
        );
        check(
            "export { a, b as c, d as default }; export default class X {}",
            &["a", "c", "default", "default"],
            false,
        );
        check("export { a as b } from './x.js'; export {}", &["b"], false);
        check("export * as all from './x.js'", &["all"], false);
        check("export * from './x.js'; export const a = 1", &["a"], true);
        check("export const { a, b } = c", &[], true);
        check("x.export = 1; '// export const no = 1'", &[], false);
    }

    #[test]
    fn an_import_has_the_place_of_its_specifier() {
        let source = "const s = './a.js';\nimport { a } from './a.js';\nimport './b.js';\n\
                      const é = await import(\"./c.js\");\nexport * from './d.js';";
        assert_eq!(import_of(source, "./a.js"), Some((2, 19)));
        assert_eq!(import_of(source, "./b.js"), Some((3, 8)));
        assert_eq!(import_of(source, "./c.js"), Some((4, 24)));
        assert_eq!(import_of(source, "./d.js"), Some((5, 15)));
        assert_eq!(import_of(source, "./e.js"), None);
    }

    #[test]
    fn declarations_of_a_name_have_their_places() {
        let check = |source, expect: &[(u32, u32)]| {
            assert_eq!(declarations(source, "a"), expect, "{source}");
        };
        check("let a = 1; const a = 2;", &[(1, 5), (1, 18)]);
        check("let a = 1; // let a\nfunction a() {}", &[(1, 5), (2, 10)]);
        check("let b; a; 'let a'", &[]);
    }

    #[test]
    fn the_next_use_of_a_name_is_found_from_a_place_on() {
        let source = "nope(é, nope);\n\tnope();";
        assert_eq!(next_use(source, "nope", (1, 1)), Some((1, 1)));
        assert_eq!(next_use(source, "nope", (1, 2)), Some((1, 9)));
        assert_eq!(next_use(source, "nope", (1, 10)), Some((2, 2)));
        assert_eq!(next_use(source, "nope", (2, 3)), None);
        assert_eq!(next_use(source, "nope", (9, 1)), None);
        for (source, expect) in [
            ("a.nope; nope", Some((1, 9))),
            ("nopes; $nope; nope", Some((1, 15))),
            ("a.nope", None),
            ("", None),
        ] {
            assert_eq!(next_use(source, "nope", (1, 1)), expect, "{source}");
        }
        assert_eq!(next_use("a", "", (1, 1)), None);
    }

    #[test]
    fn the_names_beside_a_name_are_those_that_it_may_be() {
        let source =
            "import { readText } from 'x';\nfunction format(list) {}\nfromat(list.fromats, 1);";
        let found = names_beside(source, "fromat");
        assert_eq!(found, ["readText", "format", "list", "list"]);
        let found = names_beside("use(total); let total = 1; let totals;", "total");
        assert!(found.is_empty(), "{found:?}");
    }

    #[test]
    fn columns_in_bytes_become_columns_in_characters() {
        let source = "abc\nü日 x";
        assert_eq!(column_of_byte(source, 1, 3), 3);
        assert_eq!(column_of_byte(source, 2, 1), 1);
        assert_eq!(column_of_byte(source, 2, 3), 2);
        assert_eq!(column_of_byte(source, 2, 7), 4);
        assert_eq!(column_of_byte(source, 2, 8), 5);
        assert_eq!(column_of_byte(source, 9, 4), 4);
    }
}
