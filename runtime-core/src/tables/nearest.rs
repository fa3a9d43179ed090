//! Which of some names was meant, when one is written that there is not. Only what is close is named,
//! as a wrong suggestion is worse than none.

/// The longest name in bytes for which a close one is looked for.
const LONGEST: usize = 64;

/// The name that `name` may have been meant to be: one that differs in a third of its letters at
/// most, and in no more than three. One that differs only in capital letters is close, too.
pub fn nearest<'a>(name: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let len = name.chars().count();
    if name.len() > LONGEST || len < 2 {
        return None;
    }
    let most = (len / 3).clamp(1, 3);
    let close = names.into_iter().filter(|other| *other != name);
    let close = close.filter(|other| other.len() <= 2 * LONGEST);
    let close = close.filter_map(|other| {
        let distance = match other.eq_ignore_ascii_case(name) {
            true => 0,
            false => distance(other, name),
        };
        (distance <= most && distance < other.chars().count()).then_some((distance, other))
    });
    close.min().map(|(_, other)| other)
}

/// The edit distance of two short names.
pub fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, left) in a.chars().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], i + 1);
        for (j, right) in b.iter().enumerate() {
            let changed = diagonal + usize::from(left != *right);
            let shorter = row[j].min(row[j + 1]) + 1;
            diagonal = std::mem::replace(&mut row[j + 1], changed.min(shorter));
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn only_what_is_close_is_suggested() {
        const NAMES: [&str; 6] = ["console", "Date", "Map", "setTimeout", "URL", "readText"];
        for (name, expect) in [
            ("consol", Some("console")),
            ("cosnole", Some("console")),
            ("settimeout", Some("setTimeout")),
            ("Url", Some("URL")),
            ("readTxt", Some("readText")),
            ("console", None),
            ("nope", None),
            ("foo", None),
            ("u", None),
            ("", None),
        ] {
            assert_eq!(nearest(name, NAMES), expect, "{name}");
        }
        assert_eq!(nearest(&"a".repeat(100), NAMES), None);
    }
}
