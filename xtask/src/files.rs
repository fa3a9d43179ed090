//! Writing to disk so that an interruption leaves what was there or what should be, never half of it.
//!
//! The boundary: files and folders, and errors that name the path and what it was for.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use walkdir::{DirEntry, WalkDir};

use crate::diagnostics::Report;
use crate::file_tree::FileTree;
use crate::spec::reading::{self, Follow};

/// What cargo keeps beside the files of a tree.
const CARGOS_OWN: &[&str] = &["Cargo.lock", "target"];

/// An error of the file system: what could not be done, where, and what helps.
pub(crate) fn failed(what: &str, path: &Path, error: &io::Error) -> Report {
    let report = Report::error(format!("cannot {what} `{}`: {error}", path.display()));
    match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
            report.help("the disk is full; free some space and run the command again")
        }
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
            report.help("make the folder writable for you, or keep the spec in one that is")
        }
        io::ErrorKind::NotADirectory | io::ErrorKind::AlreadyExists => {
            report.help("something else has that name; move it away")
        }
        _ => report,
    }
}

/// Makes a folder and those above it.
pub(crate) fn make_folder(what: &str, folder: &Path) -> Result<(), Report> {
    fs::create_dir_all(folder)
        .map_err(|error| failed(&format!("make the folder for {what}"), folder, &error))
}

/// Puts a file in place by a rename. Says whether the contents were new; an equal file keeps its time of change.
pub(crate) fn replace(what: &str, path: &Path, contents: &[u8]) -> Result<bool, Report> {
    if fs::read(path).is_ok_and(|old| old == contents) {
        return Ok(false);
    }
    if let Some(folder) = path.parent() {
        make_folder(what, folder)?;
    }
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".partial-{}", std::process::id()));
    let partial = path.with_file_name(name);
    let written = fs::write(&partial, contents).and_then(|()| fs::rename(&partial, path));
    written.map_err(|error| {
        // What is left of it is of no use; that it cannot be removed either adds nothing to the error.
        let _ = fs::remove_file(&partial);
        failed(&format!("write {what}"), path, &error)
    })?;
    Ok(true)
}

/// Makes a folder hold exactly the files of a tree, and what cargo keeps there. Files that are right are not touched.
pub(crate) fn write_tree(folder: &Path, tree: &FileTree) -> Result<(), Report> {
    make_folder("the generated crate", folder)?;
    let mut wanted = BTreeSet::new();
    for (path, contents) in tree.iter() {
        let path = folder.join(path);
        replace("the generated crate", &path, contents.as_bytes())?;
        wanted.extend(
            path.ancestors()
                .take_while(|above| *above != folder)
                .map(Path::to_owned),
        );
    }
    wanted.extend(CARGOS_OWN.iter().map(|name| folder.join(name)));
    remove_others(folder, &wanted)
}

fn remove_others(folder: &Path, wanted: &BTreeSet<PathBuf>) -> Result<(), Report> {
    let mut unwanted = Vec::new();
    let mut kept = walk(folder, |entry| {
        let is_wanted = wanted.contains(entry.path());
        if !is_wanted {
            unwanted.push(entry.path().to_owned());
        }
        is_wanted && !CARGOS_OWN.iter().any(|name| entry.path().ends_with(name))
    });
    kept.try_for_each(|entry| entry.map(drop))?;
    drop(kept);
    for path in unwanted {
        remove("what the generated crate has no more", &path)?;
    }
    Ok(())
}

/// Removes a file or a folder with all that is in it.
pub(crate) fn remove(what: &str, path: &Path) -> Result<(), Report> {
    let is_folder = path.symlink_metadata().is_ok_and(|data| data.is_dir());
    let removed = if is_folder {
        fs::remove_dir_all(path)
    } else {
        fs::remove_file(path)
    };
    removed.map_err(|error| failed(&format!("remove {what},"), path, &error))
}

/// What a folder holds, by name.
pub(crate) fn list(folder: &Path) -> Result<Vec<PathBuf>, Report> {
    let walk = WalkDir::new(folder).max_depth(1);
    entries(folder, walk, |_| true)
        .map(|entry| entry.map(DirEntry::into_path))
        .collect()
}

/// Everything below a folder, by name, a folder before what it holds. What `keep` refuses is left out with all that is in
/// it. No link is followed: a link to a folder is an entry like a file.
pub(crate) fn walk(
    folder: &Path,
    keep: impl FnMut(&DirEntry) -> bool,
) -> impl Iterator<Item = Result<DirEntry, Report>> {
    entries(folder, WalkDir::new(folder), keep)
}

/// The path of what a walk found, from the folder where the walk began, with `/` on every system.
pub(crate) fn path_below(folder: &Path, found: &Path) -> String {
    let below = found.strip_prefix(folder).unwrap_or(found);
    let names = below.iter().map(|name| name.to_string_lossy());
    names.collect::<Vec<_>>().join("/")
}

fn entries(
    folder: &Path,
    walk: WalkDir,
    keep: impl FnMut(&DirEntry) -> bool,
) -> impl Iterator<Item = Result<DirEntry, Report>> {
    // A walk over a file would be empty.
    let is_file = folder.metadata().is_ok_and(|data| !data.is_dir());
    let wrong = is_file.then(|| failed("list", folder, &io::ErrorKind::NotADirectory.into()));
    let found = walk.min_depth(1).sort_by_file_name().into_iter();
    let found = found.filter_entry(keep);
    wrong
        .map(Err)
        .into_iter()
        .chain(found.map(move |entry| entry.map_err(|error| unlisted(&error))))
}

/// What is said of a folder that cannot be walked.
fn unlisted(error: &walkdir::Error) -> Report {
    let path = error.path().unwrap_or(Path::new(""));
    match (error.io_error(), error.loop_ancestor()) {
        (None, Some(above)) => Report::error(format!(
            "`{}` is a link that leads back to `{}`",
            path.display(),
            above.display()
        ))
        .help("remove the link"),
        (Some(error), _) => failed("list", path, error),
        (None, None) => Report::error(format!("cannot list `{}`: {error}", path.display())),
    }
}

/// Copies a file.
pub(crate) fn copy(what: &str, from: &Path, to: &Path) -> Result<(), Report> {
    if let Some(folder) = to.parent() {
        make_folder(what, folder)?;
    }
    let copied = fs::copy(from, to);
    copied
        .map(|_| ())
        .map_err(|error| failed(&format!("copy {what} to"), to, &error))
}

/// Copies a file that a spec embeds: one that became a link, a pipe or a device since the spec was judged is refused.
pub(crate) fn copy_embedded(what: &str, from: &Path, to: &Path) -> Result<(), Report> {
    let opened = reading::open(from, Follow::Nothing);
    let judged = opened.and_then(|file| match file.metadata()?.is_file() {
        true => Ok(file),
        false => Err(io::Error::other("it is not a regular file")),
    });
    let mut file = judged.map_err(|error| failed(&format!("copy {what} from"), from, &error))?;
    if let Some(folder) = to.parent() {
        make_folder(what, folder)?;
    }
    let copied = fs::File::create(to).and_then(|mut to| io::copy(&mut file, &mut to));
    copied
        .map(|_| ())
        .map_err(|error| failed(&format!("copy {what} to"), to, &error))
}

/// Copies a folder, but for the names in `skip`. In the place of a link stands a copy of what it leads to.
pub(crate) fn copy_folder(what: &str, from: &Path, to: &Path, skip: &[&str]) -> Result<(), Report> {
    make_folder(what, to)?;
    let is_kept = |entry: &DirEntry| !skip.iter().any(|skip| entry.file_name() == *skip);
    for entry in entries(from, WalkDir::new(from).follow_links(true), is_kept) {
        let entry = entry?;
        if !entry.file_type().is_dir() {
            let below = entry.path().strip_prefix(from).unwrap_or(entry.path());
            copy(what, entry.path(), &to.join(below))?;
        }
    }
    Ok(())
}

/// A folder that is filled beside its place and then takes it.
#[derive(Debug)]
pub(crate) struct Staging {
    partial: PathBuf,
    place: PathBuf,
}

impl Staging {
    /// Opens an empty folder beside `place`. Done first, it finds a place that cannot be written before any work is lost.
    pub(crate) fn open(what: &str, place: &Path) -> Result<Self, Report> {
        let mut name = std::ffi::OsString::from(".");
        name.push(place.file_name().unwrap_or_default());
        name.push(".partial");
        let partial = place.with_file_name(name);
        // An interrupted build may have left one.
        if partial.exists() {
            remove(
                &format!("what an interrupted command left of {what},"),
                &partial,
            )?;
        }
        make_folder(what, &partial)?;
        Ok(Self {
            partial,
            place: place.to_owned(),
        })
    }

    /// Where to write.
    pub(crate) fn folder(&self) -> &Path {
        &self.partial
    }

    /// Takes a place where nothing is, or an empty folder, which stays the same folder: somebody may be in it.
    pub(crate) fn finish_into_empty(self) -> Result<(), Report> {
        if !self.place.exists() {
            return self.finish();
        }
        for path in list(&self.partial)? {
            let to = self.place.join(path.file_name().unwrap_or_default());
            fs::rename(&path, &to).map_err(|error| failed("put in place", &to, &error))?;
        }
        Ok(())
    }

    /// Takes the place. What was there goes when the new one stands.
    pub(crate) fn finish(self) -> Result<(), Report> {
        let old = self.partial.with_extension("old");
        if old.exists() {
            remove("what an interrupted command left,", &old)?;
        }
        let had_one = self.place.exists();
        if had_one {
            fs::rename(&self.place, &old)
                .map_err(|error| failed("move away the old", &self.place, &error))?;
        }
        if let Err(error) = fs::rename(&self.partial, &self.place) {
            if had_one {
                // The old one back in its place; if that fails as well, the first error says what is wrong.
                let _ = fs::rename(&old, &self.place);
            }
            return Err(failed("put in place", &self.place, &error));
        }
        if had_one {
            remove("the old files,", &old)?;
        }
        Ok(())
    }
}

impl Drop for Staging {
    fn drop(&mut self) {
        // Gone already when it has taken its place.
        let _ = fs::remove_dir_all(&self.partial);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree(files: &[(&str, &str)]) -> FileTree {
        let mut tree = FileTree::default();
        for (path, contents) in files {
            tree.insert(*path, *contents);
        }
        tree
    }

    fn names(folder: &Path) -> Vec<String> {
        walk(folder, |_| true)
            .map(|entry| entry.expect("the folder lists"))
            .filter(|entry| !entry.file_type().is_dir())
            .map(|entry| entry.file_name().to_string_lossy().into_owned())
            .collect()
    }

    #[test]
    fn a_folder_is_walked_by_name() {
        let folder = tempfile::tempdir().expect("a folder");
        for path in ["b/z", "b/a/x", "b.txt", "a", "skipped/c"] {
            let path = folder.path().join(path);
            fs::create_dir_all(path.parent().expect("it has one")).expect("a folder");
            fs::write(path, "").expect("written");
        }
        let found: Vec<String> = walk(folder.path(), |entry| entry.file_name() != "skipped")
            .map(|entry| path_below(folder.path(), entry.expect("it lists").path()))
            .collect();
        assert_eq!(found, ["a", "b", "b/a", "b/a/x", "b/z", "b.txt"]);
        for (name, why) in [("a", "not a directory"), ("none", "No such file")] {
            let path = folder.path().join(name);
            let text = list(&path).expect_err("no folder").render(false);
            assert!(
                text.contains(&format!("cannot list `{}`", path.display())),
                "{text}"
            );
            assert!(text.contains(why), "{text}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_walk_follows_no_link_and_a_copy_ends() {
        use std::os::unix::fs::symlink;
        let folder = tempfile::tempdir().expect("a folder");
        let path = |name: &str| folder.path().join(name);
        fs::create_dir_all(path("a/b")).expect("a folder");
        fs::create_dir(path("far")).expect("a folder");
        fs::write(path("far/x"), "text").expect("written");
        symlink("../far", path("a/link")).expect("a link");
        assert_eq!(names(&path("a")), ["link"]);
        copy_folder("a folder", &path("a"), &path("out"), &[]).expect("it is copied");
        assert_eq!(
            fs::read_to_string(path("out/link/x")).expect("a file"),
            "text"
        );
        symlink("..", path("a/b/up")).expect("a link");
        let error = copy_folder("a folder", &path("a"), &path("out"), &[]);
        let text = error.expect_err("a circle").render(false);
        assert!(
            text.contains("a/b/up` is a link that leads back to"),
            "{text}"
        );
    }

    #[test]
    fn a_tree_replaces_what_differs_and_removes_what_is_gone() {
        let folder = tempfile::tempdir().expect("a folder");
        write_tree(
            folder.path(),
            &tree(&[("Cargo.toml", "1"), ("src/main.rs", "2"), ("old/a.rs", "3")]),
        )
        .expect("written");
        fs::write(folder.path().join("Cargo.lock"), "lock").expect("written");
        let before = fs::metadata(folder.path().join("Cargo.toml"))
            .and_then(|data| data.modified())
            .expect("a time");
        write_tree(
            folder.path(),
            &tree(&[("Cargo.toml", "1"), ("src/main.rs", "4")]),
        )
        .expect("written");
        let after = fs::metadata(folder.path().join("Cargo.toml"))
            .and_then(|data| data.modified())
            .expect("a time");
        assert_eq!(before, after, "an equal file is not touched");
        assert_eq!(
            names(folder.path()),
            ["Cargo.lock", "Cargo.toml", "main.rs"]
        );
        assert_eq!(
            fs::read_to_string(folder.path().join("src/main.rs")).expect("a file"),
            "4"
        );
    }

    #[test]
    fn a_staged_folder_takes_its_place_whole_or_not_at_all() {
        let folder = tempfile::tempdir().expect("a folder");
        let place = folder.path().join("dist/host");
        fs::create_dir_all(&place).expect("a folder");
        fs::write(place.join("old"), "").expect("written");
        let dropped = Staging::open("a test", &place).expect("opened");
        fs::write(dropped.folder().join("new"), "").expect("written");
        drop(dropped);
        assert_eq!(names(folder.path()), ["old"]);
        let staging = Staging::open("a test", &place).expect("opened");
        fs::write(staging.folder().join("new"), "").expect("written");
        staging.finish().expect("in place");
        assert_eq!(names(folder.path()), ["new"]);
    }

    #[test]
    fn what_an_interrupted_build_left_is_in_nobodys_way() {
        let folder = tempfile::tempdir().expect("a folder");
        let place = folder.path().join("host");
        fs::create_dir_all(folder.path().join(".host.partial")).expect("a folder");
        fs::write(folder.path().join(".host.partial/half"), "").expect("written");
        fs::create_dir_all(folder.path().join(".host.old")).expect("a folder");
        fs::create_dir_all(&place).expect("a folder");
        Staging::open("a test", &place)
            .expect("opened")
            .finish()
            .expect("in place");
        assert_eq!(names(folder.path()), Vec::<String>::new());
    }

    #[cfg(unix)]
    #[test]
    fn what_became_a_link_is_not_copied() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = |name: &str| folder.path().join(name);
        fs::write(path("a"), "text").expect("written");
        std::os::unix::fs::symlink("a", path("b")).expect("a link");
        copy_embedded("a file", &path("a"), &path("out/a")).expect("it is a file");
        assert_eq!(fs::read_to_string(path("out/a")).expect("a file"), "text");
        let error = copy_embedded("a file", &path("b"), &path("out/b")).expect_err("it is a link");
        assert!(
            error.render(false).contains("cannot copy a file from"),
            "{error:?}"
        );
        assert!(!path("out/b").exists());
    }

    #[test]
    fn an_error_names_the_path_and_the_intent() {
        let folder = tempfile::tempdir().expect("a folder");
        fs::write(folder.path().join("dist"), "a file").expect("written");
        let error = Staging::open("what is built", &folder.path().join("dist/host"))
            .expect_err("a file is in the way");
        let text = error.render(false);
        assert!(
            text.contains("cannot make the folder for what is built"),
            "{text}"
        );
        assert!(text.contains("dist/.host.partial"), "{text}");
    }
}
