//! The flavour `wasi` of the npm package: a command for hosts of WASI, built as the native binary is.
//!
//! The boundary: what compiles for it is found in `machine`, the crate is that of a native binary, and the files beside the module are
//! templates. It is run in `node:wasi` before it is put in place, where there is a Node to do it.

use std::path::Path;

use minijinja::context;

use super::Drive;
use super::cargo::Build;
use super::module::{Module, try_in_node, write};
use crate::diagnostics::Report;
use crate::files::replace;
use crate::machine::backend::Backend;
use crate::machine::toolchain::Toolchain;
use crate::machine::{target_dir, wasi};
use crate::plan::Plan;
use crate::render::{self, Layout, template, text};
use crate::spec::wasm::WASI_TRIPLE;

/// Finds what compiles, and puts there what is included before the C of an engine.
pub(super) fn probe(plan: &Plan, toolchain: &Toolchain) -> Result<Backend, Report> {
    let headers = target_dir(&plan.workspace).join("wasi/headers.h");
    let backend = wasi::find(toolchain, plan.engine.needs_c, plan.profile.value, &headers)?;
    if plan.engine.needs_c {
        replace(
            "what is included before the engine's C",
            &headers,
            include_bytes!("../../../templates/wasi/headers.h"),
        )?;
    }
    Ok(backend)
}

/// Compiles the command, puts it and what is beside it into the package at `place`, and runs it.
pub(super) fn build(
    plan: &Plan,
    backend: Backend,
    place: &Path,
    locked: bool,
) -> Result<Module, Report> {
    let tree = render::wasi(plan, Layout::InPlace);
    let drive = Drive::write(plan, "wasi", &tree, locked)?;
    let krate = drive.krate();
    let compiled = Build {
        plan,
        krate: &krate,
        profile: plan.profile.value,
        triple: Some(WASI_TRIPLE),
        with: Some(&backend.with),
        last: None,
        // A folder of its own: what the linker is told is another thing for a page.
        target_dir: &drive.target_dir.join("wasi"),
        locked,
    };
    let named = compiled.run()?;
    let file = format!("wasi/{}.wasm", plan.name);
    fill(plan, place)?;
    Module::make(
        &drive,
        (WASI_TRIPLE, backend),
        (place, file),
        (named, "the compiler"),
        &|package, step| try_out(plan, package, step),
    )
}

/// The script of the command's thread.
pub(crate) fn worker(plan: &Plan) -> String {
    render::fill(
        template!("wasi/worker.js.jinja"),
        context!(
            name => text(&plan.name),
            file => text(&format!("./{}.wasm", plan.name)),
        ),
    )
}

/// Writes what is beside the module.
fn fill(plan: &Plan, place: &Path) -> Result<(), Report> {
    let worker = worker(plan);
    let files: [(&str, &[u8]); 4] = [
        (
            "wasi/index.js",
            include_bytes!("../../../templates/wasi/index.js"),
        ),
        (
            "wasi/index.d.ts",
            include_bytes!("../../../templates/wasi/index.d.ts"),
        ),
        (
            "wasi/command.js",
            include_bytes!("../../../templates/wasi/command.js"),
        ),
        ("wasi/worker.js", worker.as_bytes()),
    ];
    for (path, contents) in files {
        write(place, path, contents)?;
    }
    Ok(())
}

/// Runs a script in the command, which `step` gave. Why it could not be tried, if so.
fn try_out(plan: &Plan, package: &Path, step: &str) -> Result<Option<String>, Report> {
    try_in_node(
        |node| {
            node.arg(package.join("wasi/command.js"));
            // An app inside gets every argument but the ones that are said to be for the runtime.
            node.args(plan.app.is_some().then_some("--runtime"));
            node.args(["eval", "if (6 * 7 !== 42) throw '6 * 7 is not 42 there'"]);
        },
        "run it",
        &format!("the command that {step} gave does not run"),
    )
}
