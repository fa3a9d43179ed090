//! A tree of files that exists only in memory: what a render returns, and what a drive writes.
//!
//! The boundary: paths and contents. Nothing here touches a disk.

use std::collections::BTreeMap;

use similar::TextDiff;

/// Relative paths with `/` between the parts, and the contents of each file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FileTree(BTreeMap<String, String>);

impl FileTree {
    /// Adds a file; a second one of the same path would be our bug.
    pub fn insert(&mut self, path: impl Into<String>, contents: impl Into<String>) {
        let path = path.into();
        let old = self.0.insert(path.clone(), contents.into());
        assert!(old.is_none(), "tailor's bug: `{path}` is rendered twice");
    }

    /// The contents of a file.
    pub fn get(&self, path: &str) -> Option<&str> {
        self.0.get(path).map(String::as_str)
    }

    /// All files in the order of their paths.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0
            .iter()
            .map(|(path, contents)| (path.as_str(), contents.as_str()))
    }

    /// The tree as one text, for a snapshot or a person.
    pub fn to_text(&self) -> String {
        self.iter()
            .map(|(path, contents)| format!("==== {path}\n{contents}"))
            .collect::<Vec<_>>()
            .join("\n")
    }
}

/// The difference between what is there and what should be, as a unified diff; `None` when there is none.
pub fn diff(path: &str, is: &str, should: &str) -> Option<String> {
    (is != should).then(|| {
        TextDiff::from_lines(is, should)
            .unified_diff()
            .context_radius(3)
            .header(path, &format!("{path} (as generated)"))
            .to_string()
    })
}
