//! `dist/<name>/wasm/`: the npm package.
//!
//! The boundary: tool chains are found in `machine`, and what was found is told; the files of the package are templates beside the module
//! and its glue. Each module is instantiated before it is put in place, where there is a Node to do it: an exit status proves nothing.

use std::fs;
use std::path::{Path, PathBuf};

use minijinja::{Value, context};
use runtime_core::tables::Amount;

use super::cargo::Build;
use super::dist;
use super::manifest::{Facts, Manifest};
use super::module::{Module, try_in_node, write};
use super::parts;
use super::{Drive, wasi};
use crate::diagnostics::Report;
use crate::file_tree::FileTree;
use crate::files::{Staging, failed};
use crate::machine;
use crate::machine::backend::Backend;
use crate::machine::toolchain::{Toolchain, cargo_command};
use crate::plan::{NpmPlan, Plan};
use crate::render::{self, template, text, word, words};
use crate::size;
use crate::size::history::{self, Entry};
use crate::spec::Flavour;
use crate::spec::wasm::TRIPLE;

#[cfg(test)]
mod tests;

/// What stands in `dist/`.
#[derive(Debug)]
pub(crate) struct Package {
    /// The folder.
    pub(crate) folder: PathBuf,
    /// The name that npm knows it by.
    pub(crate) name: String,
    /// What is in it.
    pub(crate) manifest: Manifest,
    /// The build before that was another.
    pub(crate) before: Option<Entry>,
    /// Why it was not tried, if so.
    pub(crate) untried: Option<String>,
    /// What makes modules smaller and could not be used, and why.
    pub(crate) unused: Option<String>,
}

impl Package {
    /// The page of its bytes.
    pub(crate) fn page(&self) -> PathBuf {
        self.folder.join(dist::PAGE)
    }

    /// What compiled it, in words.
    pub(crate) fn backend(&self) -> &str {
        self.manifest.backend.as_deref().unwrap_or_default()
    }
}

/// Compiles, and puts the package into `dist/`.
pub(crate) fn build(plan: &Plan, locked: bool) -> Result<Package, Report> {
    let npm = plan
        .npm
        .as_ref()
        .expect("a plan for this target has a package");
    let folder = dist::place(plan);
    // A folder that cannot be written is found before minutes of compiling, and so is a missing toolchain.
    let staging = Staging::open("the package", &folder)?;
    let toolchain = Toolchain::find()?;
    let find = || machine::wasm::find(&toolchain, plan.engine.needs_c, plan.profile.value);
    let shared = npm.has_shared().then(find);
    let shared = shared.transpose()?;
    let command = npm
        .has(Flavour::Wasi)
        .then(|| wasi::probe(plan, &toolchain));
    let command = command.transpose()?;
    for backend in shared.iter().chain(&command) {
        eprintln!("compiling with {}", backend.said);
    }
    // Before this build begins: both write below the same folder, and wait for each other.
    let told = dist::ask_host(plan, locked)?;
    let place = staging.folder();
    fill(plan, npm, place)?;
    write(
        place,
        dist::TYPES,
        dist::types(plan, &told.types)?.as_bytes(),
    )?;
    let command = command.map(|backend| wasi::build(plan, backend, place, locked));
    let command = command.transpose()?;
    let (module, command) = match shared {
        Some(backend) => (shared_module(plan, backend, place, locked)?, command),
        None => (command.expect("a package has a flavour"), None),
    };
    let facts = Facts {
        triple: module.triple.to_owned(),
        engine_version: told.engine_version,
        binary: module.row(plan),
        size: size::attribute(
            &module.named,
            &place.join(&module.file),
            &dist::subject(plan),
        )?,
        rustc: toolchain.rustc,
        backend: Some(module.backend.clone()),
        lock: module.lock.clone(),
    };
    let mut manifest = Manifest::of(plan, facts);
    manifest.command = command.as_ref().map(|command| command.row(plan));
    dist::require_budget(plan, &manifest)?;
    let json = serde_json::to_string_pretty(&manifest).map_err(|error| {
        Report::error(format!("tailor's bug: cannot write the manifest: {error}"))
    })?;
    write(place, dist::MANIFEST, (json + "\n").as_bytes())?;
    let now = Entry::of(&manifest.size, module.triple, &manifest.profile);
    let before = history::before(&history::read(&module.sizes), &now).cloned();
    let page = size::page(plan, &manifest.size, &now, before.as_ref());
    write(place, dist::PAGE, page.as_bytes())?;
    staging.finish()?;
    history::remember(&module.sizes, now)?;
    Ok(Package {
        folder,
        name: npm.name.clone(),
        manifest,
        before,
        untried: module.untried,
        unused: module.unused,
    })
}

/// Makes the module that pages and Node share, and its glue.
fn shared_module(
    plan: &Plan,
    backend: Backend,
    place: &Path,
    locked: bool,
) -> Result<Module, Report> {
    let drive = Drive::start(plan, locked)?;
    let module = compile(&drive, &backend)?;
    let glue = drive.place.join("wasm-glue");
    make_glue(plan, &module, &glue)?;
    let script = fs::read_to_string(glue.join("glue.js"))
        .map_err(|error| failed("read the glue", &glue, &error))?;
    write(place, "glue.js", as_function(&script).as_bytes())?;
    Module::make(
        &drive,
        (TRIPLE, backend),
        (place, MODULE.to_owned()),
        (glue.join("glue_bg.wasm"), "wasm-bindgen"),
        &try_out,
    )
}

/// The name of the module in the package.
const MODULE: &str = "runtime.wasm";

/// Fills in what is the same for every module, or follows from the plan alone.
fn fill(plan: &Plan, npm: &NpmPlan, place: &Path) -> Result<(), Report> {
    if npm.has_shared() {
        for (file, script) in parts::SHARED {
            write(place, file, script)?;
        }
    }
    for (file, script) in parts::of(plan).iter().flat_map(|part| part.files) {
        write(place, file, script)?;
    }
    for (path, text) in filled(plan, npm).iter() {
        write(place, path, text.as_bytes())?;
    }
    Ok(())
}

/// The files of the package that say something of the plan.
pub(crate) fn filled(plan: &Plan, npm: &NpmPlan) -> FileTree {
    let parts = parts::of(plan);
    let has = |module: &str| parts.iter().any(|part| part.module == module);
    let row =
        |part: &&parts::Part| context!(module => word(part.module), file => word(part.files[0].0));
    let in_worker = parts.iter().filter(|part| part.in_worker).map(row);
    let in_worker = context!(parts => in_worker.collect::<Vec<_>>());
    let rows = parts.iter().map(row);
    let exports = parts.iter().filter_map(|part| part.exports);
    let exports = exports.map(|(name, file)| context!(name => word(name), file => word(file)));
    let table = context!(
        has_fs => has("fs"),
        has_dom => has("dom"),
        parts => rows.collect::<Vec<_>>(),
        exports => exports.collect::<Vec<_>>(),
        limits => times(plan),
    );
    let mut tree = FileTree::default();
    if npm.has_shared() {
        let types = template!("wasm/index.d.ts.jinja");
        tree.insert("index.d.ts", render::fill(types, table.clone()));
    }
    tree.insert("package.json", package_json(plan, npm));
    tree.insert("README.md", readme(plan, npm));
    for flavour in &npm.flavours {
        let (entry, worker) = match flavour.value {
            Flavour::Web | Flavour::Bundler => (
                template!("wasm/web.js.jinja"),
                template!("wasm/worker.web.js.jinja"),
            ),
            Flavour::Nodejs => (
                template!("wasm/nodejs.js.jinja"),
                template!("wasm/worker.nodejs.js.jinja"),
            ),
            Flavour::Wasi => continue,
        };
        let folder = flavour.value.word();
        tree.insert(
            format!("{folder}/index.js"),
            render::fill(entry, table.clone()),
        );
        tree.insert(
            format!("{folder}/worker.js"),
            render::fill(worker, in_worker.clone()),
        );
    }
    tree
}

/// The limits of time that were said: the key of each, and its milliseconds.
fn times(plan: &Plan) -> Vec<Value> {
    let rows = plan.limits.iter().filter_map(|limit| match limit.amount {
        Amount::Duration(time) => {
            let millis = time.as_secs_f64() * 1e3;
            Some(context!(key => word(&limit.key), millis => millis))
        }
        _ => None,
    });
    rows.collect()
}

fn compile(drive: &Drive<'_>, backend: &Backend) -> Result<PathBuf, Report> {
    let krate = drive.krate();
    let build = Build {
        plan: drive.plan,
        krate: &krate,
        profile: drive.plan.profile.value,
        triple: Some(TRIPLE),
        last: None,
        with: Some(&backend.with),
        // A folder of its own: another toolchain would have the workspace's compiled anew each time.
        target_dir: &drive.target_dir.join("wasm"),
        locked: drive.locked,
    };
    build.run()
}

/// Lets our own program make the JavaScript of a module. It is compiled when it is first needed.
fn make_glue(plan: &Plan, module: &Path, folder: &Path) -> Result<(), Report> {
    eprintln!("making the JavaScript of {}", plan.name);
    let mut command = cargo_command();
    command.current_dir(&plan.workspace);
    command.args(["run", "--quiet", "--package", "wasm-glue", "--"]);
    let status = command.arg(module).arg(folder).status();
    let status = status.map_err(|error| Report::error(format!("cannot run cargo: {error}")))?;
    if status.success() {
        return Ok(());
    }
    Err(
        Report::error("the JavaScript of the module could not be made")
            .help("what was said of it stands above")
            .help("a version of wasm-bindgen that is not ours comes with a crate of native functions: let that crate take ours, as `Cargo.lock` says it"),
    )
}

/// The glue as a function: each call gives a fresh set of functions, for an instance of its own, which `instantiate` makes, and with timers of its own. Objects of
/// the glue that are collected need not be freed: their instance goes with them.
fn as_function(script: &str) -> String {
    format!(
        "// Made by wasm-bindgen. Each call makes what one instance of the module needs.\n\
         export function makeGlue({{ instantiate, setTimeout, clearTimeout }}) {{\n\
         const FinalizationRegistry = undefined;\n\
         const WebAssembly = {{ instantiate, Instance: globalThis.WebAssembly.Instance, Module: globalThis.WebAssembly.Module }};\n\
         {script}\n\
         return wasm_bindgen;\n\
         }}\n"
    )
}

fn package_json(plan: &Plan, npm: &NpmPlan) -> String {
    let shared = npm
        .flavours
        .iter()
        .filter(|flavour| flavour.value != Flavour::Wasi);
    let flavours: Vec<&str> = shared.map(|flavour| flavour.value.word()).collect();
    let has = |flavour: &str| flavours.contains(&flavour);
    // Node says `node`, a bundler for the web `browser`; the last one is for whoever says neither.
    let mut conditions: Vec<(&str, &str)> = Vec::new();
    if has("nodejs") {
        conditions.push(("node", "nodejs/index.js"));
    }
    if has("bundler") {
        conditions.push(("browser", "bundler/index.js"));
    } else if has("web") {
        conditions.push(("browser", "web/index.js"));
    }
    let last = ["web", "bundler", "nodejs"]
        .into_iter()
        .find(|flavour| has(flavour));
    let last = format!("{}/index.js", last.unwrap_or("wasi"));
    let rows: Vec<_> = conditions
        .iter()
        .copied()
        .chain([("default", last.as_str())])
        .map(|(name, file)| context!(name => word(name), file => word(file)))
        .collect();
    render::fill(
        template!("wasm/package.json.jinja"),
        context!(
            name => text(&npm.name),
            version => text(&plan.version),
            description => text(&plan.description),
            main => word(&last),
            conditions => rows,
            types => word(if npm.has_shared() { "index.d.ts" } else { "wasi/index.d.ts" }),
            command => npm.has(Flavour::Wasi).then(|| text(&plan.name)),
            flavours => words(flavours),
        ),
    )
}

fn readme(plan: &Plan, npm: &NpmPlan) -> String {
    let about = match plan.description.as_str() {
        "" if !npm.has_shared() => {
            "A JavaScript runtime as WebAssembly: a command that runs scripts, and gives them nothing but what its host does."
        }
        "" => {
            "A JavaScript runtime as WebAssembly: it runs scripts in a page or in Node, and gives them nothing but what you do."
        }
        about => about,
    };
    render::fill(
        template!("wasm/README.md.jinja"),
        context!(
            name => word(&npm.name),
            about => text(about),
            shared => npm.has_shared(),
            web => npm.has(Flavour::Web),
            command => npm.has(Flavour::Wasi).then(|| word(&plan.name)),
            has_fs => parts::of(plan).iter().any(|part| part.module == "fs"),
        ),
    )
}

/// A script that makes a runtime of the package in the working folder and asks it something.
const TRY: &str = r#"
import { readFile } from "node:fs/promises";
const { runtimeOf } = await import(process.argv[1] + "/runtime.js");
const Runtime = runtimeOf(async () => WebAssembly.compile(await readFile(process.argv[1] + "/runtime.wasm")));
const runtime = await Runtime.create();
if (runtime.eval("6 * 7") !== 42) throw new Error("6 * 7 is not 42 there");
runtime.dispose();
"#;

/// Makes a runtime of the package, whose module comes from `step`. Why it could not be tried, if so.
fn try_out(package: &Path, step: &str) -> Result<Option<String>, Report> {
    try_in_node(
        |node| {
            node.args(["--input-type=module", "--eval", TRY])
                .arg(package);
        },
        "make a runtime of it",
        &format!("no runtime can be made of the module that {step} gave"),
    )
}
