//! A tree of files in memory, over files that it shows and never changes.
//!
//! The boundary: names in, data out; proofs, limits of the runtime and locks are `kept`'s. What the tree has of its own hides what lies
//! beneath; what was removed leaves a mark where something beneath would show again. Without anything beneath it is a plain file
//! system in memory. Errors are those of a Unix, so that scripts cannot tell.
//!
//! Deliberately absent: links, and any judgement by a mode, which is kept and shown and no more.

#[cfg(not(all(target_arch = "wasm32", target_os = "unknown")))]
mod clock;
#[cfg(all(target_arch = "wasm32", target_os = "unknown"))]
#[path = "clock_web.rs"]
mod clock;
mod node;
mod whole;

use std::borrow::Cow;
use std::io;
use std::path::PathBuf;

pub(super) use node::DEEPEST;
use node::{File, Folder, Info, Node, Space};

use super::super::port::{Entry, Stat, WriteOptions};
use super::lower::Lower;

/// What a file system of a Unix takes away from the modes of what is made.
const MASK: u32 = 0o022;

/// A tree.
pub(super) struct Tree {
    root: Folder,
    lower: Box<dyn Lower>,
    space: Space,
}

/// What is at a path.
enum Found<'t> {
    File(&'t File),
    Folder(&'t Folder),
    /// Nothing of the tree's own, but something beneath it.
    Beneath(Stat),
}

impl Found<'_> {
    fn is_folder(&self) -> bool {
        match self {
            Self::File(_) => false,
            Self::Folder(_) => true,
            Self::Beneath(stat) => stat.is_directory,
        }
    }
}

impl Tree {
    /// A tree over `lower`, which keeps at most `quota` bytes of its own.
    pub(super) fn new(lower: Box<dyn Lower>, quota: u64) -> Self {
        let is_over = lower.lstat(&[]).is_ok();
        Self {
            root: Folder::new(is_over, Info::new(0o777 & !MASK)),
            lower,
            space: Space::of(quota),
        }
    }

    /// The most bytes that it keeps.
    pub(super) fn quota(&self) -> u64 {
        self.space.quota()
    }

    /// What a file holds. More than `most` bytes need not be given.
    pub(super) fn read(&self, path: &[&str], most: u64) -> io::Result<Cow<'_, [u8]>> {
        match self.find(path)? {
            Found::File(file) => Ok(Cow::Borrowed(&file.bytes)),
            Found::Beneath(stat) if !stat.is_directory => self.lower.read(path, most),
            Found::Folder(_) | Found::Beneath(_) => Err(io::ErrorKind::IsADirectory.into()),
        }
    }

    /// What is known of a file or folder, or of a link beneath.
    pub(super) fn lstat(&self, path: &[&str]) -> io::Result<Stat> {
        Ok(match self.find(path)? {
            Found::File(file) => file.info.stat(Some(file.bytes.len())),
            Found::Folder(folder) => folder.info.stat(None),
            Found::Beneath(stat) => stat,
        })
    }

    /// The target of a link.
    pub(super) fn read_link(&self, path: &[&str]) -> io::Result<PathBuf> {
        match self.find(path)? {
            Found::Beneath(_) => self.lower.read_link(path),
            Found::File(_) | Found::Folder(_) => Err(io::ErrorKind::InvalidInput.into()),
        }
    }

    /// What is in a folder.
    pub(super) fn list(&self, path: &[&str]) -> io::Result<Vec<Entry>> {
        let folder = match self.find(path)? {
            Found::Folder(folder) => folder,
            Found::Beneath(stat) if stat.is_directory => return self.lower.list(path),
            Found::File(_) | Found::Beneath(_) => return Err(io::ErrorKind::NotADirectory.into()),
        };
        let own = folder.children.iter().filter_map(|(name, node)| {
            let is_folder = match node {
                Node::Gone => return None,
                Node::File(_) => false,
                Node::Folder(_) => true,
            };
            Some(Entry {
                is_file: !is_folder,
                is_directory: is_folder,
                ..Entry::folder(name.clone())
            })
        });
        let mut entries: Vec<Entry> = own.collect();
        if folder.is_over {
            match self.lower.list(path) {
                Ok(beneath) => entries.extend(
                    beneath
                        .into_iter()
                        .filter(|entry| !folder.children.contains_key(&entry.name)),
                ),
                // It was there when something was laid over it.
                Err(error) if is_absence(&error) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(entries)
    }

    /// Writes a file.
    pub(super) fn write(
        &mut self,
        path: &[&str],
        data: &[u8],
        options: &WriteOptions,
    ) -> io::Result<()> {
        match self.find(path) {
            Ok(_) if options.create_new => return Err(io::ErrorKind::AlreadyExists.into()),
            Ok(found) if found.is_folder() => return Err(io::ErrorKind::IsADirectory.into()),
            Ok(_) if options.append => {
                let (file, space) = self.own_file(path, true)?;
                return file.append(data, space);
            }
            Ok(_) => return self.replace_file(path, Cow::Owned(copied(data)?)),
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            Err(error) if !options.create && !options.create_new => return Err(error),
            Err(_) => {}
        }
        let mode = options.mode.unwrap_or(0o666) & !MASK;
        self.insert_file(path, Cow::Owned(copied(data)?), mode)
    }

    /// Makes a file longer, with zeros, or shorter.
    pub(super) fn truncate(&mut self, path: &[&str], len: u64) -> io::Result<()> {
        if self.find(path)?.is_folder() {
            return Err(io::ErrorKind::IsADirectory.into());
        }
        let (file, space) = self.own_file(path, len > 0)?;
        file.resize(len, space)
    }

    /// Makes a folder; when `recursive`, those above it too, and one that exists is no error.
    pub(super) fn make_dir(&mut self, path: &[&str], recursive: bool, mode: u32) -> io::Result<()> {
        if !recursive {
            return match self.find(path) {
                Ok(_) => Err(io::ErrorKind::AlreadyExists.into()),
                Err(error) if error.kind() == io::ErrorKind::NotFound => {
                    self.insert_folder(path, mode & !MASK)
                }
                Err(error) => Err(error),
            };
        }
        for depth in 1..=path.len() {
            match self.find(&path[..depth]) {
                Ok(found) if found.is_folder() => {}
                Ok(_) if depth == path.len() => return Err(io::ErrorKind::AlreadyExists.into()),
                Ok(_) => return Err(io::ErrorKind::NotADirectory.into()),
                Err(error) if error.kind() == io::ErrorKind::NotFound => {
                    self.insert_folder(&path[..depth], mode & !MASK)?;
                }
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    /// Removes a file, a link beneath, or a folder: an empty one, or when `recursive`, with all that is in it.
    pub(super) fn remove(&mut self, path: &[&str], recursive: bool) -> io::Result<()> {
        if self.find(path)?.is_folder() && !recursive && !self.list(path)?.is_empty() {
            return Err(io::ErrorKind::DirectoryNotEmpty.into());
        }
        if let Some(node) = self.take(path)? {
            self.space.give_back(node.cost());
        }
        Ok(())
    }

    /// Moves what is at `from`, replacing a file or an empty folder at `to`.
    pub(super) fn rename(&mut self, from: &[&str], to: &[&str]) -> io::Result<()> {
        // In the order in which a Unix finds fault.
        self.has_parent(from)?;
        self.has_parent(to)?;
        let is_folder = self.find(from)?.is_folder();
        if from == to {
            return Ok(());
        }
        if is_folder && to.starts_with(from) {
            return Err(io::ErrorKind::InvalidInput.into());
        }
        if from.starts_with(to) {
            return Err(io::ErrorKind::DirectoryNotEmpty.into());
        }
        match self.find(to) {
            Ok(found) => match (is_folder, found.is_folder()) {
                (true, false) => return Err(io::ErrorKind::NotADirectory.into()),
                (false, true) => return Err(io::ErrorKind::IsADirectory.into()),
                (true, true) if !self.list(to)?.is_empty() => {
                    return Err(io::ErrorKind::DirectoryNotEmpty.into());
                }
                _ => {}
            },
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
        // Whatever can fail does so before anything is taken away.
        self.own_parent(to)?;
        let height = self.own_whole(from)?;
        if to.len() + height > DEEPEST {
            return Err(io::ErrorKind::InvalidFilename.into());
        }
        let Some(node) = self.take(from)? else {
            return Err(io::ErrorKind::NotFound.into());
        };
        if let Some(replaced) = self.take(to)? {
            self.space.give_back(replaced.cost());
        }
        let (folder, name) = self.own_parent(to)?;
        folder.put(name, node);
        Ok(())
    }

    /// Copies the bytes of a file, replacing those of one at `to`, or making one with the same mode.
    pub(super) fn copy(&mut self, from: &[&str], to: &[&str]) -> io::Result<()> {
        let most = self.space.left();
        let (bytes, mode) = match self.find(from)? {
            Found::File(file) => (copied_or_shared(&file.bytes)?, file.info.mode),
            Found::Beneath(stat) if !stat.is_directory => {
                let mode = stat.mode.map_or(0o644, |mode| mode as u32 & 0o777);
                (self.lower.read(from, most)?, mode)
            }
            Found::Folder(_) | Found::Beneath(_) => {
                return Err(io::ErrorKind::IsADirectory.into());
            }
        };
        match self.find(to) {
            Ok(found) if found.is_folder() => Err(io::ErrorKind::IsADirectory.into()),
            Ok(_) if from == to => Ok(()),
            Ok(_) => self.replace_file(to, bytes),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                self.insert_file(to, bytes, mode)
            }
            Err(error) => Err(error),
        }
    }

    /// What is at a path, in the tree or beneath it.
    fn find(&self, path: &[&str]) -> io::Result<Found<'_>> {
        let mut folder = &self.root;
        for (at, name) in path.iter().enumerate() {
            match folder.children.get(*name) {
                Some(Node::Folder(inner)) => folder = inner,
                Some(Node::File(file)) if at + 1 == path.len() => return Ok(Found::File(file)),
                Some(Node::File(_)) => return Err(io::ErrorKind::NotADirectory.into()),
                None if folder.is_over => return self.lower.lstat(path).map(Found::Beneath),
                None | Some(Node::Gone) => return Err(io::ErrorKind::NotFound.into()),
            }
        }
        Ok(Found::Folder(folder))
    }

    /// An error where the folder of what would be at a path is none.
    fn has_parent(&self, path: &[&str]) -> io::Result<()> {
        let above = path.split_last().map_or(path, |(_, above)| above);
        match self.find(above)?.is_folder() {
            true => Ok(()),
            false => Err(io::ErrorKind::NotADirectory.into()),
        }
    }

    /// The folder at a path, as one of the tree's own.
    fn own_folder(&mut self, path: &[&str]) -> io::Result<&mut Folder> {
        let mut folder = &mut self.root;
        for (at, name) in path.iter().enumerate() {
            if folder.is_over && !folder.children.contains_key(*name) {
                let stat = self.lower.lstat(&path[..=at])?;
                if !stat.is_directory {
                    return Err(io::ErrorKind::NotADirectory.into());
                }
                // It costs nothing, for there are no more of these than folders beneath.
                let shown = Node::Folder(Folder::new(true, Info::of(&stat)));
                folder.children.insert((*name).to_owned(), shown);
            }
            folder = match folder.children.get_mut(*name) {
                Some(Node::Folder(inner)) => inner,
                Some(Node::File(_)) => return Err(io::ErrorKind::NotADirectory.into()),
                Some(Node::Gone) | None => return Err(io::ErrorKind::NotFound.into()),
            };
        }
        Ok(folder)
    }

    /// The folder of what is at a path, as one of the tree's own, and its name there.
    fn own_parent<'n>(&mut self, path: &[&'n str]) -> io::Result<(&mut Folder, &'n str)> {
        match path.split_last() {
            Some((name, above)) => Ok((self.own_folder(above)?, *name)),
            None => Err(io::ErrorKind::ResourceBusy.into()),
        }
    }

    /// The file at a path, which is there, as one of the tree's own; with what it holds, if that is asked for.
    fn own_file(&mut self, path: &[&str], with_bytes: bool) -> io::Result<(&mut File, &mut Space)> {
        if let Found::Beneath(stat) = self.find(path)? {
            let bytes = match with_bytes || stat.is_symlink {
                true => self.read_beneath(path)?,
                false => Cow::Borrowed(&[][..]),
            };
            let node = Node::File(File::new(bytes, Info::of(&stat)));
            self.own_parent(path)?;
            self.space.take(node.cost())?;
            let (folder, name) = self.own_parent(path)?;
            folder.children.insert(name.to_owned(), node);
        }
        let Self { root, space, .. } = self;
        let mut folder = root;
        for name in path {
            match folder.children.get_mut(*name) {
                Some(Node::Folder(inner)) => folder = inner,
                Some(Node::File(file)) => return Ok((file, space)),
                Some(Node::Gone) | None => break,
            }
        }
        Err(io::ErrorKind::NotFound.into())
    }

    /// Puts other bytes in the place of a file's, all or none.
    fn replace_file(&mut self, path: &[&str], bytes: Cow<'static, [u8]>) -> io::Result<()> {
        if let Found::Beneath(_) = self.find(path)? {
            self.space.fits(node::cost_of(&bytes))?;
        }
        let (file, space) = self.own_file(path, false)?;
        file.replace(bytes, space)
    }

    /// What a file beneath holds, if there is room for it.
    fn read_beneath(&self, path: &[&str]) -> io::Result<Cow<'static, [u8]>> {
        let bytes = self.lower.read(path, self.space.left())?;
        self.space.fits(node::cost_of(&bytes))?;
        Ok(bytes)
    }

    /// Makes all that is at a path the tree's own, and says how many names deep it is.
    fn own_whole(&mut self, path: &[&str]) -> io::Result<usize> {
        if path.len() > DEEPEST {
            return Err(io::ErrorKind::InvalidFilename.into());
        }
        if !self.find(path)?.is_folder() {
            self.own_file(path, true)?;
            return Ok(0);
        }
        let mut height = 0;
        for entry in self.list(path)? {
            let inner: Vec<&str> = path.iter().copied().chain([entry.name.as_str()]).collect();
            height = height.max(1 + self.own_whole(&inner)?);
        }
        self.own_folder(path)?.shows_no_more();
        Ok(height)
    }

    /// Takes what is at a path out of the tree, and sees to it that nothing beneath shows there.
    fn take(&mut self, path: &[&str]) -> io::Result<Option<Node>> {
        let shows = !matches!(self.lower.lstat(path), Err(error) if is_absence(&error));
        let (folder, name) = self.own_parent(path)?;
        let node = match folder.is_over && shows {
            true => folder.children.insert(name.to_owned(), Node::Gone),
            false => folder.children.remove(name),
        };
        folder.info.touch();
        Ok(node)
    }

    fn insert_file(
        &mut self,
        path: &[&str],
        bytes: Cow<'static, [u8]>,
        mode: u32,
    ) -> io::Result<()> {
        self.insert(path, Node::File(File::new(bytes, Info::new(mode))))
    }

    fn insert_folder(&mut self, path: &[&str], mode: u32) -> io::Result<()> {
        self.insert(path, Node::Folder(Folder::new(false, Info::new(mode))))
    }

    /// Puts something new where nothing is.
    fn insert(&mut self, path: &[&str], node: Node) -> io::Result<()> {
        let cost = node.cost();
        self.own_parent(path)?;
        self.space.take(cost)?;
        let (folder, name) = self.own_parent(path)?;
        folder.put(name, node);
        Ok(())
    }
}

/// Whether an error says that there is nothing.
fn is_absence(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
    )
}

/// A copy of what a script gave, or an error where there is no memory for one.
fn copied(data: &[u8]) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    bytes
        .try_reserve_exact(data.len())
        .map_err(|_| io::ErrorKind::OutOfMemory)?;
    bytes.extend_from_slice(data);
    Ok(bytes)
}

/// The same of a file's bytes, which need no copy when they lie in the program.
#[expect(clippy::ptr_arg, reason = "whose the bytes are is what counts")]
fn copied_or_shared(bytes: &Cow<'static, [u8]>) -> io::Result<Cow<'static, [u8]>> {
    match bytes {
        Cow::Borrowed(bytes) => Ok(Cow::Borrowed(bytes)),
        Cow::Owned(bytes) => copied(bytes).map(Cow::Owned),
    }
}
