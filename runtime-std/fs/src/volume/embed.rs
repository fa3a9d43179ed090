//! Files that ship in the program, as what lies beneath a tree.
//!
//! They are read where they lie: nothing is copied until a script changes it.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io;
use std::path::PathBuf;
use std::time::UNIX_EPOCH;

use runtime_core::definition::EmbeddedFile;

use super::super::port::{Entry, Stat};
use super::lower::Lower;

/// A folder of embedded files.
pub(super) struct Embed(Folder);

#[derive(Default)]
struct Folder(BTreeMap<String, Item>);

enum Item {
    File(&'static [u8]),
    Folder(Folder),
}

enum Found<'e> {
    File(&'static [u8]),
    Folder(&'e Folder),
}

impl Embed {
    /// The folder that the files make. Two that cannot be in one folder, and a path that is not plain, are errors.
    pub(super) fn new(files: &'static [EmbeddedFile]) -> io::Result<Self> {
        let mut root = Folder::default();
        for file in files {
            root.add(file.path, file.bytes).ok_or_else(|| {
                let what = format!("the embedded file `{}` has no place of its own", file.path);
                io::Error::new(io::ErrorKind::InvalidData, what)
            })?;
        }
        Ok(Self(root))
    }

    fn find(&self, path: &[&str]) -> io::Result<Found<'_>> {
        let mut folder = &self.0;
        for (at, name) in path.iter().enumerate() {
            match folder.0.get(*name) {
                Some(Item::Folder(inner)) => folder = inner,
                Some(Item::File(bytes)) if at + 1 == path.len() => return Ok(Found::File(bytes)),
                Some(Item::File(_)) => return Err(io::ErrorKind::NotADirectory.into()),
                None => return Err(io::ErrorKind::NotFound.into()),
            }
        }
        Ok(Found::Folder(folder))
    }
}

impl Folder {
    fn add(&mut self, path: &'static str, bytes: &'static [u8]) -> Option<()> {
        let (first, rest) = match path.split_once('/') {
            Some((first, rest)) => (first, Some(rest)),
            None => (path, None),
        };
        if matches!(first, "" | "." | "..") {
            return None;
        }
        let Some(rest) = rest else {
            let taken = self.0.insert(first.to_owned(), Item::File(bytes));
            return taken.is_none().then_some(());
        };
        let inner = || Item::Folder(Folder::default());
        match self.0.entry(first.to_owned()).or_insert_with(inner) {
            Item::Folder(folder) => folder.add(rest, bytes),
            Item::File(_) => None,
        }
    }
}

impl Lower for Embed {
    fn lstat(&self, path: &[&str]) -> io::Result<Stat> {
        let (size, mode) = match self.find(path)? {
            Found::File(bytes) => (bytes.len(), 0o100_644),
            Found::Folder(_) => (0, 0o040_755),
        };
        Ok(Stat {
            is_file: mode & 0o100_000 != 0,
            is_directory: mode & 0o100_000 == 0,
            is_symlink: false,
            size: size as f64,
            // The same in every build.
            modified: UNIX_EPOCH,
            accessed: None,
            created: None,
            mode: Some(f64::from(mode)),
        })
    }

    fn list(&self, path: &[&str]) -> io::Result<Vec<Entry>> {
        let Found::Folder(folder) = self.find(path)? else {
            return Err(io::ErrorKind::NotADirectory.into());
        };
        let entry = |(name, item): (&String, &Item)| Entry {
            is_file: matches!(item, Item::File(_)),
            is_directory: matches!(item, Item::Folder(_)),
            ..Entry::folder(name.clone())
        };
        Ok(folder.0.iter().map(entry).collect())
    }

    fn read(&self, path: &[&str], _most: u64) -> io::Result<Cow<'static, [u8]>> {
        match self.find(path)? {
            Found::File(bytes) => Ok(Cow::Borrowed(bytes)),
            Found::Folder(_) => Err(io::ErrorKind::IsADirectory.into()),
        }
    }

    fn read_link(&self, path: &[&str]) -> io::Result<PathBuf> {
        self.find(path)?;
        Err(io::ErrorKind::InvalidInput.into())
    }
}
