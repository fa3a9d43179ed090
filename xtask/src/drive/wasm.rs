//! `dist/<name>/wasm/`: the npm package.
//!
//! The boundary: tool chains are probed here, and what was found is told; the files of the package are templates beside the module
//! and its glue. Each module is instantiated before it is put in place, where there is a Node to do it: an exit status proves nothing.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use minijinja::{Value, context};
use runtime_core::tables::Amount;

use super::cargo::{Build, With};
use super::clang::CCompiler;
use super::digest::{brotlied, gzipped, sha256};
use super::dist::{self, Told};
use super::files::{Staging, failed, replace};
use super::manifest::{BinaryRow, Facts, Manifest};
use super::optimiser::Optimiser;
use super::parts;
use super::toolchain::{self, Toolchain, cargo_command, in_path};
use super::{Drive, host_binary, wasi};
use crate::diagnostics::Report;
use crate::file_tree::FileTree;
use crate::plan::{Chosen, NpmPlan, Plan};
use crate::render::{self, template, text, word, words};
use crate::size;
use crate::size::history::{self, Entry};
use crate::spec::wasm::TRIPLE;
use crate::spec::{Flavour, Profile, Target};

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
    let shared = npm.has_shared().then(|| Backend::probe(plan, &toolchain));
    let shared = shared.transpose()?;
    let command = npm
        .has(Flavour::Wasi)
        .then(|| wasi::probe(plan, &toolchain));
    let command = command.transpose()?;
    for backend in shared.iter().chain(&command) {
        eprintln!("compiling with {}", backend.said);
    }
    // Before this build begins: both write below the same folder, and wait for each other.
    let told = told(plan, locked)?;
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

/// A module of the package: compiled, put there, and tried.
#[derive(Debug)]
pub(super) struct Module {
    triple: &'static str,
    /// Its path in the package.
    file: String,
    /// The same with its names.
    named: PathBuf,
    bytes: Vec<u8>,
    /// What compiled it, in words.
    backend: String,
    untried: Option<String>,
    unused: Option<String>,
    /// The SHA-256 of the lock file.
    lock: String,
    /// What is remembered of its size.
    sizes: PathBuf,
}

/// Instantiates the module of the package in a folder, after the step that is named; says why it was not tried, if so.
type TryOut<'a> = dyn Fn(&Path, &str) -> Result<Option<String>, Report> + 'a;

impl Module {
    /// Puts what `step` gave into the package and tries it, then the same made smaller.
    pub(super) fn make(
        drive: &Drive<'_>,
        (triple, mut backend): (&'static str, Backend),
        (place, file): (&Path, String),
        (mut named, step): (PathBuf, &str),
        try_out: &TryOut<'_>,
    ) -> Result<Self, Report> {
        let plan = drive.plan;
        let mut bytes = ship(&place.join(&file), &named)?;
        let mut untried = try_out(place, step)?;
        let mut unused = None;
        match Optimiser::find(plan.profile.value) {
            Some(Ok(optimiser)) => {
                let to = drive.place.join(format!("{triple}.optimised.wasm"));
                named = optimiser.run(&named, &to)?;
                bytes = ship(&place.join(&file), &named)?;
                untried = try_out(place, &optimiser.said)?;
                backend.said.push_str(&format!("; {}", optimiser.said));
            }
            Some(Err(why)) => unused = Some(why),
            None => {}
        }
        let lock = drive.krate().join("Cargo.lock");
        let lock = fs::read(&lock).map_err(|error| failed("read the lock file", &lock, &error))?;
        Ok(Self {
            triple,
            file,
            named,
            bytes,
            backend: backend.said,
            untried,
            unused,
            lock: sha256(&lock),
            sizes: drive.place.join("sizes.json"),
        })
    }

    fn row(&self, plan: &Plan) -> BinaryRow {
        let bytes = &self.bytes;
        BinaryRow {
            file: self.file.clone(),
            bytes: bytes.len() as u64,
            gzipped: gzipped(bytes),
            brotli: Some(brotlied(bytes, plan.profile.value != Profile::Debug)),
            sha256: sha256(bytes),
            stripped: true,
        }
    }
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

pub(super) fn write(place: &Path, path: &str, contents: &[u8]) -> Result<(), Report> {
    replace("the package", &place.join(path), contents).map(drop)
}

/// Puts a module where it belongs in the package, without its names.
fn ship(to: &Path, named: &Path) -> Result<Vec<u8>, Report> {
    let bytes = fs::read(named).map_err(|error| failed("read the module", named, &error))?;
    let shipped = size::module::without_names(&bytes).ok_or_else(|| {
        Report::error(format!("`{}` is no module of WebAssembly", named.display()))
    })?;
    replace("the package", to, &shipped)?;
    Ok(shipped)
}

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

/// What compiles for this target on this machine.
#[derive(Debug)]
pub(crate) struct Backend {
    pub(super) with: With,
    /// The same in words.
    pub(crate) said: String,
}

impl Backend {
    /// Finds what compiles: the toolchain that runs, when it has the target; else a nightly with the standard library's source.
    pub(crate) fn probe(plan: &Plan, toolchain: &Toolchain) -> Result<Self, Report> {
        Self::find(toolchain, plan.engine.needs_c, plan.profile.value)
    }

    /// The same for any plan of this kind.
    pub(crate) fn find(
        toolchain: &Toolchain,
        needs_c: bool,
        profile: Profile,
    ) -> Result<Self, Report> {
        let mut with = With::default();
        let mut said = if toolchain.has_target(TRIPLE) {
            format!("{}, its own standard library", toolchain.rustc)
        } else {
            with.is_nightly = true;
            with.args.push("-Zbuild-std=std,panic_abort".to_owned());
            let mut flags = Vec::new();
            if profile == Profile::Size {
                with.args
                    .push("-Zbuild-std-features=optimize_for_size".to_owned());
                flags.extend(["-Zunstable-options", "-Cpanic=immediate-abort"]);
            }
            with.env.push(("RUSTFLAGS".to_owned(), flags.join(" ")));
            format!(
                "{}, with the standard library from its source",
                nightly(TRIPLE)?
            )
        };
        if needs_c {
            let compiler = CCompiler::find(TRIPLE)?;
            said.push_str(&format!("; {}", compiler.said));
            with.env.extend(compiler.env(profile, ""));
        }
        Ok(Self { with, said })
    }
}

/// The nightly, when it is there with the standard library's source.
pub(crate) fn nightly(triple: &str) -> Result<String, Report> {
    let missing = |what: &str| {
        Report::error(format!("nothing here compiles for `{triple}`: {what}"))
            .help(format!("install the standard library for it with `rustup target add {triple}`"))
            .help("or a nightly with its source: `rustup toolchain install nightly --component rust-src`")
    };
    let ask = |args: &[&str]| {
        let output = toolchain::nightly(&["rustc"]).args(args).output();
        let output = output.ok().filter(|output| output.status.success())?;
        Some(String::from_utf8_lossy(&output.stdout).trim().to_owned())
    };
    let sysroot = ask(&["--print", "sysroot"]).ok_or_else(|| {
        missing("the toolchain has no such standard library, and there is no nightly")
    })?;
    let source = Path::new(&sysroot).join("lib/rustlib/src/rust/library/Cargo.lock");
    if !source.is_file() {
        return Err(missing("the nightly has no source of the standard library"));
    }
    Ok(ask(&["--version"]).unwrap_or_default())
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

/// What the same runtime for this machine says of itself: the declarations of what scripts can use are in its tables.
pub(crate) fn told(plan: &Plan, locked: bool) -> Result<Told, Report> {
    let native = Plan {
        target: Target::Native,
        npm: None,
        android: None,
        triples: vec![chosen("host".to_owned())],
        profile: chosen(Profile::Debug),
        ..plan.clone()
    };
    dist::ask(&host_binary(&native, locked)?, native.app.is_some())
}

fn chosen<T>(value: T) -> Chosen<T> {
    Chosen {
        value,
        why: "to be asked for its declarations".to_owned(),
    }
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
    let Some(node) = in_path("node") else {
        return Ok(Some(
            "there is no `node` here to make a runtime of it".to_owned(),
        ));
    };
    let mut command = Command::new(node);
    command
        .args(["--input-type=module", "--eval", TRY])
        .arg(package);
    let output = command.output();
    let output = output.map_err(|error| Report::error(format!("cannot run `node`: {error}")))?;
    if output.status.success() {
        return Ok(None);
    }
    let said = String::from_utf8_lossy(&output.stderr);
    Err(Report::error(format!(
        "no runtime can be made of the module that {step} gave:\n{}",
        said.trim()
    ))
    .help("what was in `dist/` before is still there"))
}
