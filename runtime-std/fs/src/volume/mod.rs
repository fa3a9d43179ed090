//! File systems behind the port, and which of them a mount gets.
//!
//! The boundary: a source of a mount in, a file system out. `host` opens files of the machine and needs a Unix. The others need
//! nothing: `kept` holds a tree in memory, over nothing, over files that ship in the program (`embed`), or over the machine's.
//!
//! A package for the page has no machine's files: it takes the feature `virtual` alone, gets one folder in memory at `/` where its
//! spec has no mounts, and reaches what scripts see by [`Files`](super::Files) of the runtime's `Cx`: `import` before the first
//! script, `export` and `changes` at any time, and `on_change` to keep them between visits. Those calls may come while scripts
//! wait, on the page's own thread; nothing there blocks.

mod bare;
#[cfg(feature = "virtual")]
mod embed;
#[cfg(all(unix, feature = "host"))]
mod host;
#[cfg(not(all(unix, feature = "host")))]
#[path = "no_host.rs"]
mod host;
#[cfg(feature = "virtual")]
mod kept;
#[cfg(not(feature = "virtual"))]
#[path = "no_kept.rs"]
mod kept;
#[cfg(feature = "virtual")]
mod lower;
#[cfg(feature = "virtual")]
mod tree;

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use runtime_core::definition::MountSource;
use runtime_core::permissions::Permissions;

pub(super) use bare::{Bare, folder_stat};
pub(super) use host::{aside, own};
pub(super) use kept::Kept;

use super::account::Account;
use super::port::FileSystem;

#[cfg(not(any(all(unix, feature = "host"), feature = "virtual")))]
compile_error!(
    "the module `fs` has no file system\nhelp: take the feature `virtual` of `module-fs`, or on a Unix `host`, or both"
);

/// What was mounted.
pub(super) enum Volume {
    /// A real folder of the machine. What a link leads to that takes its place later is not in the mount.
    Host(Arc<dyn FileSystem>, PathBuf),
    /// What is kept in memory over a real folder of the machine.
    OverHost(Arc<Kept>, PathBuf),
    /// What is nowhere on the machine.
    Nowhere(Arc<Kept>),
}

/// What mounting needs to know.
pub(super) struct Mounting<'a> {
    /// The machine's own files, where there are any.
    pub(super) host: Option<&'a Arc<dyn FileSystem>>,
    pub(super) permissions: &'a Permissions,
    pub(super) account: &'a Arc<Account>,
}

impl Mounting<'_> {
    /// The file system of a mount that scripts see at `at`.
    pub(super) fn open(&self, source: MountSource, at: &Path) -> io::Result<Volume> {
        let account = Arc::clone(self.account);
        match source {
            MountSource::Host(folder) => {
                let host = self.host.ok_or(io::ErrorKind::Unsupported)?;
                let root = self.permissions.resolve(Path::new(folder));
                Ok(Volume::Host(Arc::clone(host), root))
            }
            MountSource::OverHost { folder, quota } => {
                let root = self.permissions.resolve(Path::new(folder));
                let kept = Kept::over_host(root.clone(), quota, account)?;
                Ok(Volume::OverHost(Arc::new(kept), root))
            }
            MountSource::Memory { quota } => Kept::empty(at, quota, account).map(nowhere),
            MountSource::Embed(files) => Kept::over_files(at, files, 0, account).map(nowhere),
            MountSource::OverEmbed { files, quota } => {
                Kept::over_files(at, files, quota, account).map(nowhere)
            }
        }
    }
}

fn nowhere(kept: Kept) -> Volume {
    Volume::Nowhere(Arc::new(kept))
}
