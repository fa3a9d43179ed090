//! A whole tree at once: what is taken out of it to be kept elsewhere, and put back.

use std::borrow::Cow;
use std::io;

use super::node::{File, Folder, Node};
use super::{Found, Tree, is_absence};
use crate::files::{Item, What};

impl Tree {
    /// Everything, as scripts see it, each folder before what is in it. Links beneath are left out.
    pub(in super::super) fn export(&self) -> io::Result<Vec<Item>> {
        let mut items = Vec::new();
        self.collect(&[], &mut items)?;
        Ok(items)
    }

    fn collect(&self, path: &[&str], items: &mut Vec<Item>) -> io::Result<()> {
        let mut entries = self.list(path)?;
        entries.sort_by(|a, b| a.name.cmp(&b.name));
        for entry in entries {
            let inner: Vec<&str> = path.iter().copied().chain([entry.name.as_str()]).collect();
            let item = match self.find(&inner) {
                Ok(Found::File(file)) => file.item(&inner).to_owned(),
                Ok(Found::Folder(folder)) => folder.item(&inner),
                Ok(Found::Beneath(stat)) => Item {
                    path: inner.join("/"),
                    modified: stat.modified,
                    mode: stat.mode.map_or(0o755, |mode| mode as u32 & 0o7777),
                    what: match () {
                        () if stat.is_directory => What::Folder,
                        () if stat.is_file => {
                            What::File(self.lower.read(&inner, u64::MAX)?.into_owned())
                        }
                        () => continue,
                    },
                },
                // What lies beneath may change at any time.
                Err(error) if is_absence(&error) => continue,
                Err(error) => return Err(error),
            };
            let is_folder = matches!(item.what, What::Folder);
            items.push(item);
            if is_folder {
                self.collect(&inner, items)?;
            }
        }
        Ok(())
    }

    /// What the tree has of its own, and what it hides, in an order in which it can be imported.
    /// Of what is at `within` or beneath it, and of the folders above that; all, where it has no names.
    pub(in super::super) fn changes(&self, within: &[&str], visit: &mut dyn FnMut(Item<&[u8]>)) {
        self.root.changes(&[], within, visit);
    }

    /// Puts an item in the place of what is at its path. The folders above it are made.
    pub(in super::super) fn import(&mut self, path: &[&str], item: Item) -> io::Result<()> {
        let above = path.split_last().map_or(path, |(_, above)| above);
        self.make_dir(above, true, 0o777)
            .map_err(|error| match error.kind() {
                io::ErrorKind::AlreadyExists => io::ErrorKind::NotADirectory.into(),
                _ => error,
            })?;
        let modified = self.lstat(above)?.modified;
        self.put(path, item)?;
        // The folder has a time of its own, and came first.
        if let Ok(Found::Folder(_)) = self.find(above) {
            self.own_folder(above)?.info.modified = modified;
        }
        Ok(())
    }

    fn put(&mut self, path: &[&str], item: Item) -> io::Result<()> {
        let found = match self.find(path) {
            Ok(found) => Some(found.is_folder()),
            Err(error) if is_absence(&error) => None,
            Err(error) => return Err(error),
        };
        match (item.what, found) {
            (What::Gone, None) => return Ok(()),
            (What::Gone, Some(_)) => return self.remove(path, true),
            (What::Folder, Some(true)) => {}
            (What::Folder, found) => {
                found.map_or(Ok(()), |_| self.remove(path, true))?;
                self.insert_folder(path, item.mode)?;
            }
            (What::File(bytes), Some(false)) => self.replace_file(path, Cow::Owned(bytes))?,
            (What::File(bytes), found) => {
                found.map_or(Ok(()), |_| self.remove(path, true))?;
                self.insert_file(path, Cow::Owned(bytes), item.mode)?;
            }
        }
        let info = match self.find(path)?.is_folder() {
            true => &mut self.own_folder(path)?.info,
            false => &mut self.own_file(path, false)?.0.info,
        };
        info.mode = item.mode & 0o7777;
        info.modified = item.modified;
        Ok(())
    }
}

impl File {
    fn item(&self, path: &[&str]) -> Item<&[u8]> {
        Item {
            path: path.join("/"),
            modified: self.info.modified,
            mode: self.info.mode,
            what: What::File(&self.bytes),
        }
    }
}

impl Folder {
    fn item<B>(&self, path: &[&str]) -> Item<B> {
        Item {
            path: path.join("/"),
            modified: self.info.modified,
            mode: self.info.mode,
            what: What::Folder,
        }
    }

    fn changes(&self, path: &[&str], within: &[&str], visit: &mut dyn FnMut(Item<&[u8]>)) {
        let only = within.get(path.len());
        let wanted = |(name, _): &(&String, &Node)| only.is_none_or(|only| name == only);
        for (name, node) in self.children.iter().filter(wanted) {
            let inner: Vec<&str> = path.iter().copied().chain([name.as_str()]).collect();
            match node {
                Node::Gone => visit(gone(&inner)),
                Node::File(file) => visit(file.item(&inner)),
                Node::Folder(folder) => {
                    // What it hides has to go before it can come.
                    if !folder.is_over && self.is_over {
                        visit(gone(&inner));
                    }
                    visit(folder.item(&inner));
                    folder.changes(&inner, within, visit);
                }
            }
        }
    }
}

fn gone<'b>(path: &[&str]) -> Item<&'b [u8]> {
    let Item {
        path,
        modified,
        mode,
        ..
    } = Item::gone(path.join("/"));
    Item {
        path,
        modified,
        mode,
        what: What::Gone,
    }
}
