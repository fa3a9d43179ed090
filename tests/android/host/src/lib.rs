//! A library as it is made for Android, with functions that only its tests want: `tests/android.rs` loads it into a Java virtual machine.

use runtime_core::definition::{App, AppFile, Code, GrantsDef, Limits, RuntimeDef};
use runtime_core::prelude::*;

runtime_android::export!(RUNTIME);

static RUNTIME: RuntimeDef = RuntimeDef {
    name: "host",
    version: "0.1.0",
    description: "",
    modules: &[
        runtime_std::console::MODULE,
        runtime_std::timers::MODULE,
        runtime_std::fs::MODULE,
        probe::MODULE.expose_global(),
    ],
    permissions: GrantsDef {
        read: &["."],
        write: &["./out"],
        ..GrantsDef::NONE
    },
    mounts: &[],
    limits: Limits::NONE,
    app: Some(App {
        entry: "main.js",
        files: &[
            AppFile {
                path: "main.js",
                code: Code::Text(
                    "import { word } from './lib/word.js'; export const said = word; export const args = import.meta.args;",
                ),
            },
            AppFile {
                path: "lib/word.js",
                code: Code::Text("export const word = 'inside';"),
            },
        ],
    }),
    missing: &[],
};

/// What the tests want to know, and what no script should be able to do.
#[js_module]
mod probe {
    use super::*;

    /// Whether a script that is running can be ended.
    #[js_fn]
    fn interrupts() -> bool {
        runtime_core::engine::interrupts()
    }

    /// Whether the engine keeps this limit by itself, in any process.
    #[js_fn]
    fn keeps(limit: &str) -> bool {
        use runtime_core::engine::capabilities::Keeps;
        runtime_core::engine::keeps(limit) == Keeps::Itself
    }

    /// Fails as no native function should.
    #[js_fn]
    fn explode() {
        panic!("boom");
    }
}
