//! `runtime:fs` as scripts see it, on real files.

mod denied;
mod limits;
mod mounts;
mod operations;

use std::fs;
use std::path::PathBuf;
use std::sync::Mutex;

use runtime_core::definition::{GrantsDef, MissingModule, ModuleDef, Mount, RuntimeDef};
use runtime_core::permissions::Permissions;
use runtime_core::{JsRuntime, RuntimeConfig};

/// A folder to read in (`data`), one to write in as well (`work`), and one to do neither in (`secret`).
struct Field {
    folder: tempfile::TempDir,
}

const GRANTS: GrantsDef = GrantsDef {
    read: &["data", "work"],
    write: &["work"],
    ..GrantsDef::NONE
};

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
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        for name in ["data", "work", "secret"] {
            fs::create_dir(folder.path().join(name)).expect("a folder");
        }
        fs::write(folder.path().join("data/file.txt"), "fine").expect("a file");
        fs::write(folder.path().join("secret/file.txt"), "secret").expect("a file");
        Self { folder }
    }

    fn path(&self, name: &str) -> PathBuf {
        let base = self.folder.path().canonicalize().expect("it exists");
        base.join(name)
    }

    fn permissions(&self) -> Permissions {
        Permissions::from_grants_at(self.path(""), &GRANTS).expect("the grants are right")
    }

    fn config(&self, mounts: &'static [Mount]) -> RuntimeConfig {
        const MODULES: &[ModuleDef] = &[runtime_std::fs::MODULE];
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
        run(self.config(&[]), body)
    }

    #[track_caller]
    fn check(&self, rows: &[(&str, &str)]) {
        for (body, expect) in rows {
            assert_eq!(self.run(body), *expect, "{body}");
        }
    }
}

fn run(config: RuntimeConfig, body: &str) -> String {
    let mut runtime: JsRuntime = config.build().expect("the runtime builds");
    let code = format!(
        "import('runtime:fs').then(async (fs) => {{ try {{ return String(await (async () => {{ {body} }})()); }} \
         catch (error) {{ return `${{error.name}} ${{error.code}}`; }} }})"
    );
    let plain = runtime.eval_blocking(&code).expect("the script runs");
    plain.as_str().expect("a string").to_owned()
}
