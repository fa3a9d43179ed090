//! `application/x-www-form-urlencoded`: the parameters of a query, and the list that scripts change.

use crate::percent::{self, encode};

/// A name and its value.
pub(crate) type Pair = (String, String);

/// The parameters of a query, in order. A name may be there more than once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct List {
    pairs: Vec<Pair>,
    /// How many bytes the names and values have.
    bytes: usize,
}

impl List {
    /// The parameters of `query`, which has no `?` before it.
    pub(crate) fn parse(query: &str) -> Self {
        query
            .split('&')
            .filter(|part| !part.is_empty())
            .map(|part| {
                let (name, value) = part.split_once('=').unwrap_or((part, ""));
                (decoded(name), decoded(value))
            })
            .collect()
    }

    /// The query that has these parameters.
    pub(crate) fn query(&self) -> String {
        let mut text = String::with_capacity(self.bytes + 2 * self.pairs.len());
        for (index, (name, value)) in self.pairs.iter().enumerate() {
            if index > 0 {
                text.push('&');
            }
            encode_part(&mut text, name);
            text.push('=');
            encode_part(&mut text, value);
        }
        text
    }

    /// How many parameters there are.
    pub(crate) fn len(&self) -> usize {
        self.pairs.len()
    }

    /// About how many bytes it takes.
    pub(crate) fn weight(&self) -> usize {
        self.bytes + self.pairs.len() * size_of::<Pair>()
    }

    /// The parameter at this place.
    pub(crate) fn at(&self, index: usize) -> Option<&Pair> {
        self.pairs.get(index)
    }

    /// The values of `name`, in order.
    pub(crate) fn values<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        let named = self.pairs.iter().filter(move |(known, _)| known == name);
        named.map(|(_, value)| value.as_str())
    }

    /// Adds a parameter at the end.
    pub(crate) fn append(&mut self, name: String, value: String) {
        self.bytes += name.len() + value.len();
        self.pairs.push((name, value));
    }

    /// Takes the parameters of this name away, or those of them that have this value.
    pub(crate) fn delete(&mut self, name: &str, value: Option<&str>) {
        self.pairs
            .retain(|(known, its)| known != name || value.is_some_and(|value| value != its));
        self.count();
    }

    /// Makes `value` the only one of this name, where the first one was.
    pub(crate) fn set(&mut self, name: String, value: String) {
        let first = self.pairs.iter().position(|(known, _)| *known == name);
        let Some(first) = first else {
            return self.append(name, value);
        };
        self.pairs[first].1 = value;
        let mut index = 0;
        self.pairs.retain(|(known, _)| {
            index += 1;
            index <= first + 1 || *known != name
        });
        self.count();
    }

    /// Sorts by names, code unit by code unit. Parameters of one name keep their order.
    pub(crate) fn sort(&mut self) {
        self.pairs
            .sort_by(|(one, _), (other, _)| one.encode_utf16().cmp(other.encode_utf16()));
    }

    fn count(&mut self) {
        let lens = self
            .pairs
            .iter()
            .map(|(name, value)| name.len() + value.len());
        self.bytes = lens.sum();
    }
}

impl FromIterator<Pair> for List {
    fn from_iter<I: IntoIterator<Item = Pair>>(pairs: I) -> Self {
        let mut list = Self {
            pairs: pairs.into_iter().collect(),
            bytes: 0,
        };
        list.count();
        list
    }
}

fn decoded(part: &str) -> String {
    let bytes: Vec<u8> = part
        .bytes()
        .map(|byte| if byte == b'+' { b' ' } else { byte })
        .collect();
    String::from_utf8(percent::decode(&bytes))
        .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
}

fn encode_part(text: &mut String, part: &str) {
    for (index, word) in part.split(' ').enumerate() {
        if index > 0 {
            text.push('+');
        }
        encode(text, word, percent::FORM);
    }
}

#[cfg(test)]
mod tests {
    use super::List;

    fn pairs(list: &List) -> Vec<(&str, &str)> {
        let pairs = (0..list.len()).filter_map(|index| list.at(index));
        pairs
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect()
    }

    #[test]
    fn a_query_is_read() {
        for (query, expected) in [
            ("", &[][..]),
            ("a=b&c=d", &[("a", "b"), ("c", "d")]),
            ("&&a&=b&", &[("a", ""), ("", "b")]),
            ("a=b=c+d%2B%20", &[("a", "b=c d+ ")]),
            ("%ff=%e2%82", &[("\u{fffd}", "\u{fffd}")]),
            ("%EF%BB%BFa=%", &[("\u{feff}a", "%")]),
        ] {
            assert_eq!(pairs(&List::parse(query)), expected, "{query}");
        }
    }

    #[test]
    fn what_is_written_is_read_again() {
        let parts = [
            "",
            " ",
            "+",
            "&",
            "=",
            "%",
            "%2",
            "a b",
            "é€😀",
            "\0",
            "'~*-._",
            "?#/",
        ];
        for name in parts {
            for value in parts {
                let list: List = [(name.to_owned(), value.to_owned()), ("z".into(), "".into())]
                    .into_iter()
                    .collect();
                assert_eq!(List::parse(&list.query()), list, "{name:?}={value:?}");
            }
        }
    }

    #[test]
    fn a_list_is_changed_in_place() {
        let mut list = List::parse("b=1&a=2&b=3&c=4&b=5");
        list.set("b".to_owned(), "9".to_owned());
        assert_eq!(list.query(), "b=9&a=2&c=4");
        list.append("a".to_owned(), "2 2".to_owned());
        list.delete("a", Some("2"));
        assert_eq!(list.query(), "b=9&c=4&a=2+2");
        list.delete("b", None);
        assert_eq!(list.values("a").collect::<Vec<_>>(), ["2 2"]);
        assert_eq!(list, List::parse(&list.query()));
    }

    #[test]
    fn names_are_sorted_by_code_units() {
        // U+1F600 is before U+FF41 by code units, and behind it by code points.
        let mut list = List::parse("ａ=1&😀=2&z=3&a=4&z=1&=0");
        list.sort();
        let sorted: Vec<_> = pairs(&list);
        assert_eq!(
            sorted,
            [
                ("", "0"),
                ("a", "4"),
                ("z", "3"),
                ("z", "1"),
                ("😀", "2"),
                ("ａ", "1")
            ]
        );
    }
}
