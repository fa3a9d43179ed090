//! What scripts see of the file system: the host's own paths, or when the spec has `mounts`, only those.
//!
//! With mounts a path is taken from `/`, and means something only at or beneath a mount point. Permissions are judged all the
//! same, on the path that it leads to.

use std::io;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use runtime_core::definition::Mount;
use runtime_core::permissions::Permissions;

use super::account::Account;
use super::host::Host;
use super::port::FileSystem;

/// Where a path of a script leads.
pub(super) struct Spot {
    /// The path in its file system, not yet resolved.
    pub(super) path: PathBuf,
    /// The file system.
    pub(super) file_system: Arc<dyn FileSystem>,
    /// The mount that it lies in, when there are mounts.
    pub(super) mount: Option<Mounted>,
}

/// A mount point and the real folder behind it.
pub(super) struct Mounted {
    pub(super) at: PathBuf,
    pub(super) root: PathBuf,
    pub(super) writable: bool,
}

impl Mounted {
    /// What scripts call the real path `path`, which lies in it.
    pub(super) fn seen(&self, path: &Path) -> PathBuf {
        match path.strip_prefix(&self.root) {
            Ok(rest) if rest.as_os_str().is_empty() => self.at.clone(),
            Ok(rest) => self.at.join(rest),
            Err(_) => path.to_path_buf(),
        }
    }
}

/// Where `path` leads. No path, and one outside of every mount, lead nowhere.
pub(super) fn locate(
    mounts: &[Mount],
    permissions: &Permissions,
    account: &Arc<Account>,
    path: &str,
) -> io::Result<Spot> {
    let host = || Arc::new(Host::new(Arc::clone(account)));
    if path.is_empty() {
        return Err(io::ErrorKind::NotFound.into());
    }
    if mounts.is_empty() {
        return Ok(Spot {
            path: PathBuf::from(path),
            file_system: host(),
            mount: None,
        });
    }
    let path = names(Path::new(path));
    let within = |mount: &&Mount| path.starts_with(names(Path::new(mount.at)));
    let depth = |mount: &&Mount| names(Path::new(mount.at)).components().count();
    let Some(mount) = mounts.iter().filter(within).max_by_key(depth) else {
        return Err(io::ErrorKind::NotFound.into());
    };
    let Some(folder) = mount.from.strip_prefix("host:") else {
        return Err(io::ErrorKind::Unsupported.into());
    };
    let at = names(Path::new(mount.at));
    let rest = path.strip_prefix(&at).unwrap_or(&path);
    Ok(Spot {
        path: Path::new(folder).join(rest),
        file_system: host(),
        mount: Some(Mounted {
            at: Path::new("/").join(&at),
            root: permissions.resolve(Path::new(folder)),
            writable: mount.writable,
        }),
    })
}

/// The names of a path from `/`, without `.` and `..`.
fn names(path: &Path) -> PathBuf {
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

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    const MOUNTS: &[Mount] = &[
        Mount {
            at: "/data",
            from: "host:/srv/data",
            writable: true,
        },
        Mount {
            at: "/data/fixed/",
            from: "host:/srv/fixed",
            writable: false,
        },
    ];

    #[test]
    fn a_path_leads_into_the_innermost_mount() {
        let rows = [
            ("/data/x", Some(("/srv/data/x", "/data"))),
            ("data/x", Some(("/srv/data/x", "/data"))),
            ("/data", Some(("/srv/data", "/data"))),
            ("/../data/./y/../x", Some(("/srv/data/x", "/data"))),
            ("/data/fixed/x", Some(("/srv/fixed/x", "/data/fixed"))),
            ("/data/fixed/../x", Some(("/srv/data/x", "/data"))),
            ("/data/fixedly", Some(("/srv/data/fixedly", "/data"))),
            ("/database", None),
            ("/data/..", None),
            ("/srv/data/x", None),
            ("/", None),
            ("", None),
        ];
        for (path, expect) in rows {
            let found = locate(MOUNTS, &Permissions::none(), &Arc::default(), path).ok();
            let found = found.map(|spot| {
                let mount = spot.mount.expect("there are mounts");
                (spot.path.join(""), mount.at)
            });
            let expect = expect.map(|(path, at)| (Path::new(path).join(""), PathBuf::from(at)));
            assert_eq!(found, expect, "{path}");
        }
    }

    #[test]
    fn a_real_path_is_seen_beneath_its_mount_point() {
        let mount = Mounted {
            at: PathBuf::from("/data"),
            root: PathBuf::from("/srv"),
            writable: false,
        };
        assert_eq!(mount.seen(Path::new("/srv/a/b")), Path::new("/data/a/b"));
        assert_eq!(mount.seen(Path::new("/srv")), Path::new("/data"));
    }
}
