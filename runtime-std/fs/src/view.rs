//! What scripts see of files: the machine's own paths, or when the spec has `mounts`, only those.
//!
//! With mounts a path is taken from `/`, and means something only at or beneath a mount point, or on the way to one. Permissions are
//! judged all the same: where the files are the machine's on the path that it leads to, and else on the path that scripts see.
//! Where the machine has no files that can be opened, and nothing is mounted, there is one folder in memory.

use std::cell::OnceCell;
use std::io;
use std::path::{Component, Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;

use runtime_core::definition::{Mount, MountSource};
use runtime_core::engine::Cx;
use runtime_core::permissions::{Names, Permissions};

use super::account::Account;
use super::port::{Entry, FileSystem, Stat};
use super::volume::{self, Bare, Mounting, Volume};

/// What is mounted where the machine has no files.
const ALONE: Mount = Mount {
    at: "/",
    from: MountSource::Memory { quota: 64 << 20 },
    writable: true,
};

/// Where scripts find temporary files when they see mounts.
const TEMPORARY: &str = "/tmp";

/// The files of one runtime.
pub(super) struct View {
    host: Option<Arc<dyn FileSystem>>,
    pub(super) mounts: Vec<Mounted>,
}

/// A mount point, and what is there.
pub(super) struct Mounted {
    /// The names of the point.
    pub(super) names: PathBuf,
    pub(super) volume: io::Result<Volume>,
    writable: bool,
}

/// Where a path of a script leads.
pub(super) struct Spot {
    /// The path in its file system, not yet resolved.
    pub(super) path: PathBuf,
    /// The file system.
    pub(super) file_system: Arc<dyn FileSystem>,
    /// The mount that it lies in, when there are mounts.
    pub(super) mount: Option<Within>,
    /// How the path is judged.
    pub(super) judged: Judged,
    /// The mounts beneath it.
    pub(super) below: Below,
}

/// How permissions are asked about a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Judged {
    /// Links are followed first.
    Followed,
    /// As it is: its file system follows no link.
    Plain(Names),
}

/// A mount point and the real path behind it.
#[derive(Debug)]
pub(super) struct Within {
    pub(super) at: PathBuf,
    pub(super) root: PathBuf,
    pub(super) writable: bool,
}

/// What leads from a folder to the mounts beneath it: a name for each, which is a folder whatever is there beside.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Below(Vec<String>);

#[derive(Default)]
struct Slot(OnceCell<Rc<View>>);

impl Within {
    /// What scripts call the real path `path`, which lies in it.
    pub(super) fn seen(&self, path: &Path) -> PathBuf {
        match path.strip_prefix(&self.root) {
            Ok(rest) if rest.as_os_str().is_empty() => self.at.clone(),
            Ok(rest) => self.at.join(rest),
            Err(_) => path.to_path_buf(),
        }
    }
}

impl Below {
    /// What leads from the folder at `path` to the points beneath it.
    pub(super) fn of<'p>(points: impl Iterator<Item = &'p Path>, path: &Path) -> Self {
        let next = |point: &Path| {
            let rest = point.strip_prefix(path).ok()?;
            let name = rest.components().next()?;
            Some(name.as_os_str().to_string_lossy().into_owned())
        };
        let mut names: Vec<String> = points.filter_map(next).collect();
        names.sort();
        names.dedup();
        Self(names)
    }

    /// Whether there is none.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What a folder shows.
    pub(super) fn list(self, found: io::Result<Vec<Entry>>) -> io::Result<Vec<Entry>> {
        let mut entries = match found {
            Err(error) if error.kind() == io::ErrorKind::NotFound && !self.is_empty() => Vec::new(),
            found => found?,
        };
        entries.retain(|entry| !self.0.contains(&entry.name));
        entries.extend(self.0.into_iter().map(Entry::folder));
        Ok(entries)
    }

    /// What is known of a folder.
    pub(super) fn stat(self, found: io::Result<Stat>) -> io::Result<Stat> {
        match found {
            Err(error) if error.kind() == io::ErrorKind::NotFound && !self.is_empty() => {
                Ok(volume::folder_stat())
            }
            found => found,
        }
    }
}

impl View {
    /// What scripts of the runtime see that `cx` is of.
    pub(super) fn of(cx: &Cx<'_>) -> Rc<Self> {
        let made = || {
            let (mounts, permissions) = (cx.mounts(), cx.permissions());
            Rc::new(Self::new(mounts, &permissions, &Account::of(cx)))
        };
        Rc::clone(cx.local::<Slot>().0.get_or_init(made))
    }

    fn new(mounts: &[Mount], permissions: &Permissions, account: &Arc<Account>) -> Self {
        let host = volume::own(account);
        let mounts = match (mounts, &host) {
            ([], None) => &[ALONE],
            (mounts, _) => mounts,
        };
        let mounting = Mounting {
            host: host.as_ref(),
            permissions,
            account,
        };
        let mounts = mounts.iter().map(|mount| {
            let names = names(Path::new(mount.at));
            Mounted {
                volume: mounting.open(mount.from, &from_root(&names)),
                names,
                // Nothing keeps what would be written over files that ship in the program.
                writable: mount.writable && !matches!(mount.from, MountSource::Embed(_)),
            }
        });
        Self {
            mounts: mounts.collect(),
            host,
        }
    }

    /// Where scripts find temporary files.
    pub(super) fn temporary(&self) -> String {
        match self.mounts.is_empty() {
            true => std::env::temp_dir().to_string_lossy().into_owned(),
            false => TEMPORARY.to_owned(),
        }
    }

    /// Where `path` leads. No path, and one that leads to no mount, lead nowhere.
    pub(super) fn locate(&self, path: &str) -> io::Result<Spot> {
        if path.is_empty() {
            return Err(io::ErrorKind::NotFound.into());
        }
        if let (Some(host), []) = (&self.host, self.mounts.as_slice()) {
            return Ok(Spot {
                path: PathBuf::from(path),
                file_system: Arc::clone(host),
                mount: None,
                judged: Judged::Followed,
                below: Below(Vec::new()),
            });
        }
        let path = names(Path::new(path));
        let below = self.below(&path);
        let within = self
            .mounts
            .iter()
            .filter(|mount| path.starts_with(&mount.names))
            .max_by_key(|mount| mount.names.components().count());
        let Some(mount) = within else {
            return match below.is_empty() {
                true => Err(io::ErrorKind::NotFound.into()),
                false => Ok(on_the_way(&path, below)),
            };
        };
        let rest = path.strip_prefix(&mount.names).unwrap_or(&path);
        let at = from_root(&mount.names);
        let (file_system, root, path, judged): (Arc<dyn FileSystem>, _, _, _) = match &mount.volume
        {
            Ok(Volume::Host(host, root)) => {
                let host = Arc::clone(host);
                (host, root.clone(), root.join(rest), Judged::Followed)
            }
            Ok(Volume::OverHost(kept, root)) => {
                let judged = Judged::Plain(Names::Machine);
                (kept.as_file_system(), root.clone(), root.join(rest), judged)
            }
            Ok(Volume::Nowhere(kept)) => {
                let judged = Judged::Plain(Names::Seen);
                (kept.as_file_system(), at.clone(), at.join(rest), judged)
            }
            Err(error) => return Err(io::Error::new(error.kind(), error.to_string())),
        };
        Ok(Spot {
            path,
            file_system,
            mount: Some(Within {
                at,
                root,
                writable: mount.writable,
            }),
            judged,
            below,
        })
    }

    /// What leads from the folder at `path` to mounts beneath it.
    fn below(&self, path: &Path) -> Below {
        Below::of(self.mounts.iter().map(|mount| mount.names.as_path()), path)
    }
}

/// A folder outside of every mount that leads to one.
fn on_the_way(path: &Path, below: Below) -> Spot {
    let at = from_root(path);
    Spot {
        path: at.clone(),
        file_system: Arc::new(Bare),
        mount: Some(Within {
            root: at.clone(),
            at,
            writable: false,
        }),
        judged: Judged::Plain(Names::Seen),
        below,
    }
}

fn from_root(names: &Path) -> PathBuf {
    Path::new("/").join(names)
}

/// The names of a path from `/`, without `.` and `..`.
pub(super) fn names(path: &Path) -> PathBuf {
    let mut made = PathBuf::new();
    for component in path.components() {
        match component {
            Component::Normal(name) => made.push(name),
            Component::ParentDir => {
                made.pop();
            }
            Component::CurDir | Component::RootDir | Component::Prefix(_) => {}
        }
    }
    made
}

#[cfg(all(test, unix, feature = "host", feature = "virtual"))]
mod tests {
    use super::*;

    const fn mount(at: &'static str, from: MountSource) -> Mount {
        Mount {
            at,
            from,
            writable: true,
        }
    }

    const MOUNTS: &[Mount] = &[
        mount("/data", MountSource::Host("/srv/data")),
        mount("/data/fixed/", MountSource::Host("/srv/fixed")),
        mount("/data/deep/er/still", MountSource::Embed(&[])),
        mount("/tmp", MountSource::Memory { quota: 0 }),
        mount(
            "/over",
            MountSource::OverHost {
                folder: "/srv/over",
                quota: 0,
            },
        ),
    ];

    fn view() -> View {
        View::new(MOUNTS, &Permissions::none(), &Arc::default())
    }

    #[test]
    fn a_path_leads_into_the_innermost_mount() {
        use Judged::{Followed, Plain};
        let seen = Plain(Names::Seen);
        let machine = Plain(Names::Machine);
        let rows = [
            ("/data/x", Some(("/srv/data/x", "/data", Followed))),
            ("data/x", Some(("/srv/data/x", "/data", Followed))),
            ("/data", Some(("/srv/data", "/data", Followed))),
            (
                "/../data/./y/../x",
                Some(("/srv/data/x", "/data", Followed)),
            ),
            (
                "/data/fixed/x",
                Some(("/srv/fixed/x", "/data/fixed", Followed)),
            ),
            ("/data/fixed/../x", Some(("/srv/data/x", "/data", Followed))),
            (
                "/data/fixedly",
                Some(("/srv/data/fixedly", "/data", Followed)),
            ),
            ("/tmp/../tmp/a/b/..", Some(("/tmp/a", "/tmp", seen))),
            ("/over/a", Some(("/srv/over/a", "/over", machine))),
            (
                "/data/deep/er/still",
                Some(("/data/deep/er/still", "/data/deep/er/still", seen)),
            ),
            (
                "/data/deep/er",
                Some(("/srv/data/deep/er", "/data", Followed)),
            ),
            ("/data/..", Some(("/", "/", seen))),
            ("/", Some(("/", "/", seen))),
            ("/database", None),
            ("/srv/data/x", None),
            ("", None),
        ];
        for (path, expect) in rows {
            let found = view().locate(path).ok();
            let found = found.map(|spot| {
                let mount = spot.mount.expect("there are mounts");
                (spot.path.join(""), mount.at, spot.judged)
            });
            let expect = expect
                .map(|(path, at, judged)| (Path::new(path).join(""), PathBuf::from(at), judged));
            assert_eq!(found, expect, "{path}");
        }
    }

    #[test]
    fn a_folder_shows_the_mounts_beneath_it() {
        let rows: &[(&str, &[&str])] = &[
            ("", &["data", "over", "tmp"]),
            ("data", &["deep", "fixed"]),
            ("data/deep", &["er"]),
            ("data/deep/er", &["still"]),
            ("data/deep/er/still", &[]),
            ("dat", &[]),
        ];
        for (path, expect) in rows {
            assert_eq!(view().below(Path::new(path)).0, *expect, "{path}");
        }
    }

    #[test]
    fn a_real_path_is_seen_beneath_its_mount_point() {
        let mount = Within {
            at: PathBuf::from("/data"),
            root: PathBuf::from("/srv"),
            writable: false,
        };
        assert_eq!(mount.seen(Path::new("/srv/a/b")), Path::new("/data/a/b"));
        assert_eq!(mount.seen(Path::new("/srv")), Path::new("/data"));
    }
}
