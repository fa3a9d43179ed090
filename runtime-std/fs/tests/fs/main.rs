//! `runtime:fs` as scripts see it: on the machine's files, on files in memory, and on an overlay.

mod alike;
mod denied;
mod files;
mod limits;
mod mounts;
mod operations;
#[cfg(target_os = "linux")]
mod races;

use std::cell::RefCell;
use std::fs;
use std::path::PathBuf;
use std::sync::Mutex;
use std::time::SystemTime;

use module_fs::{Files, Item, What};
use runtime_core::definition::{
    GrantsDef, MissingModule, ModuleDef, Mount, MountSource, RuntimeDef,
};
use runtime_core::permissions::Permissions;
use runtime_core::{JsRuntime, RuntimeConfig};

/// Whose files scripts see.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Whose {
    /// The machine's.
    Machine,
    /// What is kept in memory, and nothing else.
    Memory,
    /// The machine's, with what is written over them kept in memory.
    Overlay,
}

/// A folder to read in (`data`), one to write in as well (`work`), and one to do neither in (`secret`).
///
/// What a script leaves there the next one finds, wherever that is kept.
struct Field {
    folder: tempfile::TempDir,
    whose: Whose,
    kept: RefCell<Vec<Item>>,
}

const GRANTS: GrantsDef = GrantsDef {
    read: &["data", "work"],
    write: &["work"],
    ..GrantsDef::NONE
};

const FOLDERS: [&str; 3] = ["data", "work", "secret"];
const FILES: [(&str, &str); 2] = [("data/file.txt", "fine"), ("secret/file.txt", "secret")];

/// The most bytes that are kept in memory.
const QUOTA: u64 = 64 << 20;

/// What a definition refers to stays as long as the program, as it does in a generated crate. It is written down where it lies, so
/// that what looks for leaks finds it.
fn kept<T: ?Sized>(value: Box<T>) -> &'static T {
    static KEPT: Mutex<Vec<usize>> = Mutex::new(Vec::new());
    let value: &'static T = Box::leak(value);
    let place = std::ptr::from_ref(value).cast::<u8>().addr();
    KEPT.lock().expect("nothing panics with it").push(place);
    value
}

impl Field {
    /// One on the machine.
    fn new() -> Self {
        Self::of(Whose::Machine)
    }

    fn of(whose: Whose) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let mut kept = Vec::new();
        match whose {
            Whose::Machine | Whose::Overlay => {
                for name in FOLDERS {
                    fs::create_dir(folder.path().join(name)).expect("a folder");
                }
                for (name, text) in FILES {
                    fs::write(folder.path().join(name), text).expect("a file");
                }
            }
            Whose::Memory => {
                kept.extend(FOLDERS.map(Item::folder));
                kept.extend(FILES.map(|(name, text)| Item {
                    modified: SystemTime::now(),
                    ..Item::file(name, text)
                }));
            }
        }
        Self {
            folder,
            whose,
            kept: RefCell::new(kept),
        }
    }

    /// Does the same on each kind of file system.
    fn each(test: impl Fn(&Self)) {
        for whose in [Whose::Machine, Whose::Memory, Whose::Overlay] {
            test(&Self::of(whose));
        }
    }

    /// A path on the machine.
    fn path(&self, name: &str) -> PathBuf {
        let base = self.folder.path().canonicalize().expect("it exists");
        base.join(name)
    }

    /// What scripts call a path.
    fn seen(&self, name: &str) -> String {
        match self.whose {
            Whose::Machine => self.path(name).display().to_string(),
            Whose::Memory | Whose::Overlay => format!("/{name}"),
        }
    }

    /// The text of a file, wherever it is kept.
    fn text(&self, name: &str) -> Option<String> {
        let path = format!("/{name}");
        let kept = self.kept.borrow();
        let is_named = |item: &&Item| item.path.trim_start_matches('/') == name;
        match kept.iter().rev().find(is_named).map(|item| &item.what) {
            Some(What::File(bytes)) => Some(String::from_utf8_lossy(bytes).into_owned()),
            Some(What::Folder | What::Gone) => None,
            None if self.whose == Whose::Memory => None,
            None => {
                let is_gone = |item: &Item| {
                    item.what == What::Gone && path.starts_with(&format!("{}/", item.path))
                };
                let text = fs::read_to_string(self.path(name)).ok();
                text.filter(|_| !kept.iter().any(is_gone))
            }
        }
    }

    fn permissions(&self) -> Permissions {
        let base = match self.whose {
            Whose::Machine | Whose::Overlay => self.path(""),
            Whose::Memory => PathBuf::from("/"),
        };
        Permissions::from_grants_at(base, &GRANTS).expect("the grants are right")
    }

    /// A runtime whose scripts see the field.
    fn config(&self) -> RuntimeConfig {
        let from = match self.whose {
            Whose::Machine => return self.config_of(&[]),
            Whose::Memory => MountSource::Memory { quota: QUOTA },
            Whose::Overlay => MountSource::OverHost {
                folder: kept(self.path("").display().to_string().into_boxed_str()),
                quota: QUOTA,
            },
        };
        let mounts = vec![Mount {
            at: "/",
            from,
            writable: true,
        }];
        self.config_of(kept(mounts.into_boxed_slice()))
    }

    /// A runtime whose scripts see mounts.
    fn config_of(&self, mounts: &'static [Mount]) -> RuntimeConfig {
        const MODULES: &[ModuleDef] = &[module_fs::MODULE];
        const MISSING: &[MissingModule] = &[];
        let def = RuntimeDef {
            name: "test",
            version: "0.0.0",
            description: "",
            modules: MODULES,
            permissions: GrantsDef::NONE,
            mounts,
            limits: runtime_core::Limits::NONE,
            app: None,
            missing: MISSING,
        };
        RuntimeConfig::of(kept(Box::new(def)))
            .expect("the definition is right")
            .permissions(self.permissions())
    }

    /// What `String()` says of what the body returns, or of what it throws.
    fn run(&self, body: &str) -> String {
        self.run_in(self.config(), body)
    }

    /// The same in a certain runtime. What is kept in memory is taken along.
    fn run_in(&self, config: RuntimeConfig, body: &str) -> String {
        let mut runtime = config.build().expect("the runtime builds");
        let files = runtime.enter(|cx| Files::of(cx));
        let import = files.import(self.kept.borrow().clone());
        import.expect("what was kept can be put back");
        let said = said(&mut runtime, body);
        self.kept.replace(files.changes());
        said
    }

    #[track_caller]
    fn check(&self, rows: &[(&str, &str)]) {
        for (body, expect) in rows {
            assert_eq!(self.run(body), *expect, "{:?}: {body}", self.whose);
        }
    }
}

fn run(config: RuntimeConfig, body: &str) -> String {
    said(&mut config.build().expect("the runtime builds"), body)
}

fn said(runtime: &mut JsRuntime, body: &str) -> String {
    let code = format!(
        "import('runtime:fs').then(async (fs) => {{ try {{ return String(await (async () => {{ {body} }})()); }} \
         catch (error) {{ return `${{error.name}} ${{error.code}}`; }} }})"
    );
    let plain = runtime.eval_blocking(&code).expect("the script runs");
    plain.as_str().expect("a string").to_owned()
}
