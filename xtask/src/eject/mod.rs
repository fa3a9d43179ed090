//! Copying a runtime out for good: a crate that builds with plain `cargo build` and knows nothing of Tailor's workspace.
//!
//! The boundary: this file puts the folder together; `vendor` says which crates come along and what their manifests become.

mod vendor;

use std::path::Path;

use minijinja::context;
use runtime_core::engine::capabilities::engine;

use crate::diagnostics::Report;
use crate::drive::lock;
use crate::file_tree::FileTree;
use crate::files::{self, Staging};
use crate::native::ident;
use crate::plan::{ModuleOrigin, Plan};
use crate::render::{self, Layout, template, word, words};
use crate::spec::CrateSource;

/// What a generated file says of itself, and what it says once nothing generates it again.
const GENERATED: &str = "Generated from runtime.toml; edit that.";
const EJECTED: &str = "Ejected from a runtime.toml: edit this.";

/// What is not copied of a crate: what only its own tests and tools need, and what is built.
const LEFT_BEHIND: &[&str] = &[
    "Cargo.toml",
    "Cargo.lock",
    "target",
    "dist",
    "tests",
    "benches",
    "examples",
    "node_modules",
    "snapshots",
    ".git",
];

/// Writes the crate into a folder that is empty or not there.
pub(crate) fn eject(plan: &Plan, folder: &Path) -> Result<(), Report> {
    let staging = Staging::open("the ejected crate", folder)?;
    let place = staging.folder();
    for (path, contents) in tree(plan).iter() {
        files::replace("the ejected crate", &place.join(path), contents.as_bytes())?;
    }
    for module in &plan.modules {
        if let ModuleOrigin::File { path, .. } = &module.origin {
            let to = place.join(format!("src/native/{}.rs", ident(&module.name)));
            files::copy_embedded("a native file", path, &to)?;
        }
    }
    for file in plan.app.iter().flat_map(|app| &app.files) {
        files::copy_embedded(
            "a file of the app",
            &file.file,
            &place.join("app").join(&file.path),
        )?;
    }
    for (name, _, mounted) in render::embedded_mounts(plan) {
        for file in mounted {
            let to = place.join("embedded").join(&name).join(&file.path);
            files::copy_embedded("an embedded file", &file.file, &to)?;
        }
    }
    // A crate may lie in the folder that it is ejected into, which must not copy itself.
    let own = place.file_name().unwrap_or_default().to_string_lossy();
    let left_behind: Vec<&str> = LEFT_BEHIND.iter().copied().chain([own.as_ref()]).collect();
    for krate in vendor::crates(plan)? {
        let to = place.join("crates").join(&krate.package);
        files::copy_folder("a crate", &krate.folder, &to, &left_behind)?;
        files::replace(
            "a manifest",
            &to.join("Cargo.toml"),
            krate.manifest.as_bytes(),
        )?;
    }
    for name in ["LICENSE-APACHE", "LICENSE-MIT"] {
        files::copy(
            "a licence",
            &plan.workspace.join(name),
            &place.join("crates").join(name),
        )?;
    }
    files::replace(
        "the lock file",
        &place.join("Cargo.lock"),
        lock::pinned(&plan.workspace, &plan.spec)?.as_bytes(),
    )?;
    lock::fit(place, &plan.workspace)?;
    staging.finish_into_empty()
}

/// The files that are not copied.
pub(crate) fn tree(plan: &Plan) -> FileTree {
    let mut tree = FileTree::default();
    for (path, contents) in render::native(plan, Layout::Standalone).iter() {
        tree.insert(path, contents.replacen(GENERATED, EJECTED, 1));
    }
    tree.insert(".gitignore", "/target\n");
    tree.insert("README.md", readme(plan));
    tree
}

fn readme(plan: &Plan) -> String {
    let is_file = |origin: &ModuleOrigin| matches!(origin, ModuleOrigin::File { .. });
    let others: Vec<&str> = plan
        .modules
        .iter()
        .filter_map(|module| match &module.origin {
            ModuleOrigin::Crate {
                package,
                source: CrateSource::Path(_),
                ..
            } => Some(package.as_str()),
            _ => None,
        })
        .collect();
    render::fill(
        template!("eject/README.md.jinja"),
        context!(
            name => word(&plan.name),
            tailor => word(env!("CARGO_PKG_VERSION")),
            has_app => plan.app.is_some(),
            natives => plan.modules.iter().any(|module| is_file(&module.origin)),
            embedded => render::embedded_mounts(plan).next().is_some(),
            others => words(others),
            needs_c => engine(&plan.engine.kind).is_some_and(|engine| engine.c_code.is_some()),
        ),
    )
}
