//! The seeds of a target: its own, each of which once found something or shows a form of input, and files of the repository.
//!
//! The boundary: reading. Their order is that of their paths, so that what is made of them is the same everywhere.

use std::path::Path;

use crate::{Target, repository};

/// The seeds of `target`, by their paths in the repository.
pub(crate) fn of(target: &Target) -> Vec<(String, Vec<u8>)> {
    let root = repository();
    let own = format!("fuzz/seeds/{}", target.name);
    let mut seeds = Vec::new();
    collect(&root, &own, "", &mut seeds);
    for path in target.more_seeds {
        collect(&root, path, target.extension, &mut seeds);
    }
    seeds
}

/// What is at `path`: a file, or all below a folder whose names end in `end`. A folder that is not there has none.
fn collect(root: &Path, path: &str, end: &str, seeds: &mut Vec<(String, Vec<u8>)>) {
    let whole = root.join(path);
    if whole.is_file() {
        if path.ends_with(end) {
            let bytes = std::fs::read(&whole).expect("a seed can be read");
            seeds.push((path.to_owned(), bytes));
        }
        return;
    }
    let Ok(entries) = std::fs::read_dir(&whole) else {
        return;
    };
    let mut names: Vec<String> = entries
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .collect();
    names.sort();
    for name in names {
        collect(root, &format!("{path}/{name}"), end, seeds);
    }
}
