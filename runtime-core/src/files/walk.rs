//! From a real path to an open folder, without following a link.

use std::fs::File;
use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::path::{Component, Path};

use rustix::fs::{AtFlags, FileType, Mode, OFlags, Stat, open, openat, statat};
use rustix::io::Errno;

use super::{Unread, What};

/// How a folder is opened to go on from there: without needing the right to list it, where the system has that.
#[cfg(any(target_os = "linux", target_os = "android"))]
const ON_THE_WAY: OFlags = OFlags::PATH;
#[cfg(not(any(target_os = "linux", target_os = "android")))]
const ON_THE_WAY: OFlags = OFlags::RDONLY;

/// What every opening here says.
const ALWAYS: OFlags = OFlags::NOFOLLOW.union(OFlags::CLOEXEC);

/// A name in an open folder.
#[derive(Debug)]
pub struct Slot<'p> {
    /// The folder.
    pub folder: OwnedFd,
    /// The name; of the root folder, `.` in it.
    pub name: &'p Path,
}

impl Slot<'_> {
    /// Opens what has the name. A link is an error.
    pub fn open(&self, flags: OFlags, mode: Mode) -> io::Result<OwnedFd> {
        open_in(&self.folder, self.name, flags, mode)
    }

    /// What is known of what has the name: of a link, the link.
    pub fn stat(&self) -> io::Result<Stat> {
        stat_in(&self.folder, self.name)
    }

    fn what_is(&self) -> io::Result<What> {
        Ok(match FileType::from_raw_mode(self.stat()?.st_mode) {
            FileType::RegularFile => What::File,
            FileType::Directory => What::Folder,
            FileType::Symlink => What::Link,
            _ => What::Other,
        })
    }
}

/// Opens what has one name in an open folder. A link is an error.
pub fn open_in(folder: impl AsFd, name: &Path, flags: OFlags, mode: Mode) -> io::Result<OwnedFd> {
    Ok(openat(folder, name, flags | ALWAYS, mode)?)
}

/// What is known of what has one name in an open folder: of a link, the link.
pub fn stat_in(folder: impl AsFd, name: &Path) -> io::Result<Stat> {
    Ok(statat(folder, name, AtFlags::SYMLINK_NOFOLLOW)?)
}

/// The folder that `path`, which is absolute and real, is in, and its name there.
pub fn slot(path: &Path) -> io::Result<Slot<'_>> {
    let mut folder = root()?;
    let mut name = Path::new(".");
    for step in steps(path) {
        let step = step?;
        if name != Path::new(".") {
            folder = enter(&folder, name)?;
        }
        name = step;
    }
    Ok(Slot { folder, name })
}

/// The system's own call that makes a folder.
pub type Making<'m> = &'m dyn Fn() -> io::Result<()>;

/// Makes the folder at `path`, which is absolute and real, and those above it. One that exists is no error. `make` makes one: it
/// calls what it is given, which is the system's own call, or refuses.
pub fn make_folders(
    path: &Path,
    mode: Mode,
    make: &mut dyn FnMut(Making<'_>) -> io::Result<()>,
) -> io::Result<()> {
    let mut folder = root()?;
    for step in steps(path) {
        let step = step?;
        folder = match enter(&folder, step) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let made = make(&|| Ok(rustix::fs::mkdirat(&folder, step, mode)?));
                match made {
                    Ok(()) => {}
                    // Somebody else made it at the same time.
                    Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                    Err(error) => return Err(error),
                }
                enter(&folder, step)?
            }
            entered => entered?,
        };
    }
    Ok(())
}

/// What is at a real path.
pub(super) fn what_is(path: &Path) -> io::Result<What> {
    slot(path)?.what_is()
}

/// Opens the regular file at a real path to read it. Nothing else is opened, and nobody is waited for.
pub(super) fn open_regular(path: &Path) -> Result<File, Unread> {
    let slot = slot(path)?;
    match slot.what_is()? {
        What::File => {}
        other => return Err(Unread::Is(other)),
    }
    // A pipe that has just taken its place would wait for a writer.
    let flags = OFlags::RDONLY | OFlags::NONBLOCK | OFlags::NOCTTY;
    Ok(slot.open(flags, Mode::empty())?.into())
}

/// Where the system lists the descriptors of this process.
#[cfg(feature = "isolation")]
fn descriptors() -> String {
    match cfg!(any(target_os = "linux", target_os = "android")) {
        true => format!("/proc/{}/fd", std::process::id()),
        false => "/dev/fd".to_owned(),
    }
}

/// The descriptors that this process has open.
#[cfg(feature = "isolation")]
pub(super) fn open_descriptors() -> io::Result<Vec<i32>> {
    let path = descriptors();
    let list = slot(Path::new(&path))?.open(OFlags::RDONLY | OFlags::DIRECTORY, Mode::empty())?;
    let mut found = Vec::new();
    for entry in rustix::fs::Dir::read_from(&list)? {
        let entry = entry?;
        let name = entry.file_name().to_str().ok();
        // Every name but `.` and `..` is a number.
        let number: Option<i32> = name.and_then(|name| name.parse().ok());
        found.extend(number);
    }
    Ok(found)
}

fn root() -> io::Result<OwnedFd> {
    let flags = ON_THE_WAY | OFlags::DIRECTORY | ALWAYS;
    Ok(open("/", flags, Mode::empty())?)
}

fn enter(folder: &OwnedFd, name: &Path) -> io::Result<OwnedFd> {
    open_in(folder, name, ON_THE_WAY | OFlags::DIRECTORY, Mode::empty())
}

/// The names of a real path.
fn steps(path: &Path) -> impl Iterator<Item = io::Result<&Path>> {
    path.components().filter_map(|component| match component {
        Component::Normal(name) => Some(Ok(Path::new(name))),
        Component::RootDir | Component::CurDir => None,
        // Such a path was not resolved, and what it means cannot be said without following links.
        Component::ParentDir | Component::Prefix(_) => Some(Err(Errno::INVAL.into())),
    })
}
