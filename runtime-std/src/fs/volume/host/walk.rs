//! From a real path to an open folder, without following a link.

use std::io;
use std::os::fd::OwnedFd;
use std::path::{Component, Path};

use rustix::fs::{Mode, OFlags, open, openat};
use rustix::io::Errno;

/// How a folder is opened to go on from there: without needing the right to list it, where the system has that.
#[cfg(any(target_os = "linux", target_os = "android"))]
const ON_THE_WAY: OFlags = OFlags::PATH;
#[cfg(not(any(target_os = "linux", target_os = "android")))]
const ON_THE_WAY: OFlags = OFlags::RDONLY;

/// What every opening here says.
const ALWAYS: OFlags = OFlags::NOFOLLOW.union(OFlags::CLOEXEC);

/// A name in an open folder.
pub(super) struct Slot<'p> {
    /// The folder.
    pub(super) folder: OwnedFd,
    /// The name; of the root folder, `.` in it.
    pub(super) name: &'p Path,
}

impl Slot<'_> {
    /// Opens what has the name.
    pub(super) fn open(&self, flags: OFlags, mode: Mode) -> io::Result<OwnedFd> {
        Ok(openat(&self.folder, self.name, flags | ALWAYS, mode)?)
    }
}

/// The folder that `path`, which is absolute and real, is in, and its name there.
pub(super) fn slot(path: &Path) -> io::Result<Slot<'_>> {
    let mut folder = root()?;
    let mut name = Path::new(".");
    for step in steps(path) {
        if name != Path::new(".") {
            folder = enter(&folder, name)?;
        }
        name = step;
    }
    Ok(Slot { folder, name })
}

/// Makes the folder at `path`, which is absolute and real, and those above it. One that exists is no error.
pub(super) fn make_folders(path: &Path, mode: Mode) -> io::Result<()> {
    let mut folder = root()?;
    for step in steps(path) {
        folder = match enter(&folder, step) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                match rustix::fs::mkdirat(&folder, step, mode) {
                    // Somebody else may have made it at the same time.
                    Ok(()) | Err(Errno::EXIST) => enter(&folder, step)?,
                    Err(error) => return Err(error.into()),
                }
            }
            entered => entered?,
        };
    }
    Ok(())
}

fn root() -> io::Result<OwnedFd> {
    Ok(open(
        "/",
        ON_THE_WAY | OFlags::DIRECTORY | ALWAYS,
        Mode::empty(),
    )?)
}

fn enter(folder: &OwnedFd, name: &Path) -> io::Result<OwnedFd> {
    let flags = ON_THE_WAY | OFlags::DIRECTORY | ALWAYS;
    Ok(openat(folder, name, flags, Mode::empty())?)
}

/// The names of a real path.
fn steps(path: &Path) -> impl Iterator<Item = &Path> {
    path.components().filter_map(|component| match component {
        Component::Normal(name) => Some(Path::new(name)),
        Component::RootDir | Component::CurDir | Component::ParentDir | Component::Prefix(_) => {
            None
        }
    })
}
