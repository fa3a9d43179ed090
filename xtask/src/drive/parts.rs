//! What an npm package has in JavaScript for single modules of the runtime: a table, from which the package is filled.

use crate::plan::Plan;

/// What the package has in JavaScript for a module of the runtime.
pub(super) struct Part {
    /// The module, which gives the option its name.
    pub(super) module: &'static str,
    /// Its files; the first is what `runtime.js` knows of.
    pub(super) files: &'static [(&'static str, &'static [u8])],
    /// Whether a runtime in a worker has it, too; a worker has no page.
    pub(super) in_worker: bool,
    /// The class that the package exports of it, and its file.
    pub(super) exports: Option<(&'static str, &'static str)>,
}

/// The files of every package that has a runtime class.
pub(super) const SHARED: &[(&str, &[u8])] = &[
    (
        "runtime.js",
        include_bytes!("../../../templates/wasm/runtime.js"),
    ),
    (
        "errors.js",
        include_bytes!("../../../templates/wasm/errors.js"),
    ),
    (
        "worker.js",
        include_bytes!("../../../templates/wasm/worker.js"),
    ),
    (
        "guest.js",
        include_bytes!("../../../templates/wasm/guest.js"),
    ),
    (
        "plain.js",
        include_bytes!("../../../templates/wasm/plain.js"),
    ),
];

const PARTS: &[Part] = &[
    Part {
        module: "dom",
        files: &[("dom.js", include_bytes!("../../../templates/wasm/dom.js"))],
        in_worker: false,
        exports: None,
    },
    Part {
        module: "fs",
        files: &[
            (
                "files.js",
                include_bytes!("../../../templates/wasm/files.js"),
            ),
            (
                "store.js",
                include_bytes!("../../../templates/wasm/store.js"),
            ),
        ],
        in_worker: true,
        exports: Some(("Store", "store.js")),
    },
];

/// The parts that a plan selects.
pub(super) fn of(plan: &Plan) -> Vec<&'static Part> {
    let selected = |part: &&Part| plan.modules.iter().any(|module| module.name == part.module);
    PARTS.iter().filter(selected).collect()
}
