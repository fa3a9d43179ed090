//! Paths: resolved before they are judged.
//!
//! A path is taken from a base folder and freed of `.` and `..` by its letters, then symbolic links are followed as far as it
//! exists; the rest stays as written. Grants and denials are resolved the same way, so both sides of a comparison are real
//! paths, and a path is beneath another when its components say so: `/database` is not beneath `/data`.
//!
//! `..` goes by the letters, as URLs and other runtimes have it, so that what a path means does not depend on a folder
//! which may not be looked at.

use std::borrow::Cow;
use std::collections::VecDeque;
use std::ffi::OsString;
use std::io;
use std::path::{Component, Path, PathBuf};

use super::layers::Entry;

/// How many links are followed in one path; beyond them it is a cycle.
const LINKS: usize = 40;

/// Whether file systems here usually take names in either case for the same.
const FOLDS_CASE: bool = cfg!(any(windows, target_os = "macos", target_os = "ios"));

/// A path that was asked for.
#[derive(Clone, Debug)]
pub(super) struct Place {
    /// Absolute, without `.` and `..`; links not followed.
    pub(super) written: PathBuf,
    /// Absolute, links followed.
    pub(super) real: PathBuf,
    /// What its names are compared with.
    pub(super) names: Names,
}

/// What the names of a path are, for one in which no link is followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Names {
    /// Those of the machine's folders.
    Machine,
    /// Those that scripts see, of files that are nowhere on the machine: what a link of the machine's would lead to is all the same.
    Seen,
}

impl Place {
    /// What `path` leads to.
    pub(super) fn resolve(base: &Path, path: &Path) -> Self {
        let written = normal(base, path);
        let real = follow(&written);
        let names = Names::Machine;
        Self {
            written,
            real,
            names,
        }
    }

    /// `path`, which is absolute, as it is: whoever opens it follows no link.
    pub(super) fn plain(path: &Path, names: Names) -> Self {
        let written = by_letters(path);
        Self {
            real: written.clone(),
            written,
            names,
        }
    }

    /// The same place, had no link been followed.
    pub(super) fn unfollowed(&self) -> Self {
        Self {
            real: self.written.clone(),
            ..self.clone()
        }
    }

    /// The entry of a folder that `path` names: a link at its end is not followed.
    pub(super) fn resolve_entry(base: &Path, path: &Path) -> Self {
        let written = normal(base, path);
        let real = match (written.parent(), written.file_name()) {
            (Some(parent), Some(name)) => follow(parent).join(name),
            _ => written.clone(),
        };
        let names = Names::Machine;
        Self {
            written,
            real,
            names,
        }
    }
}

/// A granted or denied path: itself, and all beneath it.
#[derive(Clone, Debug)]
pub(super) struct PathEntry(Place);

impl PathEntry {
    /// Whether it lies beneath `place`.
    pub(super) fn is_beneath(&self, place: &Place) -> bool {
        is_within(&place.real, self.compared(place), FOLDS_CASE)
    }

    /// What of it is compared with a place.
    fn compared(&self, place: &Place) -> &Path {
        match place.names {
            Names::Machine => &self.0.real,
            Names::Seen => &self.0.written,
        }
    }
}

impl Entry for PathEntry {
    type Asked = Place;

    fn parse(text: &str, base: &Path) -> Self {
        Self(Place::resolve(base, Path::new(text)))
    }

    fn matches(&self, asked: &Place, denies: bool) -> bool {
        is_within(self.compared(asked), &asked.real, denies && FOLDS_CASE)
    }

    fn covers(&self, other: &Self) -> bool {
        is_within(&self.0.real, &other.0.real, false)
    }
}

/// Whether `path` is `root` or beneath it; both are real.
fn is_within(root: &Path, path: &Path, folds_case: bool) -> bool {
    if !folds_case {
        return path.starts_with(root);
    }
    let fold = |path: &Path| PathBuf::from(path.to_string_lossy().to_lowercase());
    fold(path).starts_with(fold(root))
}

/// The working directory, as a real path.
#[cfg(not(all(target_arch = "wasm32", target_os = "unknown")))]
pub(super) fn working_dir() -> io::Result<PathBuf> {
    std::env::current_dir().map(|path| follow(&path))
}

/// The same where a program has none: what files there are is mounted, and scripts take paths from the root.
#[cfg(all(target_arch = "wasm32", target_os = "unknown"))]
pub(super) fn working_dir() -> io::Result<PathBuf> {
    Ok(root())
}

/// Where paths are taken from when there is no working directory.
pub(super) fn root() -> PathBuf {
    PathBuf::from(std::path::MAIN_SEPARATOR_STR)
}

/// `path` taken from `base`, absolute and without `.` and `..`.
fn normal(base: &Path, path: &Path) -> PathBuf {
    let joined = base.join(path);
    if cfg!(windows) {
        // Also makes one separator of both, and drops the dots and blanks that Windows ignores at the end of a name.
        return std::path::absolute(&joined).unwrap_or(joined);
    }
    by_letters(&joined)
}

/// `path`, which is absolute, without `.` and `..`.
fn by_letters(path: &Path) -> PathBuf {
    let mut made = PathBuf::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir => {
                made.pop();
            }
            other => made.push(other),
        }
    }
    made
}

/// `path`, which is absolute, with links followed as far as it exists.
fn follow(path: &Path) -> PathBuf {
    real(path).unwrap_or_else(|_| by_steps(path))
}

/// `path`, which is absolute, as the real path of what is there.
#[cfg(not(target_os = "wasi"))]
pub(crate) fn real(path: &Path) -> io::Result<PathBuf> {
    path.canonicalize().map(plain)
}

/// The same by our own steps: a host of WASI shows nothing above the folders that it opens.
#[cfg(target_os = "wasi")]
pub(crate) fn real(path: &Path) -> io::Result<PathBuf> {
    path.metadata().map(|_| by_steps(path))
}

/// The same as [`follow`], link by link.
fn by_steps(path: &Path) -> PathBuf {
    let mut real = PathBuf::new();
    let mut left: VecDeque<OsString> = steps(path).collect();
    let mut links = 0;
    while let Some(step) = left.pop_front() {
        if step == ".." {
            real.pop();
            continue;
        }
        // An absolute target of a link starts over: `push` replaces what was there.
        real.push(step);
        let target = real
            .symlink_metadata()
            .and_then(|entry| entry.is_symlink().then(|| real.read_link()).transpose());
        match target {
            Ok(None) => {}
            Ok(Some(target)) if links < LINKS => {
                links += 1;
                real.pop();
                for step in steps(&target).collect::<Vec<_>>().into_iter().rev() {
                    left.push_front(step);
                }
            }
            // What lies above the opened folders cannot be seen, and what is in them can.
            Err(_) if cfg!(target_os = "wasi") => {}
            // Nothing is here, or nothing can be seen: the rest is what it says.
            Ok(_) | Err(_) => {
                let existing = real.parent().map(self::real);
                if let (Some(Ok(existing)), Some(name)) = (existing, real.file_name()) {
                    real = plain(existing.join(name));
                }
                return left.iter().fold(real, |mut path, step| {
                    match step.to_str() {
                        Some("..") => drop(path.pop()),
                        _ => path.push(step),
                    }
                    path
                });
            }
        }
    }
    real
}

fn steps(path: &Path) -> impl Iterator<Item = OsString> + '_ {
    let named = path
        .components()
        .filter(|component| *component != Component::CurDir);
    named.map(|component| component.as_os_str().to_owned())
}

/// A real path as people write it: Windows marks some with a prefix that turns off all interpretation.
fn plain(path: PathBuf) -> PathBuf {
    match path.to_str().and_then(|text| text.strip_prefix(r"\\?\")) {
        Some(rest) if cfg!(windows) && rest.as_bytes().get(1) == Some(&b':') => PathBuf::from(rest),
        _ => path,
    }
}

/// `path` as a message and the spec show it: from the base when it is beneath it.
pub(super) fn shown(path: &Path, base: &Path) -> String {
    let text = match path.strip_prefix(base) {
        Ok(rest) if rest.as_os_str().is_empty() => Cow::Borrowed("."),
        // Of the root folder everything is beneath; nobody takes paths from there.
        Ok(rest) if base.parent().is_some() => Cow::Owned(format!("./{}", rest.to_string_lossy())),
        _ => path.to_string_lossy(),
    };
    if cfg!(windows) {
        return text.replace('\\', "/");
    }
    text.into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn paths_are_made_absolute_by_their_letters() {
        let rows = [
            ("x", "/base/x"),
            ("./x/", "/base/x"),
            ("", "/base"),
            (".", "/base"),
            ("..", "/"),
            ("../../../..", "/"),
            ("/", "/"),
            ("//a//b/.", "/a/b"),
            ("/a/../b", "/b"),
            ("a/./../../c", "/c"),
            ("..x/...", "/base/..x/..."),
            ("a\\..\\b", "/base/a\\..\\b"),
        ];
        for (path, expect) in rows {
            let found = normal(Path::new("/base"), Path::new(path));
            assert_eq!(found, Path::new(expect), "{path}");
        }
    }

    #[cfg(windows)]
    #[test]
    fn both_separators_and_drives_are_understood() {
        let rows = [
            (r"x", r"C:\base\x"),
            (r"a/..\b", r"C:\base\b"),
            (r"D:\x\.\y", r"D:\x\y"),
            (r"x. ", r"C:\base\x"),
        ];
        for (path, expect) in rows {
            let found = normal(Path::new(r"C:\base"), Path::new(path));
            assert_eq!(found, Path::new(expect), "{path}");
        }
    }

    #[test]
    fn beneath_goes_by_components() {
        let rows = [
            ("/data", "/data", true),
            ("/data", "/data/x", true),
            ("/data", "/database", false),
            ("/data", "/dat", false),
            ("/data", "/", false),
            ("/", "/anything", true),
            ("/data/a", "/data/A", false),
        ];
        for (root, path, expect) in rows {
            let found = is_within(Path::new(root), Path::new(path), false);
            assert_eq!(found, expect, "{path} in {root}");
        }
        assert!(is_within(Path::new("/Data"), Path::new("/dATA/x"), true));
    }

    #[test]
    fn places_are_shown_from_the_base() {
        let rows = [
            ("/base/x/y", "/base", "./x/y"),
            ("/base", "/base", "."),
            ("/basement", "/base", "/basement"),
            ("/etc/x", "/", "/etc/x"),
        ];
        for (path, base, expect) in rows {
            assert_eq!(shown(Path::new(path), Path::new(base)), expect);
        }
    }
}
