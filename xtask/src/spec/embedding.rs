//! The files of a folder that ships in the program: an app's, or those of a mount.
//!
//! The boundary: a look at one folder. It must lie in the folder of the spec, and nothing in it may lead out: a spec from a
//! stranger could otherwise put any file of the machine that builds into the program.

use std::path::{Path, PathBuf};

use walkdir::WalkDir;

use super::reading;
use crate::diagnostics::{FileId, Sources};

/// The most files of a folder.
const MOST_FILES: usize = 20_000;

/// The most folders in each other.
const MOST_DEEP: usize = 64;

/// Each file by its path below the folder, and where it is; in order.
pub type Files = Vec<(String, PathBuf)>;

/// What is looked at in a folder.
#[derive(Clone, Copy, Debug)]
pub enum Entry<'n> {
    /// A folder of this name.
    Folder(&'n str),
    /// A file of this name, or what may be one.
    File(&'n str),
}

/// Why a folder cannot be embedded.
#[derive(Debug)]
pub enum Wrong {
    /// Nothing is there.
    Missing,
    /// It is not a folder.
    NoFolder,
    /// It lies elsewhere than in the folder of the spec.
    Outside,
    /// It has no file.
    Empty,
    /// It has too many files, or too many folders in each other.
    TooLarge,
    /// The system does not let it be read.
    Unreadable(String),
    /// A link.
    Link(String),
    /// What is neither a file nor a folder.
    Odd(String),
    /// A name that no script could write.
    Unspeakable(String),
}

impl Wrong {
    /// What is wrong, of a folder by the words of the spec.
    pub fn what(&self, folder: &str) -> String {
        match self {
            Self::Missing => format!("there is no folder `{folder}`"),
            Self::NoFolder => format!("`{folder}` is not a folder"),
            Self::Outside => format!("the folder `{folder}` is outside the folder of the spec"),
            Self::Empty => format!("the folder `{folder}` is empty"),
            Self::TooLarge => format!("the folder `{folder}` is too large to be embedded"),
            Self::Unreadable(why) => format!("cannot read the folder `{folder}`: {why}"),
            Self::Link(path) => format!("`{path}` in `{folder}` is a link"),
            Self::Odd(path) => format!("`{path}` in `{folder}` is neither a file nor a folder"),
            Self::Unspeakable(path) => format!("the name of `{path}` in `{folder}` is not UTF-8"),
        }
    }

    /// What is said beside the path.
    pub fn label(&self) -> String {
        match self {
            Self::Missing | Self::NoFolder => "looked for beside the spec that says it".to_owned(),
            Self::Outside => "only what lies beside the spec is embedded".to_owned(),
            Self::Empty => "has no file to embed".to_owned(),
            Self::TooLarge => {
                format!("the most are {MOST_FILES} files, {MOST_DEEP} folders deep")
            }
            Self::Link(_) => "links are not followed".to_owned(),
            Self::Unreadable(_) | Self::Odd(_) | Self::Unspeakable(_) => {
                "everything in it is embedded".to_owned()
            }
        }
    }

    /// How to mend it.
    pub fn help(&self) -> &'static str {
        match self {
            Self::Missing => {
                "a path is relative to the spec that says it; a folder of the machine that runs the program is `host:`"
            }
            Self::NoFolder => "name the folder that it is in",
            Self::Outside => "copy it beside the spec, or move the spec above it",
            Self::Empty => "put files into it, or mount `memory`",
            Self::TooLarge => "embed what the program needs",
            Self::Unreadable(_) => "make it readable",
            Self::Link(_) => "put the file itself there, or take the link away",
            Self::Odd(_) => "move it elsewhere",
            Self::Unspeakable(_) => "rename it",
        }
    }
}

/// The files of a folder and its subfolders, of which `keep` says whether they count. `from` is the file that names the folder.
pub fn files(
    folder: &Path,
    from: FileId,
    sources: &Sources,
    keep: &dyn Fn(Entry<'_>) -> bool,
) -> Result<Files, Wrong> {
    if !folder.exists() {
        return Err(Wrong::Missing);
    }
    if !folder.is_dir() {
        return Err(Wrong::NoFolder);
    }
    if !reading::is_beside(folder, from, sources) {
        return Err(Wrong::Outside);
    }
    let folder = folder.canonicalize().map_err(unreadable)?;
    below(&folder, keep)
}

fn below(folder: &Path, keep: &dyn Fn(Entry<'_>) -> bool) -> Result<Files, Wrong> {
    let mut files = Files::new();
    // Entries come as the system lists them: to sort a folder would be to read all of it before anything is refused. For the
    // same reason no folder on the way is closed, as what it still has would be read ahead.
    let walk = WalkDir::new(folder).min_depth(1).max_open(MOST_DEEP + 2);
    let mut walk = walk.into_iter();
    while let Some(entry) = walk.next() {
        let entry = entry.map_err(|error| unwalkable(folder, &error))?;
        // The entry itself and not what a link leads to.
        let kind = entry.file_type();
        let path = path_below(folder, entry.path());
        let is_kept = match (entry.file_name().to_str(), kind.is_dir()) {
            (None, _) => return Err(Wrong::Unspeakable(path)),
            (Some(name), true) => keep(Entry::Folder(name)),
            // What a link leads to is not asked.
            (Some(name), false) if kind.is_symlink() => {
                keep(Entry::Folder(name)) || keep(Entry::File(name))
            }
            (Some(name), false) => keep(Entry::File(name)),
        };
        if !is_kept {
            if kind.is_dir() {
                walk.skip_current_dir();
            }
        } else if kind.is_symlink() {
            return Err(Wrong::Link(path));
        } else if kind.is_file() {
            files.push((path, entry.into_path()));
        } else if !kind.is_dir() {
            return Err(Wrong::Odd(path));
        } else if entry.depth() > MOST_DEEP {
            return Err(Wrong::TooLarge);
        }
        if files.len() > MOST_FILES {
            return Err(Wrong::TooLarge);
        }
    }
    if files.is_empty() {
        return Err(Wrong::Empty);
    }
    files.sort();
    Ok(files)
}

fn unreadable(error: std::io::Error) -> Wrong {
    Wrong::Unreadable(error.to_string())
}

/// Why a walk stopped; what could not be read is named by its path below the folder.
fn unwalkable(folder: &Path, error: &walkdir::Error) -> Wrong {
    let why = match error.io_error() {
        Some(error) => error.to_string(),
        None => error.to_string(),
    };
    match error.path().map(|path| path_below(folder, path)) {
        Some(path) if !path.is_empty() => Wrong::Unreadable(format!("`{path}`: {why}")),
        _ => Wrong::Unreadable(why),
    }
}

/// The path of an entry from the folder, with `/` on every system.
fn path_below(folder: &Path, entry: &Path) -> String {
    let names = entry.strip_prefix(folder).unwrap_or(entry).iter();
    let names = names.map(|name| name.to_string_lossy());
    names.collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    /// A folder with a spec in it, and the spec among the sources.
    fn spec() -> (tempfile::TempDir, Sources, FileId) {
        let folder = tempfile::tempdir().expect("a folder can be made");
        let beside = folder.path().join("spec");
        fs::create_dir(&beside).expect("it can be made");
        let mut sources = Sources::default();
        let root = sources.add("runtime.toml", beside.join("runtime.toml"), String::new());
        (folder, sources, root)
    }

    fn write(folder: &Path, paths: &[&str]) {
        for path in paths {
            let path = folder.join(path);
            fs::create_dir_all(path.parent().expect("it has one")).expect("it can be made");
            fs::write(path, "").expect("it can be written");
        }
    }

    #[test]
    fn everything_in_a_folder_is_embedded() {
        let (outer, sources, root) = spec();
        let folder = outer.path().join("spec");
        write(
            &folder,
            &["a/.hidden", "a/b/c.bin", "a/node_modules/x.js", "file"],
        );
        write(outer.path(), &["outside/secret"]);
        fs::create_dir(folder.join("empty")).expect("it can be made");
        let of = |path: &str| files(&folder.join(path), root, &sources, &|_| true);
        let found = of("a").expect("it can be read");
        let paths: Vec<&str> = found.iter().map(|(path, _)| path.as_str()).collect();
        assert_eq!(paths, [".hidden", "b/c.bin", "node_modules/x.js"]);
        assert!(matches!(of("none"), Err(Wrong::Missing)));
        assert!(matches!(of("file"), Err(Wrong::NoFolder)));
        assert!(matches!(of("empty"), Err(Wrong::Empty)));
        assert!(matches!(of("../outside"), Err(Wrong::Outside)));
        assert!(matches!(of("../.."), Err(Wrong::Outside)));
        assert!(matches!(of("/etc"), Err(Wrong::Outside)));
    }

    #[cfg(unix)]
    #[test]
    fn no_link_is_followed() {
        use std::os::unix::fs::symlink;
        let (outer, sources, root) = spec();
        let folder = outer.path().join("spec");
        write(&folder, &["a/x", "b/x", "c/x"]);
        write(outer.path(), &["outside/secret"]);
        symlink("/etc/hostname", folder.join("a/h")).expect("a link");
        symlink("..", folder.join("b/up")).expect("a link");
        symlink("x", folder.join("c/same")).expect("a link");
        symlink("../outside", folder.join("d")).expect("a link");
        let of = |path: &str| files(&folder.join(path), root, &sources, &|_| true);
        assert!(matches!(of("a"), Err(Wrong::Link(path)) if path == "h"));
        assert!(matches!(of("b"), Err(Wrong::Link(path)) if path == "up"));
        assert!(matches!(of("c"), Err(Wrong::Link(path)) if path == "same"));
        assert!(matches!(of("d"), Err(Wrong::Outside)));
    }

    #[test]
    fn a_folder_has_a_bounded_depth() {
        let (outer, sources, root) = spec();
        let folder = outer.path().join("spec");
        let path = |depth: usize| format!("a/{}x", "d/".repeat(depth));
        write(&folder, &[&path(MOST_DEEP)]);
        let of = || files(&folder.join("a"), root, &sources, &|_| true);
        assert!(of().is_ok());
        write(&folder, &[&path(MOST_DEEP + 1)]);
        assert!(matches!(of(), Err(Wrong::TooLarge)));
    }

    #[test]
    fn what_is_not_kept_is_not_looked_into() {
        let (outer, sources, root) = spec();
        let folder = outer.path().join("spec");
        let deep = format!("a/left/{}x", "d/".repeat(MOST_DEEP + 1));
        write(&folder, &["a/b/c", "a/b/d", "a/left/x", "a/z", &deep]);
        let keep = |entry: Entry<'_>| !matches!(entry, Entry::Folder("left") | Entry::File("d"));
        let found = files(&folder.join("a"), root, &sources, &keep).expect("it can be read");
        let paths: Vec<&str> = found.iter().map(|(path, _)| path.as_str()).collect();
        assert_eq!(paths, ["b/c", "z"]);
    }

    #[test]
    fn a_folder_has_a_bounded_number_of_files() {
        let (outer, sources, root) = spec();
        let folder = outer.path().join("spec");
        let paths: Vec<String> = (0..=MOST_FILES).map(|at| format!("a/{at}")).collect();
        write(
            &folder,
            &paths.iter().map(String::as_str).collect::<Vec<_>>(),
        );
        let of = || files(&folder.join("a"), root, &sources, &|_| true);
        assert!(matches!(of(), Err(Wrong::TooLarge)));
        fs::remove_file(folder.join("a/0")).expect("it can be removed");
        assert_eq!(of().expect("it can be read").len(), MOST_FILES);
    }
}
