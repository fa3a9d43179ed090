//! What the program around a runtime may do with the files that it keeps in memory: take them out, put them in, hear of changes.
//!
//! No permission is judged here: this is the program's own access. It is how a page fills a runtime's files and keeps them from one
//! visit to the next: [`Files::on_change`] says when, [`Files::changes`] what, and [`Files::import`] puts it back the next time.
//!
//! ```no_run
//! # fn save(_: Vec<module_fs::Item>) {}
//! # fn saved() -> Vec<module_fs::Item> { Vec::new() }
//! # let runtime = runtime_core::JsRuntime::builder().build().unwrap();
//! use module_fs::Files;
//!
//! let files = runtime.enter(|cx| Files::of(cx));
//! files.import(saved()).unwrap();
//! files.on_change(|files, _| save(files.changes()));
//! ```

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Weak};
use std::time::{SystemTime, UNIX_EPOCH};

use runtime_core::engine::Cx;

use super::port::Entry;
use super::view::{self, Below, View};
use super::volume::{Kept, Volume};

/// The files of one runtime that are kept in memory: those of each mount from `memory` or `overlay:`, and those that are
/// embedded. They stay while this does.
#[derive(Clone)]
pub struct Files {
    mounts: Arc<[(PathBuf, Option<Arc<Kept>>)]>,
}

/// A file or folder, taken out or to be put in; `B` is what holds bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item<B = Vec<u8>> {
    /// Its path, as scripts see it: `/data/notes.txt`.
    pub path: String,
    /// What is there.
    pub what: What<B>,
    /// When it was last changed.
    pub modified: SystemTime,
    /// Its permission bits.
    pub mode: u32,
}

/// What is at a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What<B = Vec<u8>> {
    /// A file, and all bytes of it.
    File(B),
    /// A folder; what is in it are items of their own.
    Folder,
    /// Nothing more: it was removed from what lies beneath an overlay.
    Gone,
}

impl fmt::Debug for Files {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mounts = self.mounts.iter().map(|(at, _)| shown(at));
        f.debug_list().entries(mounts).finish()
    }
}

impl Item {
    /// A file, last changed at the start of all times.
    pub fn file(path: impl Into<String>, bytes: impl Into<Vec<u8>>) -> Self {
        Self {
            path: path.into(),
            what: What::File(bytes.into()),
            modified: UNIX_EPOCH,
            mode: 0o644,
        }
    }

    /// A folder.
    pub fn folder(path: impl Into<String>) -> Self {
        Self {
            what: What::Folder,
            mode: 0o755,
            ..Self::file(path, [])
        }
    }

    /// What was removed.
    pub fn gone(path: impl Into<String>) -> Self {
        Self {
            what: What::Gone,
            ..Self::file(path, [])
        }
    }
}

impl Item<&[u8]> {
    /// The same with bytes of its own.
    pub(super) fn to_owned(&self) -> Item {
        Item {
            path: self.path.clone(),
            what: match self.what {
                What::File(bytes) => What::File(bytes.to_vec()),
                What::Folder => What::Folder,
                What::Gone => What::Gone,
            },
            modified: self.modified,
            mode: self.mode,
        }
    }
}

impl Files {
    /// The files of the runtime that `cx` is of.
    pub fn of(cx: &Cx<'_>) -> Self {
        let mounts = View::of(cx);
        let mounts = mounts.mounts.iter().map(|mount| {
            let kept = match &mount.volume {
                Ok(Volume::Nowhere(kept) | Volume::OverHost(kept, _)) => Some(Arc::clone(kept)),
                Ok(Volume::Host(..)) | Err(_) => None,
            };
            (mount.names.clone(), kept)
        });
        Self {
            mounts: mounts.collect(),
        }
    }

    /// Everything that scripts see of them: each folder before what is in it.
    ///
    /// Links in a folder of the machine beneath an overlay are left out. A file of the machine that cannot be read is an error.
    pub fn export(&self) -> io::Result<Vec<Item>> {
        let mut items = Vec::new();
        for (at, kept) in self.kept() {
            items.extend(self.seen(at, kept.export()?));
        }
        Ok(items)
    }

    /// What differs from an empty memory and from what lies beneath an overlay, in the order in which [`import`](Self::import)
    /// makes it again.
    pub fn changes(&self) -> Vec<Item> {
        let mut items = Vec::new();
        self.visit_changes("/", &mut |item| items.push(item.to_owned()));
        items
    }

    /// Shows `visit` the [`changes`](Self::changes) of what is at a path, with all beneath it, and of the folders above it. It
    /// cannot use the files.
    pub fn visit_changes(&self, path: &str, visit: &mut dyn FnMut(Item<&[u8]>)) {
        let path = view::names(Path::new(path));
        for (at, kept) in self.kept() {
            let within = match path.strip_prefix(at) {
                Ok(within) => within,
                Err(_) if at.starts_with(&path) => Path::new(""),
                Err(_) => continue,
            };
            // A path that is too long for anything to be there changed nothing.
            let _ = kept.changes(within, &mut |item| {
                if let Some(path) = self.shown_at(at, &item.path) {
                    visit(Item { path, ..item });
                }
            });
        }
    }

    /// What is in a folder, by name; mount points are folders in it.
    pub fn list(&self, path: &str) -> io::Result<Vec<Entry>> {
        let path = view::names(Path::new(path));
        let found = match self.mount_of(&path) {
            Some((at, Some(kept))) => kept.list(path.strip_prefix(at).unwrap_or(&path)),
            Some((_, None)) | None => Err(io::ErrorKind::NotFound.into()),
        };
        let points = self.mounts.iter().map(|(at, _)| at.as_path());
        let mut entries = Below::of(points, &path).list(found)?;
        entries.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(entries)
    }

    /// Gives `take` what a file holds, where it lies. It cannot use the files.
    pub fn read_as<T>(&self, path: &str, take: impl FnOnce(&[u8]) -> T) -> io::Result<T> {
        let path = view::names(Path::new(path));
        match self.mount_of(&path) {
            Some((at, Some(kept))) => kept.read_as(path.strip_prefix(at).unwrap_or(&path), take),
            Some((_, None)) | None => Err(io::ErrorKind::NotFound.into()),
        }
    }

    /// Removes what is at a path, with all that is in it.
    pub fn remove(&self, path: &str) -> io::Result<()> {
        let path = view::names(Path::new(path));
        match self.mount_of(&path) {
            Some((at, Some(kept))) => kept.remove_whole(path.strip_prefix(at).unwrap_or(&path)),
            Some((_, None)) | None => Err(io::ErrorKind::NotFound.into()),
        }
    }

    /// The most bytes that are kept in the mount of a path; none where there is no such mount.
    pub fn quota(&self, path: &str) -> u64 {
        let mount = self.mount_of(&view::names(Path::new(path)));
        mount.and_then(|(_, kept)| kept).map_or(0, Kept::quota)
    }

    /// Puts items in, in order, each in the place of what is at its path; the folders above it are made. No limit of the runtime
    /// counts them, but the mount's `quota` holds. The first that has no place ends it with an error that names it; those before it
    /// stay.
    pub fn import(&self, items: impl IntoIterator<Item = Item>) -> io::Result<()> {
        for item in items {
            let path = view::names(Path::new(&item.path));
            let put = match self.mount_of(&path) {
                Some((at, Some(kept))) => kept.import(path.strip_prefix(at).unwrap_or(&path), item),
                Some((_, None)) | None => Err(io::Error::new(
                    io::ErrorKind::NotFound,
                    "no mount there is kept in memory",
                )),
            };
            put.map_err(|error| {
                let what = format!("cannot import `/{}`: {error}", path.display());
                io::Error::new(error.kind(), what)
            })?;
        }
        Ok(())
    }

    /// Calls `changed` after each change that a script made, with the files and the path of what changed, be it with all beneath
    /// it. It may be called on any thread. Whether it will be: there is one listener, and the first stays.
    pub fn on_change(&self, changed: impl Fn(&Self, &str) + Send + Sync + 'static) -> bool {
        // A listener is held by what it listens to, which it must not hold.
        let weak = |(at, kept): &(PathBuf, Option<Arc<Kept>>)| {
            (at.clone(), kept.as_ref().map(Arc::downgrade))
        };
        let mounts: Vec<(PathBuf, Option<Weak<Kept>>)> = self.mounts.iter().map(weak).collect();
        let strong = |(at, kept): &(PathBuf, Option<Weak<Kept>>)| {
            (at.clone(), kept.as_ref().and_then(Weak::upgrade))
        };
        let changed = Arc::new(move |path: &str| {
            let mounts = mounts.iter().map(strong).collect();
            changed(&Self { mounts }, path);
        });
        self.kept().all(|(at, kept)| {
            let changed = Arc::clone(&changed);
            let at = at.to_owned();
            kept.on_change(Box::new(move |path| changed(&shown(&at.join(path)))))
        })
    }

    fn kept(&self) -> impl Iterator<Item = (&Path, &Kept)> {
        let mounts = self.mounts.iter();
        mounts.filter_map(|(at, kept)| Some((at.as_path(), kept.as_deref()?)))
    }

    /// The mount that shows at a path, given by its names.
    fn mount_of(&self, path: &Path) -> Option<(&Path, Option<&Kept>)> {
        let within = |(at, _): &&(PathBuf, _)| path.starts_with(at);
        let (at, kept) = self
            .mounts
            .iter()
            .filter(within)
            .max_by_key(|(at, _)| at.components().count())?;
        Some((at, kept.as_deref()))
    }

    /// Items of a mount under the paths that scripts see; none that another mount hides.
    fn seen(&self, at: &Path, items: Vec<Item>) -> impl Iterator<Item = Item> {
        items.into_iter().filter_map(move |item| {
            let path = self.shown_at(at, &item.path)?;
            Some(Item { path, ..item })
        })
    }

    /// What scripts call a path of a mount, unless another mount hides it.
    fn shown_at(&self, at: &Path, path: &str) -> Option<String> {
        let path = at.join(path);
        let (owner, _) = self.mount_of(&path)?;
        (owner == at).then(|| shown(&path))
    }
}

/// A path as scripts write it.
fn shown(names: &Path) -> String {
    let names: Vec<_> = names.iter().map(|name| name.to_string_lossy()).collect();
    format!("/{}", names.join("/"))
}
