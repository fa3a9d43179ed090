//! What a tree is made of, and what it costs.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io;
use std::time::SystemTime;

use super::super::super::account::ENTRY;
use super::super::super::port::Stat;
use super::clock::now;

/// How many names deep a tree may be: what walks it does so by recursion.
pub(in super::super) const DEEPEST: usize = 512;

/// Something with a name.
pub(super) enum Node {
    File(File),
    Folder(Folder),
    /// Something was removed that lies beneath the tree, where it stays.
    Gone,
}

pub(super) struct File {
    pub(super) bytes: Cow<'static, [u8]>,
    pub(super) info: Info,
}

pub(super) struct Folder {
    pub(super) children: BTreeMap<String, Node>,
    /// Whether what lies beneath the tree shows where it has no child.
    pub(super) is_over: bool,
    pub(super) info: Info,
    /// Whether it came from beneath, and so costs nothing.
    is_free: bool,
}

/// What is known of a file or folder beside what is in it.
pub(super) struct Info {
    /// Its permission bits.
    pub(super) mode: u32,
    pub(super) modified: SystemTime,
    pub(super) created: Option<SystemTime>,
}

/// How many bytes a tree has, and may have.
pub(super) struct Space {
    used: u64,
    quota: u64,
}

/// What a file costs.
#[expect(clippy::ptr_arg, reason = "whose the bytes are is what counts")]
pub(super) fn cost_of(bytes: &Cow<'static, [u8]>) -> u64 {
    ENTRY
        + match bytes {
            // They lie in the program.
            Cow::Borrowed(_) => 0,
            Cow::Owned(bytes) => bytes.len() as u64,
        }
}

impl Node {
    /// What it costs, with all that is in it.
    pub(super) fn cost(&self) -> u64 {
        match self {
            Self::Gone => 0,
            Self::File(file) => cost_of(&file.bytes),
            Self::Folder(folder) => {
                let own = if folder.is_free { 0 } else { ENTRY };
                own + folder.children.values().map(Self::cost).sum::<u64>()
            }
        }
    }
}

impl File {
    pub(super) fn new(bytes: Cow<'static, [u8]>, info: Info) -> Self {
        Self { bytes, info }
    }

    /// Puts other bytes in the place of its own.
    pub(super) fn replace(
        &mut self,
        bytes: Cow<'static, [u8]>,
        space: &mut Space,
    ) -> io::Result<()> {
        space.change(cost_of(&self.bytes), cost_of(&bytes))?;
        self.bytes = bytes;
        self.info.touch();
        Ok(())
    }

    /// Adds bytes to the end.
    pub(super) fn append(&mut self, data: &[u8], space: &mut Space) -> io::Result<()> {
        let len = self.bytes.len() + data.len();
        self.make_room(len, space)?;
        self.bytes.to_mut().extend_from_slice(data);
        self.info.touch();
        Ok(())
    }

    /// Makes it longer, with zeros, or shorter.
    pub(super) fn resize(&mut self, len: u64, space: &mut Space) -> io::Result<()> {
        let len = usize::try_from(len).map_err(|_| io::ErrorKind::StorageFull)?;
        if len == 0 {
            return self.replace(Cow::Borrowed(&[]), space);
        }
        self.make_room(len, space)?;
        let bytes = self.bytes.to_mut();
        let is_shorter = len < bytes.len();
        bytes.resize(len, 0);
        if is_shorter {
            bytes.shrink_to_fit();
        }
        self.info.touch();
        Ok(())
    }

    /// Makes the bytes its own, with room for `len` of them, which are paid for.
    fn make_room(&mut self, len: usize, space: &mut Space) -> io::Result<()> {
        space.change(cost_of(&self.bytes), ENTRY + len as u64)?;
        let had = self.bytes.len();
        let full = |_| io::Error::from(io::ErrorKind::OutOfMemory);
        let reserved = match &mut self.bytes {
            Cow::Owned(bytes) => bytes.try_reserve(len.saturating_sub(had)).map_err(full),
            Cow::Borrowed(shared) => {
                let mut bytes = Vec::new();
                let reserved = bytes.try_reserve_exact(len.max(had)).map_err(full);
                if reserved.is_ok() {
                    bytes.extend_from_slice(shared);
                    self.bytes = Cow::Owned(bytes);
                    return Ok(());
                }
                reserved
            }
        };
        if reserved.is_err() {
            space.used = space.used - (ENTRY + len as u64) + cost_of(&self.bytes);
        }
        reserved
    }
}

impl Folder {
    /// A folder, which what lies beneath shows through, or a new one.
    pub(super) fn new(is_over: bool, info: Info) -> Self {
        Self {
            children: BTreeMap::new(),
            is_over,
            info,
            is_free: is_over,
        }
    }

    /// Hides what lies beneath for good.
    pub(super) fn shows_no_more(&mut self) {
        self.is_over = false;
        self.children.retain(|_, node| !matches!(node, Node::Gone));
    }

    /// Gives something a name, which nothing has.
    pub(super) fn put(&mut self, name: &str, node: Node) {
        self.children.insert(name.to_owned(), node);
        self.info.touch();
    }
}

impl Info {
    /// Of what is made now.
    pub(super) fn new(mode: u32) -> Self {
        let now = now();
        Self {
            mode: mode & 0o7777,
            modified: now,
            created: Some(now),
        }
    }

    /// Of what lies beneath.
    pub(super) fn of(stat: &Stat) -> Self {
        Self {
            mode: stat.mode.map_or(0o755, |mode| mode as u32 & 0o7777),
            modified: stat.modified,
            created: stat.created,
        }
    }

    /// Notes that it changed.
    pub(super) fn touch(&mut self) {
        self.modified = now();
    }

    /// What scripts hear of it. `len`: of a file.
    pub(super) fn stat(&self, len: Option<usize>) -> Stat {
        let kind = if len.is_some() { 0o100_000 } else { 0o040_000 };
        Stat {
            is_file: len.is_some(),
            is_directory: len.is_none(),
            is_symlink: false,
            size: len.unwrap_or_default() as f64,
            modified: self.modified,
            accessed: None,
            created: self.created,
            mode: Some(f64::from(kind | self.mode)),
        }
    }
}

impl Space {
    pub(super) fn of(quota: u64) -> Self {
        Self { used: 0, quota }
    }

    /// How many bytes there are in all.
    pub(super) fn quota(&self) -> u64 {
        self.quota
    }

    /// How many bytes are left.
    pub(super) fn left(&self) -> u64 {
        self.quota.saturating_sub(self.used)
    }

    /// An error when so much more does not fit.
    pub(super) fn fits(&self, more: u64) -> io::Result<()> {
        match more <= self.left() {
            true => Ok(()),
            false => Err(io::ErrorKind::StorageFull.into()),
        }
    }

    /// Uses so much more.
    pub(super) fn take(&mut self, more: u64) -> io::Result<()> {
        self.fits(more)?;
        self.used += more;
        Ok(())
    }

    /// Uses `new` in the place of `old`. Less always fits.
    pub(super) fn change(&mut self, old: u64, new: u64) -> io::Result<()> {
        self.fits(new.saturating_sub(old))?;
        self.used = self.used - old + new;
        Ok(())
    }

    pub(super) fn give_back(&mut self, bytes: u64) {
        self.used -= bytes;
    }
}
