//! What the loader opens is what it has judged, whoever changes the files between the two.

use std::fs;

use super::*;
use crate::definition::GrantsDef;
use crate::permissions::Flag;

/// `app/main.js` with modules beside it, and `secret/` with files of the same names, which no grant covers.
struct Field {
    folder: tempfile::TempDir,
    loader: Loader,
    permissions: Permissions,
}

impl Field {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        for (path, text) in [
            ("app/main.js", ""),
            ("app/lib/a.json", "\"fine\""),
            ("secret/main.js", ""),
            ("secret/a.json", "\"secret\""),
            ("secret/lib/a.json", "\"secret\""),
        ] {
            let path = folder.path().join(path);
            fs::create_dir_all(path.parent().expect("it has a folder")).expect("a folder");
            fs::write(path, text).expect("a file");
        }
        let permissions = Permissions::from_grants_at(
            folder.path().canonicalize().expect("it exists"),
            &GrantsDef::NONE,
        );
        let field = Self {
            folder,
            loader: Loader::new(&[], Vec::new()).with_memory(Some(64 << 20)),
            permissions: permissions.expect("nothing is granted"),
        };
        let root = Some(field.path("app"));
        field.loader.set_main(field.main(), root);
        field
    }

    fn path(&self, name: &str) -> PathBuf {
        let base = self.folder.path().canonicalize().expect("it exists");
        base.join(name)
    }

    fn main(&self) -> ModuleUrl {
        ModuleUrl::file(&self.path("app/main.js"))
    }

    fn resolve(&self, specifier: &str) -> Result<ModuleUrl, JsError> {
        let json = specifier.ends_with(".json").then_some("json");
        self.loader
            .resolve(specifier, Some(&self.main()), json, &self.permissions)
    }

    fn import(&self, specifier: &str) -> Result<Source, JsError> {
        self.loader.load(&self.resolve(specifier)?)
    }

    /// Why an import is refused: its code and words.
    #[track_caller]
    fn refused(&self, specifier: &str) -> (String, String) {
        let error = self.import(specifier).expect_err("it is refused");
        let code = error.code().unwrap_or_default().to_owned();
        let base = self.path("").display().to_string();
        (code, error.message().replace(&base, "/"))
    }

    fn denied(mut self, flags: &[Flag]) -> Self {
        self.permissions = self.permissions.narrow(flags).expect("the flags narrow");
        self
    }
}

#[test]
fn what_flags_deny_is_denied_beside_the_entry_too() {
    let all = Flag::deny_by("--deny-all", "read");
    for (flag, option) in [
        (
            Flag::deny("read", vec!["app/lib/a.json".to_owned()]),
            "--deny-read",
        ),
        (Flag::deny("read", vec!["app".to_owned()]), "--deny-read"),
        (Flag::deny("read", Vec::new()), "--deny-read"),
        (all, "--deny-all"),
    ] {
        let (code, words) = Field::new().denied(&[flag]).refused("./lib/a.json");
        assert_eq!(code, "ERR_NOT_ALLOWED");
        let said = format!(
            "cannot import `./lib/a.json`: read access to `./app/lib/a.json` was denied by {option}\n"
        );
        assert!(words.starts_with(&said), "{words}");
    }
    for flag in [
        Flag::deny("read", vec!["secret".to_owned()]),
        Flag::deny("write", Vec::new()),
    ] {
        let field = Field::new().denied(&[flag]);
        field.import("./lib/a.json").expect("nobody denies it");
    }
}

#[cfg(unix)]
#[test]
fn a_link_that_is_put_there_between_the_check_and_the_use_leads_nowhere() {
    for (name, target) in [
        ("app", "secret"),
        ("app/lib", "secret"),
        ("app/lib/a.json", "secret/a.json"),
    ] {
        let field = Field::new();
        let url = field.resolve("./lib/a.json").expect("it may be imported");
        fs::rename(field.path(name), field.path("away")).expect("it is moved away");
        std::os::unix::fs::symlink(field.path(target), field.path(name)).expect("a link");
        let error = field.loader.load(&url).expect_err("a link is in the way");
        assert_eq!(error.code(), Some("ERR_MODULE"), "{name}: {error}");
        // Nor does it once it is seen: the folder of the entry is the one that it was.
        assert_eq!(field.refused("./lib/a.json").0, "ERR_NOT_ALLOWED", "{name}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn only_a_regular_file_is_a_module() {
    let field = Field::new();
    let pipe = field.path("app/pipe.js");
    let kind = rustix::fs::FileType::Fifo;
    rustix::fs::mknodat(rustix::fs::CWD, &pipe, kind, rustix::fs::Mode::RWXU, 0).expect("a pipe");
    let (code, words) = field.refused("./pipe.js");
    assert_eq!(code, "ERR_MODULE");
    assert!(
        words.starts_with("cannot import `./pipe.js`: /app/pipe.js is a pipe or a device"),
        "{words}"
    );
    let url = field.resolve("./lib/a.json").expect("it may be imported");
    fs::rename(&pipe, field.path("app/lib/a.json")).expect("it takes the place");
    let error = field.loader.load(&url).expect_err("it is no file");
    assert_eq!(error.code(), Some("ERR_MODULE"));
    assert_eq!(field.refused("./lib").0, "ERR_UNSUPPORTED_DIR_IMPORT");
}

#[test]
fn a_module_that_can_never_fit_into_memory_is_not_read() {
    let field = Field::new();
    let large = fs::File::create(field.path("app/large.js")).expect("a file");
    large.set_len(1536 << 20).expect("it takes no space");
    let (code, words) = field.refused("./large.js");
    assert_eq!(code, "ENOMEM");
    assert_eq!(
        words,
        "cannot read `/app/large.js`: it has 1.5GiB, and `limits.memory = \"64MiB\"` allows no more"
    );
}

#[cfg(target_os = "linux")]
#[test]
fn a_path_that_no_url_can_hold_is_refused() {
    use std::os::unix::ffi::OsStringExt as _;
    let field = Field::new();
    let name = std::ffi::OsString::from_vec(b"a\xff.js".to_vec());
    fs::write(field.path("app").join(name), "").expect("a file");
    let link = field.path("app/link.js");
    let target = std::ffi::OsString::from_vec(b"a\xff.js".to_vec());
    std::os::unix::fs::symlink(target, link).expect("a link");
    let (code, words) = field.refused("./link.js");
    assert_eq!(code, "ERR_MODULE");
    assert!(words.contains("is not UTF-8"), "{words}");
}
