//! The operations, by the system's own calls relative to open folders.

use std::ffi::OsStr;
use std::fs::File;
use std::io::{self, Write as _};
use std::os::fd::OwnedFd;
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use runtime_core::files::{self, walk};
use runtime_core::permissions::{Granted, Move, Read, Remove, Write};
use rustix::fs::{
    AtFlags, Dir, FileType, Mode, OFlags, fstat, mkdirat, readlinkat, renameat, unlinkat,
};
use rustix::io::Errno;
use walk::{Slot, make_folders, open_in, slot, stat_in};

use super::super::super::account::{Account, ENTRY};
use super::super::super::port::{Entry, FileSystem, Stat, WriteOptions};

/// The machine's own files, as one runtime may use them.
pub(super) struct Host {
    account: Arc<Account>,
}

impl Host {
    pub(super) fn new(account: Arc<Account>) -> Self {
        Self { account }
    }

    /// Makes what an operation writes count, and takes that back when it was refused before it wrote anything.
    fn opened_to_write(
        &self,
        bytes: u64,
        open: impl FnOnce() -> io::Result<File>,
    ) -> io::Result<File> {
        self.account.write(bytes)?;
        open().inspect_err(|_| self.account.give_back(bytes))
    }

    /// Opens a file to write it, and makes one where there is none, which counts.
    fn open_or_make(&self, slot: &Slot<'_>, flags: OFlags, mode: Mode) -> io::Result<OwnedFd> {
        loop {
            match slot.open(flags, Mode::empty()) {
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                opened => return opened,
            }
            match self.make(slot, flags, mode) {
                // Somebody else has made it in this moment.
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                made => return made,
            }
        }
    }

    /// Makes a file, which counts.
    fn make(&self, slot: &Slot<'_>, flags: OFlags, mode: Mode) -> io::Result<OwnedFd> {
        let flags = flags | OFlags::CREATE | OFlags::EXCL;
        self.account.entry(|| slot.open(flags, mode))
    }

    /// Makes a folder, which counts.
    fn make_folder(&self, path: &Path, mode: Mode) -> io::Result<()> {
        let slot = slot(path)?;
        self.account
            .entry(|| Ok(mkdirat(&slot.folder, slot.name, mode)?))
    }
}

/// A file to which each piece that is written counts.
struct Counted<'a> {
    file: File,
    account: &'a Account,
}

impl io::Write for Counted<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.account.write(bytes.len() as u64)?;
        let written = self.file.write(bytes);
        let left = bytes.len() - written.as_ref().map_or(0, |written| *written);
        self.account.give_back(left as u64);
        written
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

const LISTED: OFlags = OFlags::RDONLY.union(OFlags::DIRECTORY);

impl FileSystem for Host {
    fn blocks(&self) -> bool {
        true
    }

    fn read(&self, at: &Granted<Read>) -> io::Result<Vec<u8>> {
        let _open = self.account.open()?;
        let most = self.account.most_read();
        let (file, len) = open_to_read(at.path())?;
        if len > most {
            return Err(self.account.too_large());
        }
        let bytes = files::read(file, len, most)?;
        match bytes.len() as u64 > most {
            true => Err(self.account.too_large()),
            false => Ok(bytes),
        }
    }

    fn write(&self, at: &Granted<Write>, data: &[u8], options: &WriteOptions) -> io::Result<()> {
        let mut flags = OFlags::WRONLY;
        flags.set(OFlags::APPEND, options.append);
        flags.set(OFlags::TRUNC, !options.append);
        let _open = self.account.open()?;
        let mut file = self.opened_to_write(data.len() as u64, || {
            let mode = mode(options.mode.unwrap_or(0o666));
            let slot = slot(at.path())?;
            let opened = match (options.create_new, options.create) {
                (true, _) => self.make(&slot, flags, mode),
                (false, true) => self.open_or_make(&slot, flags, mode),
                (false, false) => slot.open(flags, Mode::empty()),
            };
            opened.map(File::from)
        })?;
        file.write_all(data)
    }

    fn truncate(&self, at: &Granted<Write>, len: u64) -> io::Result<()> {
        let _open = self.account.open()?;
        let file = File::from(slot(at.path())?.open(OFlags::WRONLY, Mode::empty())?);
        let more = len.saturating_sub(fstat(&file)?.st_size as u64);
        self.account.write(more)?;
        file.set_len(len)
            .inspect_err(|_| self.account.give_back(more))
    }

    fn read_dir(&self, at: &Granted<Read>) -> io::Result<Vec<Entry>> {
        let _open = self.account.open()?;
        list(at.path())
    }

    fn make_dir(&self, at: &Granted<Write>, recursive: bool, bits: u32) -> io::Result<()> {
        if recursive {
            let mut make = |make: &dyn Fn() -> io::Result<()>| self.account.entry(make);
            let made = make_folders(at.path(), mode(bits), &mut make);
            return made.map_err(|error| match error.kind() {
                // Something is in the way. Whether it is the last name or one above it, Node tells apart.
                io::ErrorKind::NotADirectory if slot(at.path()).is_ok() => Errno::EXIST.into(),
                _ => error,
            });
        }
        self.make_folder(at.path(), mode(bits))
    }

    fn remove(&self, at: &Granted<Remove>, recursive: bool) -> io::Result<()> {
        let slot = slot(at.path())?;
        remove(&self.account, &slot.folder, slot.name, recursive)
    }

    fn rename(&self, from: &Granted<Move>, to: &Granted<Write>) -> io::Result<()> {
        let (from, to) = (slot(from.path())?, slot(to.path())?);
        Ok(renameat(&from.folder, from.name, &to.folder, to.name)?)
    }

    fn copy(&self, from: &Granted<Read>, to: &Granted<Write>) -> io::Result<()> {
        let _open = [self.account.open()?, self.account.open()?];
        let mut source = File::from(slot(from.path())?.open(OFlags::RDONLY, Mode::empty())?);
        let is = fstat(&source)?;
        if FileType::from_raw_mode(is.st_mode) == FileType::Directory {
            return Err(Errno::ISDIR.into());
        }
        let slot = slot(to.path())?;
        // Before the target is touched.
        self.account.has_room(match slot.stat() {
            Err(error) if error.kind() == io::ErrorKind::NotFound => is.st_size as u64 + ENTRY,
            _ => is.st_size as u64,
        })?;
        let mode = Mode::from_raw_mode(is.st_mode & 0o777);
        let mut target = File::from(self.open_or_make(&slot, OFlags::WRONLY, mode)?);
        let was = fstat(&target)?;
        if (is.st_dev, is.st_ino) == (was.st_dev, was.st_ino) {
            // Emptying it first would lose what is to be copied.
            return Ok(());
        }
        target.set_len(0)?;
        if self.account.has_quota() {
            // What a file says of its length need not be what there is to read.
            let account = &self.account;
            let mut target = Counted {
                file: target,
                account,
            };
            return io::copy(&mut source, &mut target).map(drop);
        }
        io::copy(&mut source, &mut target).map(drop)
    }

    fn stat(&self, at: &Granted<Read>) -> io::Result<Stat> {
        match self.lstat(at)? {
            stat if stat.is_symlink => Err(Errno::LOOP.into()),
            stat => Ok(stat),
        }
    }

    fn lstat(&self, at: &Granted<Read>) -> io::Result<Stat> {
        lstat(at.path())
    }

    fn read_link(&self, at: &Granted<Read>) -> io::Result<PathBuf> {
        link(at.path())
    }

    fn make_in(&self, folder: &Granted<Write>, name: &str, is_folder: bool) -> io::Result<()> {
        let path = folder.path().join(name);
        if is_folder {
            return self.make_folder(&path, mode(0o700));
        }
        let _open = self.account.open()?;
        let slot = slot(&path)?;
        self.make(&slot, OFlags::WRONLY, mode(0o600)).map(drop)
    }
}

/// What the file at a real path holds: at most `most` bytes and one more.
pub(super) fn read(path: &Path, most: u64) -> io::Result<Vec<u8>> {
    let (file, len) = open_to_read(path)?;
    files::read(file, len, most)
}

/// What is at a real path, open for reading, and how long it is: what is no regular file, and does not say so, has no length.
fn open_to_read(path: &Path) -> io::Result<(File, u64)> {
    let file = slot(path)?.open(OFlags::RDONLY, Mode::empty())?;
    let stat = fstat(&file)?;
    let len = match FileType::from_raw_mode(stat.st_mode) {
        FileType::RegularFile => stat.st_size as u64,
        _ => 0,
    };
    Ok((file.into(), len))
}

/// What is in the folder at a real path.
pub(super) fn list(path: &Path) -> io::Result<Vec<Entry>> {
    let folder = slot(path)?.open(LISTED, Mode::empty())?;
    let mut entries = Vec::new();
    for entry in Dir::read_from(&folder)? {
        let entry = entry?;
        let name = OsStr::from_bytes(entry.file_name().to_bytes());
        if name == "." || name == ".." {
            continue;
        }
        let kind = match entry.file_type() {
            // Not every file system says it here; one that is gone by now is left out.
            FileType::Unknown => match stat_in(&folder, Path::new(name)) {
                Ok(stat) => FileType::from_raw_mode(stat.st_mode),
                Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
                Err(error) => return Err(error),
            },
            kind => kind,
        };
        entries.push(Entry {
            name: name.to_string_lossy().into_owned(),
            is_file: kind == FileType::RegularFile,
            is_directory: kind == FileType::Directory,
            is_symlink: kind == FileType::Symlink,
        });
    }
    Ok(entries)
}

/// What is known of what is at a real path.
pub(super) fn lstat(path: &Path) -> io::Result<Stat> {
    let slot = slot(path)?;
    let stat = slot.stat()?;
    let kind = FileType::from_raw_mode(stat.st_mode);
    Ok(Stat {
        is_file: kind == FileType::RegularFile,
        is_directory: kind == FileType::Directory,
        is_symlink: kind == FileType::Symlink,
        size: stat.st_size as f64,
        modified: time(stat.st_mtime as i64, stat.st_mtime_nsec as u32).unwrap_or(UNIX_EPOCH),
        accessed: time(stat.st_atime as i64, stat.st_atime_nsec as u32),
        created: created(&slot.folder, slot.name),
        mode: Some(f64::from(stat.st_mode)),
    })
}

/// The target of the link at a real path.
pub(super) fn link(path: &Path) -> io::Result<PathBuf> {
    let slot = slot(path)?;
    let target = readlinkat(&slot.folder, slot.name, Vec::new())?;
    Ok(PathBuf::from(OsStr::from_bytes(target.to_bytes())))
}

fn mode(bits: u32) -> Mode {
    Mode::from_bits_truncate(bits as _)
}

fn remove(account: &Account, folder: &OwnedFd, name: &Path, recursive: bool) -> io::Result<()> {
    let stat = stat_in(folder, name)?;
    if FileType::from_raw_mode(stat.st_mode) != FileType::Directory {
        return Ok(unlinkat(folder, name, AtFlags::empty())?);
    }
    if recursive {
        let _open = account.open()?;
        let inner = open_in(folder, name, LISTED, Mode::empty())?;
        let mut names = Vec::new();
        for entry in Dir::read_from(&inner)? {
            let name = OsStr::from_bytes(entry?.file_name().to_bytes()).to_owned();
            if name != "." && name != ".." {
                names.push(name);
            }
        }
        for name in names {
            match remove(account, &inner, Path::new(&name), true) {
                // Somebody else may have removed it at the same time.
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                removed => removed?,
            }
        }
    }
    Ok(unlinkat(folder, name, AtFlags::REMOVEDIR)?)
}

fn time(seconds: i64, nanos: u32) -> Option<SystemTime> {
    let whole = Duration::from_secs(seconds.unsigned_abs());
    let time = match seconds < 0 {
        true => UNIX_EPOCH.checked_sub(whole),
        false => UNIX_EPOCH.checked_add(whole),
    };
    time?.checked_add(Duration::from_nanos(u64::from(nanos)))
}

#[cfg(any(target_os = "linux", target_os = "android"))]
fn created(folder: &OwnedFd, name: &Path) -> Option<SystemTime> {
    use rustix::fs::{StatxFlags, statx};
    let stat = statx(folder, name, AtFlags::SYMLINK_NOFOLLOW, StatxFlags::BTIME).ok()?;
    let is_known = StatxFlags::from_bits_retain(stat.stx_mask).contains(StatxFlags::BTIME);
    is_known.then(|| time(stat.stx_btime.tv_sec, stat.stx_btime.tv_nsec))?
}

#[cfg(not(any(target_os = "linux", target_os = "android")))]
fn created(_folder: &OwnedFd, _name: &Path) -> Option<SystemTime> {
    None
}
