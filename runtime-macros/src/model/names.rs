//! Names: how a Rust name becomes a JavaScript one, and the doc comment that goes with it.

use proc_macro2::Span;
use syn::ext::IdentExt;
use syn::{Attribute, Expr, ExprLit, Ident, Lit, LitStr, Meta};

use crate::attrs::{Attrs, Word};

/// A JavaScript name, and where it was written.
#[derive(Clone, Debug)]
pub(crate) struct Name {
    /// The name.
    pub(crate) text: String,
    /// The Rust name that it comes from, or the string that replaces it.
    pub(crate) span: Span,
}

impl Name {
    /// The name that `attrs` give, or else `ident` in camelCase.
    pub(crate) fn camel(attrs: &Attrs, ident: &Ident) -> Self {
        Self::given(attrs).unwrap_or_else(|| Self {
            text: camel_case(&plain(ident)),
            span: ident.span(),
        })
    }

    /// The name that `attrs` give, or else `ident` as it is.
    pub(crate) fn same(attrs: &Attrs, ident: &Ident) -> Self {
        Self::given(attrs).unwrap_or_else(|| Self {
            text: plain(ident),
            span: ident.span(),
        })
    }

    fn given(attrs: &Attrs) -> Option<Self> {
        attrs.text(Word::Name).map(|name: &LitStr| Self {
            text: name.value(),
            span: name.span(),
        })
    }
}

/// An identifier's text, without `r#`.
pub(crate) fn plain(ident: &Ident) -> String {
    ident.unraw().to_string()
}

/// `read_text`, `ReadText` and `_read_text` are `readText`; the first word of `URL` and `HTTPServer` goes down as a whole.
pub(crate) fn camel_case(name: &str) -> String {
    let name = name.trim_start_matches('_');
    let mut words = name.split('_').filter(|word| !word.is_empty());
    let mut camel = words.next().map(lower_first).unwrap_or_default();
    for word in words {
        let mut letters = word.chars();
        camel.extend(letters.next().into_iter().flat_map(char::to_uppercase));
        camel.push_str(letters.as_str());
    }
    camel
}

/// `edge_cache` is `edge-cache`.
pub(crate) fn kebab_case(name: &str) -> String {
    name.trim_matches('_').replace('_', "-")
}

fn lower_first(word: &str) -> String {
    let letters: Vec<char> = word.chars().collect();
    let upper = letters
        .iter()
        .take_while(|letter| letter.is_uppercase())
        .count();
    // The last capital of `HTTPServer`'s first four belongs to the next word.
    let down = match upper {
        0 => 0,
        _ if upper == letters.len() => upper,
        1 => 1,
        _ => upper - 1,
    };
    letters
        .iter()
        .enumerate()
        .flat_map(|(index, letter)| match index < down {
            true => letter.to_lowercase().collect::<Vec<_>>(),
            false => vec![*letter],
        })
        .collect()
}

/// Whether JavaScript can write `name` after a dot.
pub(crate) fn is_identifier(name: &str) -> bool {
    let is_start = |c: char| c.is_alphabetic() || c == '_' || c == '$';
    name.starts_with(is_start) && name.chars().all(|c| is_start(c) || c.is_numeric())
}

/// The doc comment, as markdown.
pub(crate) fn doc(attrs: &[Attribute]) -> String {
    let lines: Vec<String> = attrs
        .iter()
        .filter_map(|attr| match &attr.meta {
            Meta::NameValue(meta) if meta.path.is_ident("doc") => match &meta.value {
                Expr::Lit(ExprLit {
                    lit: Lit::Str(text),
                    ..
                }) => Some(text.value()),
                _ => None,
            },
            _ => None,
        })
        .flat_map(|text| text.split('\n').map(str::to_owned).collect::<Vec<_>>())
        .map(|line| {
            line.strip_prefix(' ')
                .unwrap_or(&line)
                .trim_end()
                .to_owned()
        })
        .collect();
    lines.join("\n").trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::{camel_case, doc, is_identifier};

    #[test]
    fn rust_names_become_camel_case() {
        for (rust, js) in [
            ("greet", "greet"),
            ("read_text_file", "readTextFile"),
            ("_unused", "unused"),
            ("InProgress", "inProgress"),
            ("URL", "url"),
            ("HTTPServer", "httpServer"),
            ("x1_y2", "x1Y2"),
        ] {
            assert_eq!(camel_case(rust), js, "{rust}");
        }
    }

    #[test]
    fn an_identifier_is_what_can_stand_after_a_dot() {
        for good in ["a", "$x", "_1", "größe", "delete"] {
            assert!(is_identifier(good), "{good}");
        }
        for bad in ["", "1a", "a-b", "a b", "a."] {
            assert!(!is_identifier(bad), "{bad}");
        }
    }

    #[test]
    fn a_doc_comment_keeps_its_lines_and_loses_its_margin() {
        let item: syn::ItemFn = syn::parse_quote! {
            /// First.
            ///
            ///   indented
            fn f() {}
        };
        assert_eq!(doc(&item.attrs), "First.\n\n  indented");
    }
}
