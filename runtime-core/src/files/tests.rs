//! The walk in real folders with real links, as they are after somebody changed them.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::PathBuf;

use rustix::fs::{Mode, OFlags};

use super::walk::{make_folders, slot};
use super::*;

/// `work/inner/file` and `secret/inner/file`, of which only the first may be read.
struct Field(tempfile::TempDir);

impl Field {
    fn new() -> Self {
        let field = Self(tempfile::tempdir().expect("a temporary folder"));
        for folder in ["work", "secret"] {
            fs::create_dir_all(field.path(folder).join("inner")).expect("a folder");
            fs::write(field.path(folder).join("inner/file"), folder).expect("a file");
        }
        field
    }

    fn path(&self, name: &str) -> PathBuf {
        let base = self.0.path().canonicalize().expect("it exists");
        base.join(name)
    }

    /// Puts a link to `target` in the place of `name`.
    fn swap(&self, name: &str, target: &str) {
        fs::rename(self.path(name), self.path("away")).expect("it is moved away");
        symlink(self.path(target), self.path(name)).expect("a link");
    }
}

#[test]
fn a_link_anywhere_in_a_path_is_an_error() {
    for (name, target) in [
        ("work", "secret"),
        ("work/inner", "secret/inner"),
        ("work/inner/file", "secret/inner/file"),
    ] {
        let field = Field::new();
        let path = field.path("work/inner/file");
        assert_eq!(read_regular(&path, 10).expect("it is a file"), b"work");
        field.swap(name, target);
        read_regular(&path, 10).expect_err(name);
        let opened = slot(&path).and_then(|slot| slot.open(OFlags::RDONLY, Mode::empty()));
        opened.expect_err(name);
        let mut make = |make: &dyn Fn() -> io::Result<()>| make();
        make_folders(&path.join("new"), Mode::RWXU, &mut make).expect_err(name);
        assert!(!field.path("secret/inner/file/new").exists());
    }
}

#[test]
fn what_a_path_leads_to_is_said_without_following_a_link() {
    let field = Field::new();
    symlink("file", field.path("work/inner/link")).expect("a link");
    for (name, what) in [
        ("work/inner/file", What::File),
        ("work/inner", What::Folder),
        ("work/inner/link", What::Link),
        ("", What::Folder),
    ] {
        assert_eq!(
            what_is(&field.path(name)).expect("it is there"),
            what,
            "{name}"
        );
    }
    assert_eq!(what_is(Path::new("/")).expect("it is there"), What::Folder);
    let missing = what_is(&field.path("work/none")).expect_err("there is none");
    assert_eq!(missing.kind(), io::ErrorKind::NotFound);
}

#[test]
fn a_path_that_was_not_resolved_is_an_error() {
    let field = Field::new();
    let path = field.path("work/inner/../inner/file");
    let error = slot(&path).expect_err("it has a `..`");
    assert_eq!(error.kind(), io::ErrorKind::InvalidInput);
}

#[test]
fn no_more_is_read_than_was_asked_for() {
    let field = Field::new();
    let path = field.path("work/inner/file");
    assert_eq!(read_regular(&path, 4).expect("it fits"), b"work");
    let unread = read_regular(&path, 3).expect_err("it does not fit");
    assert!(matches!(unread, Unread::TooLarge(4)), "{unread:?}");
    // One byte more says that there is more.
    let file = File::open(&path).expect("it is there");
    assert_eq!(read(file, 0, 2).expect("it can be read"), b"wor");
}

#[cfg(target_os = "linux")]
#[test]
fn a_pipe_is_not_waited_for() {
    let field = Field::new();
    let pipe = field.path("pipe");
    rustix::fs::mknodat(
        rustix::fs::CWD,
        &pipe,
        rustix::fs::FileType::Fifo,
        Mode::RWXU,
        0,
    )
    .expect("a pipe");
    let unread = read_regular(&pipe, 10).expect_err("it is no file");
    assert!(matches!(unread, Unread::Is(What::Other)), "{unread:?}");
}

#[cfg(target_os = "linux")]
#[test]
fn a_file_whose_length_the_system_does_not_say_is_read_to_its_end() {
    let path = PathBuf::from(format!("/proc/{}/status", std::process::id()));
    assert!(
        !read_regular(&path, 1 << 20)
            .expect("it can be read")
            .is_empty()
    );
    let unread = read_regular(&path, 3).expect_err("it has more");
    assert!(matches!(unread, Unread::TooLarge(4)), "{unread:?}");
}
