//! Lock files, and in the place of cargo what writes as cargo does.

use std::fs;

use super::*;

const REGISTRY: &str = "registry+https://github.com/rust-lang/crates.io-index";

fn package(name: &str, version: &str, dependencies: &[&str]) -> String {
    let lines: String = dependencies
        .iter()
        .map(|d| format!(" \"{d}\",\n"))
        .collect();
    format!(
        "[[package]]\nname = \"{name}\"\nversion = \"{version}\"\nsource = \"{REGISTRY}\"\ndependencies = [\n{lines}]\n\n"
    )
}

#[test]
fn what_the_workspace_has_is_not_repeated_and_a_dependency_keeps_its_meaning() {
    let workspace = package("a", "1.0.0", &[]) + &package("b", "1.0.0", &["a"]);
    let krate = package("a", "1.0.0", &[])
        + &package("a", "2.0.0", &[])
        + &package("b", "1.0.0", &["a 1.0.0"])
        + &package("c", "1.0.0", &["a 2.0.0", "b"]);
    let path = Path::new("x.lock");
    let added = additions(&parse(&krate, path).expect("it parses"), &workspace);
    let names: Vec<_> = added
        .iter()
        .map(|p| format!("{} {}", p.name, p.version))
        .collect();
    assert_eq!(names, ["a 2.0.0", "c 1.0.0"]);
    let text = render(&added);
    let merged = merged(&workspace, &text, path).expect("it merges");
    let merged = parse(&merged, path).expect("it parses");
    let of = |name: &str| {
        let package = merged.iter().find(|package| package.name == name);
        package.expect("it is there").dependencies.clone()
    };
    let full = |name: &str, version: &str| format!("{name} {version} ({REGISTRY})");
    assert_eq!(of("b"), [full("a", "1.0.0")]);
    assert_eq!(of("c"), [full("a", "2.0.0"), full("b", "1.0.0")]);
    assert!(additions(&merged, &(workspace + &text)).is_empty());
}

/// A workspace of Tailor's, a project with a crate, and in the place of cargo what chooses the newest version of `dep` where the lock
/// file has none.
struct World {
    folder: tempfile::TempDir,
    newest: &'static str,
}

impl World {
    fn new() -> Self {
        let world = Self {
            folder: tempfile::tempdir().expect("a folder can be made"),
            newest: "1.0.0",
        };
        world.write("workspace/Cargo.lock", "version = 4\n");
        world
    }

    fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().expect("a file has a folder")).expect("a folder");
        fs::write(path, text).expect("a file can be written");
    }

    /// Prepares a crate that depends on `dep`, in a folder that is empty as that of a fresh clone is.
    fn prepare(&self, clone: &str, locked: bool) -> Result<String, String> {
        let lock = self.path(&format!("{clone}/Cargo.lock"));
        let pins = Pins {
            krate: &self.path(clone),
            workspace: &self.path("workspace"),
            committed: beside(&self.path("project/runtime.toml")),
            memory: self.path(&format!("{clone}.pins")),
            adds_crates: true,
        };
        let cargo = || {
            let mut text = read(&lock)?;
            if !text.contains("name = \"dep\"") {
                text.push_str(&package("dep", self.newest, &[]));
            }
            if !text.contains("name = \"generated\"") {
                text.push_str("[[package]]\nname = \"generated\"\nversion = \"0.1.0\"\n");
            }
            replace("the lock file", &lock, text.as_bytes()).map(drop)
        };
        let prepared = pins.prepare_by(locked, cargo);
        prepared.map_err(|report| report.render(false))?;
        Ok(fs::read_to_string(&lock).expect("a lock file"))
    }
}

#[test]
fn the_versions_that_were_chosen_stand_beside_the_spec_and_hold_on_another_machine() {
    let mut world = World::new();
    let error = world.prepare("one", true).expect_err("nothing was chosen");
    assert!(error.contains("does not name `dep 1.0.0`"), "{error}");
    assert!(error.contains("project/runtime.lock"), "{error}");
    world.prepare("one", false).expect("it is chosen");
    let committed = world.path("project/runtime.lock");
    let text = fs::read_to_string(&committed).expect("it was written beside the spec");
    assert!(
        text.contains("name = \"dep\"\nversion = \"1.0.0\""),
        "{text}"
    );
    assert!(!text.contains("generated"), "{text}");

    world.newest = "1.1.0";
    let lock = world.prepare("two", true).expect("it was chosen");
    assert!(
        lock.contains("\"1.0.0\"") && !lock.contains("\"1.1.0\""),
        "{lock}"
    );
    world.prepare("two", false).expect("it was chosen");
    assert_eq!(fs::read_to_string(&committed).expect("it is there"), text);

    fs::remove_file(&committed).expect("it can be removed");
    let lock = world.prepare("two", false).expect("it is chosen anew");
    assert!(lock.contains("\"1.1.0\""), "{lock}");
    world.prepare("two", true).expect("it was chosen");
}

#[test]
fn a_lock_file_that_cannot_be_read_is_named() {
    let world = World::new();
    world.write("project/runtime.lock", "<<<<<<< ours\n");
    let error = world.prepare("one", false).expect_err("it is no TOML");
    assert!(error.contains("project/runtime.lock"), "{error}");
    assert!(error.contains("help: "), "{error}");
}

#[test]
fn another_manifest_finds_every_version_that_the_workspace_has() {
    let world = World::new();
    let pinned = package("engine", "1.0.0", &[]);
    world.write("workspace/Cargo.lock", &format!("version = 4\n\n{pinned}"));
    let (krate, workspace) = (world.path("krate"), world.path("workspace"));
    let prepare = || {
        let pins = Pins {
            krate: &krate,
            workspace: &workspace,
            committed: beside(&world.path("project/runtime.toml")),
            memory: world.path("krate.pins"),
            adds_crates: false,
        };
        pins.prepare_by(false, || Ok(())).expect("it is prepared");
        read(&krate.join("Cargo.lock")).expect("there is a lock file")
    };
    world.write("krate/Cargo.toml", "[package]\n");
    assert!(prepare().contains("name = \"engine\""));
    // As cargo does when the crate does not need it.
    world.write("krate/Cargo.lock", "version = 4\n");
    assert!(!prepare().contains("name = \"engine\""));
    world.write(
        "krate/Cargo.toml",
        "[package]\n[dependencies]\nengine = \"1\"\n",
    );
    assert!(prepare().contains("name = \"engine\""));
}
