//! The host's file system when somebody changes the files between the check and the use.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use runtime_core::definition::GrantsDef;
use runtime_core::permissions::Permissions;

use super::super::super::port::{FileSystem, WriteOptions};
use super::unix::Host;

fn host() -> Host {
    Host::new(Default::default())
}

struct Field {
    folder: tempfile::TempDir,
    permissions: Permissions,
}

/// `work/inner/file` may be read and written, `secret/file` may not.
fn field() -> Field {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for path in ["work/inner/file", "secret/file"] {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().expect("it has a folder")).expect("a folder");
        fs::write(&path, "as it was").expect("a file");
    }
    let grants = GrantsDef {
        read: &["work"],
        write: &["work"],
        ..GrantsDef::NONE
    };
    let permissions =
        Permissions::from_grants_at(folder.path(), &grants).expect("the grants are right");
    Field {
        folder,
        permissions,
    }
}

impl Field {
    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Puts a link to `target` in the place of `name`.
    fn swap(&self, name: &str, target: &str) {
        fs::rename(self.path(name), self.path("away")).expect("it is moved away");
        symlink(self.path(target), self.path(name)).expect("a link");
    }

    fn secret_is_untouched(&self) {
        let names = fs::read_dir(self.path("secret")).expect("it is there");
        assert_eq!(names.count(), 1);
        let text = fs::read_to_string(self.path("secret/file")).expect("it is there");
        assert_eq!(text, "as it was");
    }
}

/// Does everything that can be done to `path` with proofs from before the swap; whether each failed.
fn all_fail(field: &Field, path: &str, swap: impl FnOnce()) {
    let permissions = &field.permissions;
    let path = Path::new(path);
    let read = permissions.check_read(path).expect("it is granted");
    let write = permissions.check_write(path).expect("it is granted");
    let remove = permissions.check_remove(path).expect("it is granted");
    let moved = permissions.check_move(path).expect("it is granted");
    let other = permissions
        .check_write(Path::new("work/other"))
        .expect("it is granted");
    swap();
    let options = WriteOptions::default();
    assert!(host().read(&read).is_err(), "read");
    assert!(host().read_dir(&read).is_err(), "read_dir");
    assert!(host().stat(&read).is_err(), "stat");
    assert!(host().copy(&read, &other).is_err(), "copy from");
    assert!(host().write(&write, b"new", &options).is_err(), "write");
    assert!(host().truncate(&write, 0).is_err(), "truncate");
    assert!(host().make_dir(&write, true, 0o777).is_err(), "make_dir");
    assert!(host().make_in(&write, "x", false).is_err(), "make_in");
    field.secret_is_untouched();
    // Of a link that is the entry itself these take the link; through one they take nothing.
    if path.ends_with("file") {
        assert!(host().rename(&moved, &other).is_err(), "rename");
        assert!(host().remove(&remove, true).is_err(), "remove");
    } else {
        assert!(host().remove(&remove, true).is_ok(), "remove");
    }
    field.secret_is_untouched();
}

#[test]
fn a_link_made_after_the_check_in_place_of_a_folder_leads_nowhere() {
    let field = field();
    all_fail(&field, "work/inner/file", || {
        field.swap("work/inner", "secret");
    });
}

#[test]
fn a_link_made_after_the_check_in_place_of_the_granted_folder_leads_nowhere() {
    let field = field();
    all_fail(&field, "work/inner/file", || {
        fs::create_dir(field.path("secret2")).expect("a folder");
        fs::rename(field.path("work"), field.path("away")).expect("it is moved away");
        fs::create_dir(field.path("elsewhere")).expect("a folder");
        symlink(field.path("secret"), field.path("elsewhere/inner")).expect("a link");
        symlink(field.path("elsewhere"), field.path("work")).expect("a link");
    });
}

#[test]
fn a_link_made_after_the_check_in_place_of_the_file_leads_nowhere() {
    let field = field();
    let link = Path::new("work/inner/entry");
    fs::write(field.path("work/inner/entry"), "").expect("a file");
    all_fail(&field, link.to_str().expect("a plain path"), || {
        field.swap("work/inner/entry", "secret/file");
    });
}

#[test]
fn removing_a_tree_does_not_follow_the_links_in_it() {
    let field = field();
    symlink(field.path("secret"), field.path("work/inner/out")).expect("a link");
    symlink(field.path("secret/file"), field.path("work/inner/out-file")).expect("a link");
    let proof = field
        .permissions
        .check_remove(Path::new("work/inner"))
        .expect("it is granted");
    host().remove(&proof, true).expect("it is removed");
    assert!(!field.path("work/inner").exists());
    field.secret_is_untouched();
}
