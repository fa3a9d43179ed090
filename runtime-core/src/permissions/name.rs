//! Names: environment variables, where `*` stands for any rest, and the names that native functions ask for.

use std::path::Path;

use super::layers::Entry;

/// A name, or the start of one.
#[derive(Clone, Debug)]
pub(super) struct NamePattern {
    start: String,
    is_open: bool,
}

impl Entry for NamePattern {
    type Asked = str;

    fn parse(text: &str, _base: &Path) -> Self {
        // The names of `sys` have no `*`: the table refuses it.
        let (start, is_open) = match text.strip_suffix('*') {
            Some(start) => (start, true),
            None => (text, false),
        };
        Self {
            start: start.to_owned(),
            is_open,
        }
    }

    fn matches(&self, asked: &str, _denies: bool) -> bool {
        match (asked.get(..self.start.len()), self.is_open) {
            (Some(start), true) => same(start, &self.start),
            (_, _) => same(asked, &self.start),
        }
    }

    fn covers(&self, other: &Self) -> bool {
        self.matches(&other.start, false) && (self.is_open || !other.is_open)
    }
}

/// Windows takes the names of environment variables in either case for the same.
fn same(left: &str, right: &str) -> bool {
    match cfg!(windows) {
        true => left.eq_ignore_ascii_case(right),
        false => left == right,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pattern(text: &str) -> NamePattern {
        NamePattern::parse(text, Path::new(""))
    }

    #[test]
    fn a_star_stands_for_any_rest() {
        let rows = [
            ("HOME", "HOME", true),
            ("HOME", "HOMER", false),
            ("HOME", "HOM", false),
            ("HOME", "", false),
            ("ACME_*", "ACME_KEY", true),
            ("ACME_*", "ACME_", true),
            ("ACME_*", "ACME", false),
            ("ACME_*", "XACME_KEY", false),
            ("*", "ANYTHING", true),
            ("*", "", true),
            ("A*", "É", false),
        ];
        for (entry, name, expect) in rows {
            assert_eq!(
                pattern(entry).matches(name, false),
                expect,
                "{name} by {entry}"
            );
        }
    }

    #[test]
    fn what_a_pattern_covers() {
        let rows = [
            ("A*", "AB", true),
            ("A*", "AB*", true),
            ("A*", "A*", true),
            ("A*", "*", false),
            ("AB*", "A*", false),
            ("A", "A", true),
            ("A", "A*", false),
            ("*", "*", true),
        ];
        for (wide, narrow, expect) in rows {
            assert_eq!(
                pattern(wide).covers(&pattern(narrow)),
                expect,
                "{narrow} by {wide}"
            );
        }
    }
}
