//! A tree in memory as a file system: proofs in, names out, and what the runtime counts.

use std::io;
use std::path::{Component, Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use runtime_core::definition::EmbeddedFile;
use runtime_core::permissions::{Granted, Move, Read, Remove, Write};

use super::super::account::{Account, ENTRY};
use super::super::files::{Item, What};
use super::super::port::{Entry, FileSystem, Stat, WriteOptions};
use super::embed::Embed;
use super::host;
use super::lower::{Lower, Nothing};
use super::tree::{DEEPEST, Tree};

/// The longest name and the longest path, in bytes, as systems have them.
const NAME_MAX: usize = 255;
const PATH_MAX: usize = 4096;

/// Hears of the path of what changed, as the root has it.
type Changed = Box<dyn Fn(&Path) + Send + Sync>;

/// A file system that keeps what is written in memory.
pub(in super::super) struct Kept {
    /// The path that proofs have for its root.
    root: PathBuf,
    tree: Mutex<Tree>,
    blocks: bool,
    account: Arc<Account>,
    changed: OnceLock<Changed>,
}

impl Kept {
    /// One that is empty.
    pub(super) fn empty(at: &Path, quota: u64, account: Arc<Account>) -> io::Result<Self> {
        Ok(Self::over(at.to_owned(), Box::new(Nothing), quota, account))
    }

    /// One over files that ship in the program.
    pub(super) fn over_files(
        at: &Path,
        files: &'static [EmbeddedFile],
        quota: u64,
        account: Arc<Account>,
    ) -> io::Result<Self> {
        let lower = Box::new(Embed::new(files)?);
        Ok(Self::over(at.to_owned(), lower, quota, account))
    }

    /// One over a real folder of the machine.
    pub(super) fn over_host(root: PathBuf, quota: u64, account: Arc<Account>) -> io::Result<Self> {
        let lower = host::beneath(&root).ok_or(io::ErrorKind::Unsupported)?;
        let kept = Self::over(root, lower, quota, account);
        Ok(Self {
            blocks: true,
            ..kept
        })
    }

    fn over(root: PathBuf, lower: Box<dyn Lower>, quota: u64, account: Arc<Account>) -> Self {
        Self {
            root,
            tree: Mutex::new(Tree::new(lower, quota)),
            blocks: false,
            account,
            changed: OnceLock::new(),
        }
    }

    pub(in super::super) fn as_file_system(self: &Arc<Self>) -> Arc<dyn FileSystem> {
        Arc::<Self>::clone(self)
    }

    /// Calls `changed` after each change that a script makes, from now on; whether it is the first that asks for that.
    pub(in super::super) fn on_change(&self, changed: Changed) -> bool {
        self.changed.set(changed).is_ok()
    }

    /// Everything, as scripts see it.
    pub(in super::super) fn export(&self) -> io::Result<Vec<Item>> {
        self.tree().export()
    }

    /// What differs from what lies beneath: at a path, beneath it, and of the folders above. `visit` cannot use the files.
    pub(in super::super) fn changes(
        &self,
        within: &Path,
        visit: &mut dyn FnMut(Item<&[u8]>),
    ) -> io::Result<()> {
        self.tree().changes(&names(within)?, visit);
        Ok(())
    }

    /// What is in a folder.
    pub(in super::super) fn list(&self, path: &Path) -> io::Result<Vec<Entry>> {
        self.tree().list(&names(path)?)
    }

    /// Gives `take` what a file holds. It cannot use the files.
    pub(in super::super) fn read_as<T>(
        &self,
        path: &Path,
        take: impl FnOnce(&[u8]) -> T,
    ) -> io::Result<T> {
        let tree = self.tree();
        let bytes = tree.read(&names(path)?, u64::MAX)?;
        Ok(take(&bytes))
    }

    /// The most bytes that it keeps.
    pub(in super::super) fn quota(&self) -> u64 {
        self.tree().quota()
    }

    /// Puts an item at `path`, which is taken from the root.
    pub(in super::super) fn import(&self, path: &Path, item: Item) -> io::Result<()> {
        let path = names(path)?;
        match (path.is_empty(), &item.what) {
            (true, What::Folder) => Ok(()),
            (true, What::File(_)) => Err(io::ErrorKind::IsADirectory.into()),
            (true, What::Gone) => Err(io::ErrorKind::ResourceBusy.into()),
            (false, _) => self.changeable()?.import(&path, item),
        }
    }

    /// Removes what is at `path`, with all that is in it.
    pub(in super::super) fn remove_whole(&self, path: &Path) -> io::Result<()> {
        let path = names(path)?;
        match path.is_empty() {
            true => Err(io::ErrorKind::ResourceBusy.into()),
            false => self.changeable()?.remove(&path, true),
        }
    }

    /// The tree, if it can keep anything; else nothing that lies beneath is hidden either.
    fn changeable(&self) -> io::Result<MutexGuard<'_, Tree>> {
        let tree = self.tree();
        match tree.quota() {
            0 => Err(io::ErrorKind::ReadOnlyFilesystem.into()),
            _ => Ok(tree),
        }
    }

    fn tree(&self) -> MutexGuard<'_, Tree> {
        self.tree.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The names of a path that was granted.
    fn names<'p>(&self, path: &'p Path) -> io::Result<Vec<&'p str>> {
        let rest = path.strip_prefix(&self.root);
        names(rest.map_err(|_| io::ErrorKind::NotFound)?)
    }

    /// Changes what is at a path of the tree, and tells who wants to know.
    fn change<T>(
        &self,
        at: &[&str],
        work: impl FnOnce(&mut Tree) -> io::Result<T>,
    ) -> io::Result<T> {
        let done = work(&mut self.tree())?;
        self.tell(at);
        Ok(done)
    }

    fn tell(&self, at: &[&str]) {
        if let Some(changed) = self.changed.get() {
            changed(&at.iter().collect::<PathBuf>());
        }
    }

    /// The same, with bytes that count as written unless it fails.
    fn change_there(
        &self,
        bytes: u64,
        at: &[&str],
        work: impl FnOnce(&mut Tree) -> io::Result<()>,
    ) -> io::Result<()> {
        self.change(at, |tree| self.counting(bytes, || work(tree)))
    }

    /// The same, where a file or folder is made if there is none: that counts, too.
    fn change_by(
        &self,
        bytes: u64,
        at: &[&str],
        work: impl FnOnce(&mut Tree) -> io::Result<()>,
    ) -> io::Result<()> {
        self.change(at, |tree| {
            let entry = if is_missing(tree, at) { ENTRY } else { 0 };
            self.counting(bytes.saturating_add(entry), || work(tree))
        })
    }

    fn counting(&self, cost: u64, work: impl FnOnce() -> io::Result<()>) -> io::Result<()> {
        self.account.write(cost)?;
        work().inspect_err(|_| self.account.give_back(cost))
    }

    /// Makes the folders above one that is to be made. Each counts.
    fn make_above(&self, at: &[&str], mode: u32) -> io::Result<()> {
        let mut tree = self.tree();
        let mut depths = 1..at.len();
        let Some(first) = depths.find(|depth| is_missing(&tree, &at[..*depth])) else {
            return Ok(());
        };
        (first..at.len()).try_for_each(|depth| {
            let make = || tree.make_dir(&at[..depth], false, mode);
            self.account.entry(make)
        })
    }
}

impl FileSystem for Kept {
    fn blocks(&self) -> bool {
        self.blocks
    }

    fn read(&self, at: &Granted<Read>) -> io::Result<Vec<u8>> {
        let _open = self.account.open()?;
        let most = self.account.most_read();
        let names = self.names(at.path())?;
        let tree = self.tree();
        let bytes = tree.read(&names, most)?;
        match bytes.len() as u64 > most {
            true => Err(self.account.too_large()),
            false => Ok(bytes.into_owned()),
        }
    }

    fn write(&self, at: &Granted<Write>, data: &[u8], options: &WriteOptions) -> io::Result<()> {
        let _open = self.account.open()?;
        let names = self.names(at.path())?;
        let write = |tree: &mut Tree| tree.write(&names, data, options);
        let bytes = data.len() as u64;
        match options.create || options.create_new {
            true => self.change_by(bytes, &names, write),
            false => self.change_there(bytes, &names, write),
        }
    }

    fn truncate(&self, at: &Granted<Write>, len: u64) -> io::Result<()> {
        let _open = self.account.open()?;
        let names = self.names(at.path())?;
        let had = self.tree().lstat(&names)?.size as u64;
        self.change_there(len.saturating_sub(had), &names, |tree| {
            tree.truncate(&names, len)
        })
    }

    fn read_dir(&self, at: &Granted<Read>) -> io::Result<Vec<Entry>> {
        let _open = self.account.open()?;
        self.tree().list(&self.names(at.path())?)
    }

    fn make_dir(&self, at: &Granted<Write>, recursive: bool, mode: u32) -> io::Result<()> {
        let names = self.names(at.path())?;
        let above = match recursive {
            true => self.make_above(&names, mode),
            false => Ok(()),
        };
        let made = above.and_then(|()| {
            self.change_by(0, &names, |tree| tree.make_dir(&names, recursive, mode))
        });
        // Those above it may be there whatever became of the last one.
        if recursive && made.is_err() {
            self.tell(&names);
        }
        made
    }

    fn remove(&self, at: &Granted<Remove>, recursive: bool) -> io::Result<()> {
        let names = self.names(at.path())?;
        self.change(&names, |tree| tree.remove(&names, recursive))
    }

    fn rename(&self, from: &Granted<Move>, to: &Granted<Write>) -> io::Result<()> {
        let (from, to) = (self.names(from.path())?, self.names(to.path())?);
        self.change(&to, |tree| tree.rename(&from, &to))?;
        self.tell(&from);
        Ok(())
    }

    fn copy(&self, from: &Granted<Read>, to: &Granted<Write>) -> io::Result<()> {
        let _open = [self.account.open()?, self.account.open()?];
        let (from, to) = (self.names(from.path())?, self.names(to.path())?);
        let stat = self.tree().lstat(&from)?;
        let len = if stat.is_file { stat.size as u64 } else { 0 };
        self.change_by(len, &to, |tree| tree.copy(&from, &to))
    }

    fn stat(&self, at: &Granted<Read>) -> io::Result<Stat> {
        let names = self.names(at.path())?;
        let tree = self.tree();
        match tree.lstat(&names)? {
            // Reading it is what says that it leads nowhere.
            stat if stat.is_symlink => tree.read(&names, 0).map(|_| stat),
            stat => Ok(stat),
        }
    }

    fn lstat(&self, at: &Granted<Read>) -> io::Result<Stat> {
        self.tree().lstat(&self.names(at.path())?)
    }

    fn read_link(&self, at: &Granted<Read>) -> io::Result<PathBuf> {
        self.tree().read_link(&self.names(at.path())?)
    }

    fn make_in(&self, folder: &Granted<Write>, name: &str, is_folder: bool) -> io::Result<()> {
        let path = folder.path().join(name);
        let names = self.names(&path)?;
        if is_folder {
            return self.change_by(0, &names, |tree| tree.make_dir(&names, false, 0o700));
        }
        let _open = self.account.open()?;
        let options = WriteOptions {
            create_new: true,
            ..WriteOptions::of_mode(Some(0o600))
        };
        self.change_by(0, &names, |tree| tree.write(&names, &[], &options))
    }
}

/// Whether there is nothing at a path, in a folder in which something could be made.
fn is_missing(tree: &Tree, at: &[&str]) -> bool {
    let Some((_, above)) = at.split_last() else {
        return false;
    };
    let is_folder = tree.lstat(above).is_ok_and(|stat| stat.is_directory);
    let found = tree.lstat(at);
    is_folder && found.is_err_and(|error| error.kind() == io::ErrorKind::NotFound)
}

/// The names of a path from the root, which has no `..`.
fn names(path: &Path) -> io::Result<Vec<&str>> {
    let too_long = || Err(io::ErrorKind::InvalidFilename.into());
    if path.as_os_str().len() > PATH_MAX {
        return too_long();
    }
    let mut names = Vec::new();
    for component in path.components() {
        match component {
            Component::Normal(name) if name.len() > NAME_MAX => return too_long(),
            // Scripts have no other paths.
            Component::Normal(name) => names.push(name.to_str().ok_or(io::ErrorKind::NotFound)?),
            Component::CurDir | Component::RootDir | Component::Prefix(_) => {}
            Component::ParentDir => return Err(io::ErrorKind::InvalidInput.into()),
        }
    }
    match names.len() > DEEPEST {
        true => too_long(),
        false => Ok(names),
    }
}
