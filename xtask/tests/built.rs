//! The commands around a build, from outside: `run`, `types`, `size`, a build of what is built already, and what `eject` writes.
//!
//! The boundary: what is printed, the exit status, and what is in `dist/`. Building itself is tested in `building.rs`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;
use walkdir::WalkDir;

/// A folder as `cargo xtask new` writes it, and the commands that are run there.
struct Place {
    folder: PathBuf,
}

impl Place {
    fn new(name: &str) -> Self {
        // The same in every run of the tests: what is compiled for it takes the place of what was.
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        if folder.exists() {
            fs::remove_dir_all(&folder).expect("the folder of the last run can be removed");
        }
        fs::create_dir_all(&folder).expect("a folder can be made");
        let place = Self { folder };
        place.good(&["new", ".", "--name", name]);
        place
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    fn run(&self, args: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
        let command = command
            .current_dir(&self.folder)
            .args(args)
            .env("NO_COLOR", "1");
        command.output().expect("the xtask starts")
    }

    /// Runs a command that must succeed, and gives what it printed.
    #[track_caller]
    fn good(&self, args: &[&str]) -> String {
        let output = self.run(args);
        assert!(output.status.success(), "{args:?}\n{}", errors(&output));
        String::from_utf8(output.stdout).expect("text")
    }

    /// Runs a command that must fail with the status 1, print nothing, and say this.
    #[track_caller]
    fn bad(&self, args: &[&str], expect: &str) {
        let output = self.run(args);
        let said = errors(&output);
        assert_eq!(output.status.code(), Some(1), "{args:?}\n{said}");
        assert_eq!(String::from_utf8_lossy(&output.stdout), "", "{args:?}");
        assert!(
            said.contains(expect),
            "{args:?} does not say `{expect}`:\n{said}"
        );
    }

    /// The only row that a command with `--json` prints.
    #[track_caller]
    fn row(&self, args: &[&str]) -> Value {
        let args = [args, &["--profile", "debug", "--json"]].concat();
        let mut rows: Value = serde_json::from_str(&self.good(&args)).expect("JSON");
        rows[0].take()
    }
}

fn errors(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn what_is_built_is_run_weighed_and_declared() {
    let place = Place::new("drive-built");
    let built = place.row(&["build"]);
    let folder = PathBuf::from(built["folder"].as_str().expect("a path"));
    assert_eq!(built["unchanged"], false);
    let on_disk = fs::read(folder.join("manifest.json")).expect("it is there");
    assert_eq!(
        serde_json::from_slice::<Value>(&on_disk).expect("JSON"),
        built["manifest"]
    );
    let here = place.path("").display().to_string();
    assert!(
        !built["manifest"].to_string().contains(&here),
        "a manifest names no path of its machine"
    );

    // Nothing has changed, and every dependency is pinned.
    assert_eq!(place.row(&["build", "--locked"])["unchanged"], true);
    // What is not whole is made again, whatever an interrupted build has left.
    let triple = folder
        .file_name()
        .expect("a triple")
        .to_string_lossy()
        .into_owned();
    fs::create_dir(folder.with_file_name(format!(".{triple}.partial"))).expect("a folder");
    fs::remove_file(folder.join("runtime.d.ts")).expect("removed");
    assert_eq!(place.row(&["build"])["unchanged"], false);
    let left: Vec<PathBuf> = fs::read_dir(folder.parent().expect("a folder"))
        .expect("it lists")
        .map(|entry| entry.expect("an entry").path())
        .collect();
    assert_eq!(left, [folder.as_path()]);

    // The bytes of the parts are those of the file, and a function of one's own has some.
    let weighed = place.row(&["size"]);
    let parts = weighed["size"]["parts"].as_array().expect("a list");
    let length = fs::metadata(folder.join("drive-built"))
        .expect("it is there")
        .len();
    assert_eq!(
        parts
            .iter()
            .filter_map(|part| part["bytes"].as_u64())
            .sum::<u64>(),
        length
    );
    let greet = parts
        .iter()
        .find(|part| part["group"] == "modules" && part["name"] == "greet");
    assert!(greet.expect("it is listed")["bytes"].as_u64() > Some(0));
    let page = fs::read_to_string(folder.join("size.html")).expect("it is there");
    assert!(page.contains("\"name\":\"greet\""));

    // The declarations are those of `dist/`.
    let types = place.good(&["types"]);
    assert!(
        types.contains("export function greet(name: string, times?: number): string;"),
        "{types}"
    );
    assert_eq!(
        types,
        fs::read_to_string(folder.join("runtime.d.ts")).expect("it is there")
    );

    // `run` is the runtime: its arguments, its streams, its status.
    assert_eq!(place.good(&["run", "eval", "console.log(6 * 7)"]), "42\n");
    let throws = ["run", "--", "eval", "throw new RangeError('far')"];
    place.bad(&throws, "RangeError: far");

    let triple = "targets.native.triples=[\"riscv64gc-unknown-linux-gnu\"]";
    place.bad(
        &["build", "--set", triple],
        "rustup target add riscv64gc-unknown-linux-gnu",
    );
}

#[test]
fn an_ejected_crate_leans_on_nothing_that_it_came_from() {
    let place = Place::new("drive-ejected");
    let spec = place.path("runtime.toml");
    let modules = fs::read_to_string(&spec).expect("a spec");
    let mount = "fs = { mounts = [{ at = \"/\", from = \"embed:./assets\" }] }\n";
    fs::create_dir(place.path("assets")).expect("a folder");
    fs::copy(place.path("native/greet.rs"), place.path("assets/greet.rs")).expect("a copy");
    fs::write(
        spec,
        modules.replace("[modules]\n", &format!("[modules]\n{mount}")),
    )
    .expect("the spec can be written");
    place.good(&["eject", "out/of/here"]);
    place.bad(&["eject", "out/of/here"], "is not empty");
    let files = own_files(&place.path("out/of/here"));
    assert!(files.len() > 6, "{files:?}");
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("a workspace")
        .display()
        .to_string();
    for path in files {
        let text = fs::read_to_string(&path).expect("text");
        for part in [
            "Generated from runtime.toml",
            "workspace = true",
            "dev-dependencies",
            &workspace,
        ] {
            assert!(!text.contains(part), "{} has `{part}`", path.display());
        }
    }
    assert!(place.path("out/of/here/src/native/greet.rs").is_file());
    let readme = fs::read_to_string(place.path("out/of/here/README.md")).expect("it is there");
    assert!(readme.contains("drive-ejected run FILE.js"), "{readme}");
    let embedded = place.path("out/of/here/embedded/mount_0/greet.rs");
    assert!(embedded.is_file());
}

#[test]
fn an_ejected_app_is_run_as_one() {
    let place = Place::new("drive-ejected-app");
    let spec = place.path("runtime.toml");
    let text = fs::read_to_string(&spec).expect("a spec");
    fs::create_dir(place.path("app")).expect("a folder");
    fs::copy(place.path("main.js"), place.path("app/main.js")).expect("a copy");
    let entry = "[runtime]\nentry = \"app/main.js\"\n";
    fs::write(spec, text.replace("[runtime]\n", entry)).expect("the spec can be written");
    place.good(&["eject", "out"]);
    let readme = fs::read_to_string(place.path("out/README.md")).expect("it is there");
    assert!(readme.contains("runs the app inside"), "{readme}");
    assert!(readme.contains("--runtime info --types"), "{readme}");
    assert!(!readme.contains("run FILE.js"), "{readme}");
}

/// The generated files and the manifests of an ejected crate.
fn own_files(folder: &Path) -> Vec<PathBuf> {
    let entries = WalkDir::new(folder).sort_by_file_name().into_iter();
    let files = entries
        .map(|entry| entry.expect("it lists"))
        .filter(|entry| !entry.file_type().is_dir())
        .map(walkdir::DirEntry::into_path);
    let is_own = |path: &PathBuf| {
        path.ends_with("Cargo.toml")
            || path
                .parent()
                .is_some_and(|folder| folder.ends_with("here/src"))
    };
    files.filter(is_own).collect()
}
