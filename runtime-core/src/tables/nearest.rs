//! Which of some names was meant, when one is written that there is not.

/// The name that `name` may have been meant to be.
pub fn nearest<'a>(name: &str, names: &[&'a str]) -> Option<&'a str> {
    let near = names.iter().map(|other| (distance(other, name), *other));
    near.filter(|(distance, other)| *distance <= 3 && *distance < other.len())
        .min()
        .map(|(_, other)| other)
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
