//! What was given in `#[js_fn(…)]`, `#[js(…)]` and the others. The keywords stand in one table, beside; what each means for an
//! item is the parser's business.

mod keywords;

use proc_macro2::{TokenStream, TokenTree};
use syn::ext::IdentExt;
use syn::parse::{ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::{Attribute, Expr, Ident, LitStr, Meta, Path, Token};

pub(crate) use keywords::{Place, Word};

use crate::report::Report;
use keywords::{Keyword, Takes, keywords, listed, nearest};

/// The keywords of one item, with their values.
#[derive(Default)]
pub(crate) struct Attrs {
    given: Vec<Given>,
}

/// One keyword with its value.
pub(crate) struct Given {
    /// Which it is.
    pub(crate) word: Word,
    /// Where it stands.
    pub(crate) key: Ident,
    value: Value,
}

enum Value {
    Nothing,
    Str(LitStr),
    Expr(Box<Expr>),
    Path(Path),
    List(Vec<LitStr>),
}

impl Attrs {
    /// Reads what stands between the parentheses of an attribute macro.
    pub(crate) fn parse(place: Place, tokens: TokenStream, report: &mut Report) -> Self {
        let mut attrs = Self::default();
        attrs.read(place, tokens, report);
        attrs
    }

    /// Takes the `#[js(…)]` attributes out of `from`.
    pub(crate) fn take(place: Place, from: &mut Vec<Attribute>, report: &mut Report) -> Self {
        let mut attrs = Self::default();
        from.retain(|attr| {
            if !attr.path().is_ident("js") {
                return true;
            }
            match &attr.meta {
                Meta::List(list) => attrs.read(place, list.tokens.clone(), report),
                Meta::Path(_) | Meta::NameValue(_) => report.help(
                    attr,
                    "`#[js]` says nothing by itself",
                    format_args!("write `#[js(…)]` with {}", listed(place)),
                ),
            }
            false
        });
        attrs
    }

    /// The keyword, when it was given.
    pub(crate) fn get(&self, word: Word) -> Option<&Given> {
        self.given.iter().find(|given| given.word == word)
    }

    /// The string of a keyword.
    pub(crate) fn text(&self, word: Word) -> Option<&LitStr> {
        match &self.get(word)?.value {
            Value::Str(text) => Some(text),
            _ => None,
        }
    }

    /// The path of a keyword.
    pub(crate) fn path(&self, word: Word) -> Option<&Path> {
        match &self.get(word)?.value {
            Value::Path(path) => Some(path),
            _ => None,
        }
    }

    /// The expression of a keyword; none when it was given without one.
    pub(crate) fn expr(&self, word: Word) -> Option<&Expr> {
        match &self.get(word)?.value {
            Value::Expr(expr) => Some(expr),
            _ => None,
        }
    }

    /// The strings of a keyword.
    pub(crate) fn list(&self, word: Word) -> &[LitStr] {
        match self.get(word).map(|given| &given.value) {
            Some(Value::List(list)) => list,
            _ => &[],
        }
    }

    /// All keywords, as they were written.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Given> {
        self.given.iter()
    }

    fn read(&mut self, place: Place, tokens: TokenStream, report: &mut Report) {
        let parser = |input: ParseStream<'_>| {
            while !input.is_empty() {
                if let Err(error) = self.read_one(place, input, report) {
                    report.push(error);
                }
                // What is left of an entry that was refused; the next one is read all the same.
                while !input.is_empty() && !input.peek(Token![,]) {
                    input.parse::<TokenTree>()?;
                }
                input.parse::<Option<Token![,]>>()?;
            }
            Ok(())
        };
        if let Err(error) = parser.parse2(tokens) {
            report.push(error);
        }
    }

    fn read_one(
        &mut self,
        place: Place,
        input: ParseStream<'_>,
        report: &mut Report,
    ) -> syn::Result<()> {
        let key = input.call(Ident::parse_any)?;
        let Some(keyword) = keywords(place).find(|keyword| key == keyword.text) else {
            report.push(unknown(place, &key));
            return Ok(());
        };
        let value = read_value(keyword, &key, input)?;
        if self.get(keyword.word).is_some() {
            report.error(&key, format_args!("`{key}` is given twice"));
            return Ok(());
        }
        self.given.push(Given {
            word: keyword.word,
            key,
            value,
        });
        Ok(())
    }
}

fn unknown(place: Place, key: &Ident) -> syn::Error {
    let help = match nearest(place, &key.to_string()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("it takes {}", listed(place)),
    };
    syn::Error::new_spanned(
        key,
        format_args!("{} has no key `{key}`\nhelp: {help}", place.text()),
    )
}

fn read_value(keyword: &Keyword, key: &Ident, input: ParseStream<'_>) -> syn::Result<Value> {
    let equals = input.parse::<Option<Token![=]>>()?;
    let wants = |shape: &str| {
        syn::Error::new_spanned(
            key,
            format_args!("`{key}` needs a value\nhelp: write `{key} = {shape}`"),
        )
    };
    match (keyword.takes, equals) {
        (Takes::Nothing | Takes::MaybeExpr, None) => Ok(Value::Nothing),
        (Takes::Nothing, Some(equals)) => Err(syn::Error::new_spanned(
            equals,
            format_args!("`{key}` takes no value"),
        )),
        (Takes::Str, None) => Err(wants("\"…\"")),
        (Takes::Path, None) => Err(wants("…")),
        (Takes::List, None) => Err(wants("[\"…\"]")),
        (Takes::Str, Some(_)) => input.parse().map(Value::Str),
        (Takes::MaybeExpr, Some(_)) => input.parse().map(Value::Expr),
        (Takes::Path, Some(_)) => input.parse().map(Value::Path),
        (Takes::List, Some(_)) => {
            let content;
            syn::bracketed!(content in input);
            let list = Punctuated::<LitStr, Token![,]>::parse_terminated(&content)?;
            Ok(Value::List(list.into_iter().collect()))
        }
    }
}
