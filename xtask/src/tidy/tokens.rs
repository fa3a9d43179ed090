//! Rust as tokens with their lines, so that a word in a comment or a string is not taken for code.
//!
//! The boundary: a flat list. A doc comment is a `doc` attribute here, as it is for the compiler.

use proc_macro2::{Delimiter, TokenStream, TokenTree};

/// A token and the line that it begins on.
#[derive(Clone, Debug)]
pub(super) struct Token {
    /// The line, from 1.
    pub(super) line: usize,
    /// The identifier, the punctuation's one character, the literal, or a bracket.
    pub(super) text: String,
}

/// The tokens of a Rust file; none when it is no Rust, which the compiler says better.
pub(super) fn tokens(text: &str) -> Vec<Token> {
    // A line that names an interpreter is no token.
    let text = match text.strip_prefix("#!") {
        Some(rest) if !rest.trim_start().starts_with('[') => format!("//{rest}"),
        _ => text.to_owned(),
    };
    let mut out = Vec::new();
    if let Ok(stream) = text.parse::<TokenStream>() {
        flatten(stream, &mut out);
    }
    out
}

fn flatten(stream: TokenStream, out: &mut Vec<Token>) {
    for tree in stream {
        let line = tree.span().start().line;
        match tree {
            TokenTree::Group(group) => {
                let (open, close) = match group.delimiter() {
                    Delimiter::Parenthesis => ("(", ")"),
                    Delimiter::Brace => ("{", "}"),
                    Delimiter::Bracket => ("[", "]"),
                    Delimiter::None => ("", ""),
                };
                out.push(Token {
                    line,
                    text: open.to_owned(),
                });
                flatten(group.stream(), out);
                let line = group.span_close().start().line;
                out.push(Token {
                    line,
                    text: close.to_owned(),
                });
            }
            other => out.push(Token {
                line,
                text: other.to_string(),
            }),
        }
    }
}

/// Where these tokens stand one after another.
pub(super) fn positions<'t>(
    tokens: &'t [Token],
    pattern: &'t [&str],
) -> impl Iterator<Item = usize> + 't {
    let is = move |window: &[Token]| {
        window
            .iter()
            .zip(pattern)
            .all(|(token, text)| token.text == *text)
    };
    tokens
        .windows(pattern.len())
        .enumerate()
        .filter(move |(_, window)| is(window))
        .map(|(at, _)| at)
}

/// The lines where these tokens stand one after another.
pub(super) fn lines_with(tokens: &[Token], pattern: &[&str]) -> Vec<usize> {
    positions(tokens, pattern)
        .map(|at| tokens[at].line)
        .collect()
}

/// The attributes: the tokens between the brackets of each `#[…]` and `#![…]`.
pub(super) fn attributes(tokens: &[Token]) -> impl Iterator<Item = &[Token]> {
    tokens
        .iter()
        .enumerate()
        .filter(|(_, token)| token.text == "#")
        .filter_map(|(at, _)| {
            let after = &tokens[at + 1..];
            let inner = after.first().is_some_and(|token| token.text == "!");
            let after = &after[usize::from(inner)..];
            after
                .first()
                .filter(|token| token.text == "[")
                .map(|_| group(after))
        })
}

/// What stands between a bracket, which is the first token, and the one that closes it.
pub(super) fn group(tokens: &[Token]) -> &[Token] {
    let mut depth = 0_usize;
    for (at, token) in tokens.iter().enumerate() {
        match token.text.as_str() {
            "(" | "[" | "{" => depth += 1,
            ")" | "]" | "}" => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return tokens.get(1..at).unwrap_or_default();
        }
    }
    tokens
}

/// The tokens that are not of a test: without the items behind each `#[cfg(…)]` that asks for `test`.
pub(super) fn outside_tests(tokens: &[Token]) -> Vec<Token> {
    let mut kept = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let opens = tokens[at].text == "#" && tokens.get(at + 1).is_some_and(|it| it.text == "[");
        let attribute = if opens { group(&tokens[at + 1..]) } else { &[] };
        if !asks_for_test(attribute) {
            kept.push(tokens[at].clone());
            at += 1;
            continue;
        }
        at += attribute.len() + 3;
        // The item ends with its block, or where it has none, with a semicolon.
        while let Some(token) = tokens.get(at) {
            let inner = match token.text.as_str() {
                "(" | "[" | "{" => group(&tokens[at..]).len() + 1,
                _ => 0,
            };
            at += inner + 1;
            if matches!(token.text.as_str(), "{" | ";") {
                break;
            }
        }
    }
    kept
}

fn asks_for_test(attribute: &[Token]) -> bool {
    let text = |at: usize| attribute.get(at).map_or("", |token| token.text.as_str());
    let asks = |at: usize| text(at) == "test" && at >= 2 && text(at - 2) != "not";
    text(0) == "cfg" && (0..attribute.len()).any(asks)
}
