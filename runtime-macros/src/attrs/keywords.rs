//! The table of keywords: the parser, the messages and the near misses all come from it.

/// A keyword.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Word {
    /// Another JavaScript name.
    Name,
    /// What a call needs.
    Permission,
    /// The native class that a class extends.
    Extends,
    /// What `import` calls a module.
    Specifier,
    /// A module's exports are global.
    Globals,
    /// A module's exports are one global object.
    Namespace,
    /// The function that adds to a module's exports.
    Setup,
    /// The names that it adds.
    More,
    /// The value of what is absent.
    Default,
    /// The field that is the state of the extended class.
    Base,
    /// The function behind `new`.
    Constructor,
    /// A getter.
    Get,
    /// A setter.
    Set,
    /// The method that gives what a `for` loop goes through.
    Iterator,
    /// The method that gives the next item of a class that is its own iterator.
    Next,
    /// The property that tells the variants of an enum apart.
    Tag,
    /// A number that stands on the class and on the prototype.
    Constant,
    /// Enumeration shows the members of a class.
    Enumerable,
    /// A field that holds JavaScript values.
    Slot,
    /// The instances of a class are errors.
    Error,
}

/// What stands after a keyword.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Takes {
    /// `key`
    Nothing,
    /// `key = "text"`
    Str,
    /// `key` or `key = EXPR`
    MaybeExpr,
    /// `key = path::to::item`
    Path,
    /// `key = ["text", …]`
    List,
}

/// Where an attribute stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// `#[js_fn(…)]`
    Fn,
    /// `#[js(…)]` on a parameter.
    Param,
    /// `#[js_class(…)]` on a struct.
    Class,
    /// `#[js_class(…)]` on an `impl` block.
    Impl,
    /// `#[js(…)]` on a field of a class.
    ClassField,
    /// `#[js(…)]` on a field of a struct that slots stand in.
    Traced,
    /// `#[js(…)]` on a function of a class.
    Member,
    /// `#[js(…)]` on a constant of a class.
    Constant,
    /// `#[js_module(…)]`
    Module,
    /// `#[js(…)]` on a struct that crosses by value.
    Struct,
    /// `#[js(…)]` on an enum that crosses by value.
    Enum,
    /// `#[js(…)]` on a field of either.
    Field,
    /// `#[js(…)]` on a variant.
    Variant,
}

impl Place {
    /// The place as messages name it.
    pub(crate) fn text(self) -> &'static str {
        match self {
            Self::Fn => "`#[js_fn]`",
            Self::Param => "`#[js]` on a parameter",
            Self::Class => "`#[js_class]` on a struct",
            Self::Impl => "`#[js_class]` on an `impl` block",
            Self::ClassField => "`#[js]` on a field of a class",
            Self::Traced => "`#[js]` on a field of a struct with `#[derive(Trace)]`",
            Self::Member => "`#[js]` on a function of a class",
            Self::Constant => "`#[js]` on a constant of a class",
            Self::Module => "`#[js_module]`",
            Self::Struct => "`#[js]` on a struct",
            Self::Enum => "`#[js]` on an enum",
            Self::Field => "`#[js]` on a field",
            Self::Variant => "`#[js]` on a variant",
        }
    }
}

/// A row of the table.
#[derive(Debug)]
pub(crate) struct Keyword {
    /// As it is written.
    pub(crate) text: &'static str,
    /// Which it is.
    pub(crate) word: Word,
    /// What stands after it.
    pub(crate) takes: Takes,
    /// Where it may stand.
    pub(crate) places: &'static [Place],
}

const fn row(text: &'static str, word: Word, takes: Takes, places: &'static [Place]) -> Keyword {
    Keyword {
        text,
        word,
        takes,
        places,
    }
}

use Place::{
    Class, ClassField, Constant, Enum, Field, Fn, Member, Module, Param, Struct, Traced, Variant,
};

/// All of them.
pub(crate) static KEYWORDS: &[Keyword] = &[
    row("constructor", Word::Constructor, Takes::Nothing, &[Member]),
    row("get", Word::Get, Takes::Nothing, &[Member]),
    row("set", Word::Set, Takes::Nothing, &[Member]),
    row("iterator", Word::Iterator, Takes::Nothing, &[Member]),
    row("next", Word::Next, Takes::Nothing, &[Member]),
    row(
        "name",
        Word::Name,
        Takes::Str,
        &[
            Fn, Class, Member, Constant, Module, Struct, Enum, Field, Variant,
        ],
    ),
    row("permission", Word::Permission, Takes::Str, &[Fn, Member]),
    row("default", Word::Default, Takes::MaybeExpr, &[Param, Field]),
    row("constant", Word::Constant, Takes::Nothing, &[Constant]),
    row("extends", Word::Extends, Takes::Path, &[Class]),
    row("enumerable", Word::Enumerable, Takes::Nothing, &[Class]),
    row("error", Word::Error, Takes::Nothing, &[Class]),
    row("base", Word::Base, Takes::Nothing, &[ClassField]),
    row("slot", Word::Slot, Takes::Nothing, &[ClassField, Traced]),
    row("tag", Word::Tag, Takes::Str, &[Enum]),
    row("specifier", Word::Specifier, Takes::Str, &[Module]),
    row("globals", Word::Globals, Takes::Nothing, &[Module]),
    row("namespace", Word::Namespace, Takes::Str, &[Module]),
    row("setup", Word::Setup, Takes::Path, &[Module]),
    row("more", Word::More, Takes::List, &[Module]),
];

/// The keywords that may stand at `place`.
pub(crate) fn keywords(place: Place) -> impl Iterator<Item = &'static Keyword> {
    KEYWORDS
        .iter()
        .filter(move |keyword| keyword.places.contains(&place))
}

/// The keywords that may stand at `place`, as a message lists them.
pub(crate) fn listed(place: Place) -> String {
    let all: Vec<_> = keywords(place)
        .map(|keyword| format!("`{}`", keyword.text))
        .collect();
    match all.split_last() {
        None => "nothing".to_owned(),
        Some((only, [])) => only.clone(),
        Some((last, rest)) => format!("{} or {last}", rest.join(", ")),
    }
}

/// The keyword nearest to `text` at `place`, when one is near.
pub(crate) fn nearest(place: Place, text: &str) -> Option<&'static str> {
    keywords(place)
        .map(|keyword| (distance(keyword.text, text), keyword.text))
        .filter(|(distance, keyword)| *distance <= 3 && *distance < keyword.len())
        .min()
        .map(|(_, keyword)| keyword)
}

/// How many letters must be inserted, removed or replaced to make one word of the other.
fn distance(one: &str, other: &str) -> usize {
    let mut row: Vec<usize> = (0..=other.chars().count()).collect();
    for (i, a) in one.chars().enumerate() {
        let mut corner = std::mem::replace(&mut row[0], i + 1);
        for (j, b) in other.chars().enumerate() {
            let replaced = corner + usize::from(a != b);
            corner = row[j + 1];
            row[j + 1] = replaced.min(corner + 1).min(row[j] + 1);
        }
    }
    row[row.len() - 1]
}

#[cfg(test)]
mod tests {
    use super::{Place, listed, nearest};

    #[test]
    fn a_near_miss_is_found_and_a_far_one_is_not() {
        assert_eq!(nearest(Place::Fn, "permision"), Some("permission"));
        assert_eq!(nearest(Place::Fn, "naem"), Some("name"));
        assert_eq!(nearest(Place::Fn, "colour"), None);
        assert_eq!(nearest(Place::Impl, "name"), None);
    }

    #[test]
    fn a_list_reads_as_a_sentence() {
        assert_eq!(listed(Place::Fn), "`name` or `permission`");
        assert_eq!(listed(Place::ClassField), "`base` or `slot`");
        assert_eq!(listed(Place::Impl), "nothing");
    }
}
