//! What an npm package has in JavaScript for single modules of the runtime: a table, from which the package is filled.

use crate::plan::Plan;

/// What the package has in JavaScript for a module of the runtime.
pub(super) struct Part {
    /// The module, which gives the option its name.
    pub(super) module: &'static str,
    /// Its files; the first is what `runtime.js` knows of.
    pub(super) files: &'static [(&'static str, &'static [u8])],
    /// The class that the package exports of it, and its file.
    pub(super) exports: Option<(&'static str, &'static str)>,
}

const PARTS: &[Part] = &[
    Part {
        module: "dom",
        files: &[("dom.js", include_bytes!("../../../templates/wasm/dom.js"))],
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
        exports: Some(("Store", "store.js")),
    },
];

/// The parts that a plan selects.
pub(super) fn of(plan: &Plan) -> Vec<&'static Part> {
    let selected = |part: &&Part| plan.modules.iter().any(|module| module.name == part.module);
    PARTS.iter().filter(selected).collect()
}
