//! The files of the repository: what is committed, and what would be.
//!
//! The boundary: the only part of tidy that reads the disk. It asks git; in a copy without one it walks the folders and leaves
//! out what the `.gitignore` of the root names.

use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

use super::tokens::{Token, tokens};
use crate::diagnostics::Report;
use crate::files;

/// The folder of other projects' code, which keeps their rules.
const FOREIGN: &str = "vendor/";

/// A text file.
#[derive(Debug)]
pub(crate) struct File {
    /// From the folder of the repository, with `/`.
    pub(super) path: String,
    /// Its contents.
    pub(super) text: String,
    tokens: OnceCell<Vec<Token>>,
}

/// The files by path.
#[derive(Debug, Default)]
pub(crate) struct Tree {
    files: BTreeMap<String, File>,
}

impl File {
    /// The tokens of a Rust file; of any other there are none.
    pub(super) fn tokens(&self) -> &[Token] {
        self.tokens.get_or_init(|| match self.is_rust() {
            true => tokens(&self.text),
            false => Vec::new(),
        })
    }

    /// Whether it is a file of Rust.
    pub(super) fn is_rust(&self) -> bool {
        self.path.ends_with(".rs")
    }

    /// Its lines with their numbers, from 1.
    pub(super) fn lines(&self) -> impl Iterator<Item = (usize, &str)> {
        self.text
            .lines()
            .enumerate()
            .map(|(at, line)| (at + 1, line))
    }
}

impl Tree {
    /// Reads the repository in `root`. What is not UTF-8 has a path and no text.
    pub(crate) fn read(root: &Path) -> Result<Self, Report> {
        let paths = match committed(root) {
            Some(paths) => paths,
            None => walk(root)?,
        };
        let mut tree = Self::default();
        for path in paths {
            if path.starts_with(FOREIGN) {
                continue;
            }
            let whole = root.join(&path);
            // A file that is committed and deleted, or a link to nowhere.
            if !whole.is_file() {
                continue;
            }
            let bytes = fs::read(&whole).map_err(|error| {
                Report::error(format!("cannot read `{path}` to check it: {error}"))
            })?;
            tree.insert(path, String::from_utf8(bytes).unwrap_or_default());
        }
        Ok(tree)
    }

    /// Adds a file.
    pub(super) fn insert(&mut self, path: impl Into<String>, text: impl Into<String>) {
        let path = path.into();
        let file = File {
            path: path.clone(),
            text: text.into(),
            tokens: OnceCell::new(),
        };
        self.files.insert(path, file);
    }

    /// Every file, by path.
    pub(super) fn files(&self) -> impl Iterator<Item = &File> {
        self.files.values()
    }

    /// How many files there are.
    pub(crate) fn len(&self) -> usize {
        self.files.len()
    }

    /// Whether there is this file.
    pub(super) fn has(&self, path: &str) -> bool {
        self.files.contains_key(path)
    }

    /// The paths that begin with this.
    pub(super) fn under<'t>(&'t self, folder: &'t str) -> impl Iterator<Item = &'t str> {
        let paths = self.files.range(folder.to_owned()..);
        paths
            .map(|(path, _)| path.as_str())
            .take_while(move |path| path.starts_with(folder))
    }
}

/// What git knows, and what it would add; `None` when `root` is no checkout or there is no git.
fn committed(root: &Path) -> Option<Vec<String>> {
    if !root.join(".git").exists() {
        return None;
    }
    let list = Command::new("git")
        .args([
            "ls-files",
            "-z",
            "--cached",
            "--others",
            "--exclude-standard",
        ])
        .current_dir(root)
        .output()
        .ok()
        .filter(|output| output.status.success())?;
    let list = String::from_utf8_lossy(&list.stdout).into_owned();
    Some(list.split_terminator('\0').map(str::to_owned).collect())
}

/// Every file but those in `.git` and in the folders that the root's `.gitignore` names.
fn walk(root: &Path) -> Result<Vec<String>, Report> {
    let ignore = fs::read_to_string(root.join(".gitignore")).unwrap_or_default();
    let mut ignored: Vec<&str> = ignore
        .lines()
        .map(|line| line.trim().trim_matches('/'))
        .collect();
    ignored.push(".git");
    let found = files::walk(root, |entry| {
        !ignored.contains(&files::path_below(root, entry.path()).as_str())
    });
    let mut paths = Vec::new();
    for entry in found {
        let entry = entry?;
        if !entry.file_type().is_dir() {
            paths.push(files::path_below(root, entry.path()));
        }
    }
    Ok(paths)
}
