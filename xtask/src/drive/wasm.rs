//! `dist/<name>/wasm/`: the npm package.
//!
//! The boundary: tool chains are probed here, and what was found is told; the files of the package are templates beside the module
//! and its glue. Each module is instantiated before it is put in place, where there is a Node to do it: an exit status proves nothing.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use minijinja::context;
use minijinja::value::Serde;

use super::cargo::{Build, With};
use super::digest::{brotlied, gzipped, sha256};
use super::dist::{self, Told};
use super::files::{Staging, failed, replace};
use super::manifest::{BinaryRow, Facts, Manifest};
use super::parts;
use super::toolchain::{self, Toolchain, cargo_command, in_path};
use super::{Drive, host_binary};
use crate::diagnostics::Report;
use crate::plan::{Chosen, NpmPlan, Plan};
use crate::render;
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
    let mut backend = Backend::probe(plan, &Toolchain::find()?)?;
    eprintln!("compiling with {}", backend.said);
    // Before this build begins: both write below the same folder, and wait for each other.
    let told = told(plan, locked)?;
    let drive = Drive::start(plan, locked)?;
    let module = compile(&drive, &backend)?;
    let glue = drive.place.join("wasm-glue");
    make_glue(plan, &module, &glue)?;
    let place = staging.folder();
    let script = fs::read_to_string(glue.join("glue.js"))
        .map_err(|error| failed("read the glue", &glue, &error))?;
    write(place, "glue.js", as_function(&script).as_bytes())?;
    fill(plan, npm, place)?;
    write(
        place,
        dist::TYPES,
        dist::types(plan, &told.types)?.as_bytes(),
    )?;
    let mut named = glue.join("glue_bg.wasm");
    let mut wasm = ship(place, &named)?;
    let mut untried = try_out(place, "wasm-bindgen")?;
    let mut unused = None;
    match Optimiser::find(plan.profile.value) {
        Some(Ok(optimiser)) => {
            named = optimiser.run(&named, &glue.join("optimised.wasm"))?;
            wasm = ship(place, &named)?;
            untried = try_out(place, &optimiser.said)?;
            backend.said.push_str(&format!("; {}", optimiser.said));
        }
        Some(Err(why)) => unused = Some(why),
        None => {}
    }
    let lock = drive.krate().join("Cargo.lock");
    let lock = fs::read(&lock).map_err(|error| failed("read the lock file", &lock, &error))?;
    let facts = Facts {
        triple: TRIPLE.to_owned(),
        engine_version: told.engine_version,
        binary: BinaryRow {
            file: MODULE.to_owned(),
            bytes: wasm.len() as u64,
            gzipped: gzipped(&wasm),
            brotli: Some(brotlied(&wasm, plan.profile.value != Profile::Debug)),
            sha256: sha256(&wasm),
            stripped: true,
        },
        size: size::attribute(&named, &place.join(MODULE), &dist::subject(plan))?,
        rustc: drive.toolchain.rustc.clone(),
        backend: Some(backend.said),
        lock: sha256(&lock),
    };
    let manifest = Manifest::of(plan, facts);
    dist::require_budget(plan, &manifest)?;
    let json = serde_json::to_string_pretty(&manifest).map_err(|error| {
        Report::error(format!("tailor's bug: cannot write the manifest: {error}"))
    })?;
    write(place, dist::MANIFEST, (json + "\n").as_bytes())?;
    let sizes = drive.place.join("sizes.json");
    let now = Entry::of(&manifest.size, TRIPLE, &manifest.profile);
    let before = history::before(&history::read(&sizes), &now).cloned();
    let page = size::page(plan, &manifest.size, &now, before.as_ref());
    write(place, dist::PAGE, page.as_bytes())?;
    staging.finish()?;
    history::remember(&sizes, now)?;
    Ok(Package {
        folder,
        name: npm.name.clone(),
        manifest,
        before,
        untried,
        unused,
    })
}

/// The name of the module in the package.
const MODULE: &str = "runtime.wasm";

fn write(place: &Path, path: &str, contents: &[u8]) -> Result<(), Report> {
    replace("the package", &place.join(path), contents).map(drop)
}

/// Puts a module into the package, without its names.
fn ship(place: &Path, named: &Path) -> Result<Vec<u8>, Report> {
    let bytes = fs::read(named).map_err(|error| failed("read the module", named, &error))?;
    let shipped = size::module::without_names(&bytes).ok_or_else(|| {
        Report::error(format!("`{}` is no module of WebAssembly", named.display()))
    })?;
    write(place, MODULE, &shipped)?;
    Ok(shipped)
}

/// Fills in what is the same for every module, or follows from the plan alone.
fn fill(plan: &Plan, npm: &NpmPlan, place: &Path) -> Result<(), Report> {
    let runtime = include_bytes!("../../../templates/wasm/runtime.js");
    let types = include_str!("../../../templates/wasm/index.d.ts.jinja");
    let parts = parts::of(plan);
    let names: Vec<&str> = parts.iter().map(|part| part.module).collect();
    let rows = parts
        .iter()
        .map(|part| context!(module => part.module, file => part.files[0].0));
    let exports = parts.iter().filter_map(|part| part.exports);
    let exports = exports.map(|(name, file)| context!(name, file));
    let table = context!(names => &names, parts => Serde(rows.collect::<Vec<_>>()), exports => Serde(exports.collect::<Vec<_>>()));
    let filled = |template| render::fill(template, table.clone());
    write(place, "runtime.js", runtime)?;
    for (file, script) in parts.iter().flat_map(|part| part.files) {
        write(place, file, script)?;
    }
    write(place, "index.d.ts", filled(types).as_bytes())?;
    write(place, "package.json", package_json(plan, npm).as_bytes())?;
    write(place, "README.md", readme(plan, npm).as_bytes())?;
    for flavour in &npm.flavours {
        let entry = match flavour.value {
            Flavour::Web | Flavour::Bundler => include_str!("../../../templates/wasm/web.js.jinja"),
            Flavour::Nodejs => include_str!("../../../templates/wasm/nodejs.js.jinja"),
        };
        let path = format!("{}/index.js", flavour.value.word());
        write(place, &path, filled(entry).as_bytes())?;
    }
    Ok(())
}

/// What compiles for this target on this machine.
#[derive(Debug)]
pub(crate) struct Backend {
    with: With,
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
            let compiler = CCompiler::find()?;
            said.push_str(&format!("; {}", compiler.said));
            with.env.extend(compiler.env(profile));
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

/// A C compiler that can compile for this target.
#[derive(Debug)]
pub(crate) struct CCompiler {
    compiler: String,
    archiver: Option<String>,
    /// The same in words.
    pub(crate) said: String,
}

/// The oldest clang whose code links with the compiler's.
const OLDEST: u32 = 19;

const CC: &str = "CC_wasm32_unknown_unknown";
const AR: &str = "AR_wasm32_unknown_unknown";
const CFLAGS: &str = "CFLAGS_wasm32_unknown_unknown";

impl CCompiler {
    /// What the environment names, or a clang that is new enough.
    pub(crate) fn find() -> Result<Self, Report> {
        if let Ok(compiler) = std::env::var(CC) {
            return Self::named(compiler, std::env::var(AR).ok());
        }
        let versions = (OLDEST..OLDEST + 8).rev();
        for suffix in versions
            .map(|version| format!("-{version}"))
            .chain([String::new()])
        {
            let compiler = format!("clang{suffix}");
            let Some(version) = in_path(&compiler).and_then(|_| clang_version(&compiler)) else {
                continue;
            };
            if version >= OLDEST {
                let archiver = format!("llvm-ar{suffix}");
                return Ok(Self {
                    said: format!("{compiler} (clang {version})"),
                    compiler,
                    archiver: in_path(&archiver).map(|_| archiver),
                });
            }
        }
        Err(Report::error(format!(
            "the engine is written in C, and nothing here compiles C for `{TRIPLE}`"
        ))
        .help(format!(
            "install clang {OLDEST} or newer with its archiver: `apt-get install clang-{OLDEST} llvm-{OLDEST}`"
        ))
        .help(format!("or name a compiler in `{CC}` and an archiver in `{AR}`"))
        .help("or take the engine that needs none: `--set engine.kind=boa`"))
    }

    /// The one that a person chose.
    fn named(compiler: String, archiver: Option<String>) -> Result<Self, Report> {
        for (name, program) in [(CC, Some(&compiler)), (AR, archiver.as_ref())] {
            if let Some(program) = program
                && in_path(program).is_none()
                && !Path::new(program).is_file()
            {
                return Err(Report::error(format!(
                    "`{name}` names `{program}`, which is not there"
                ))
                .help("name a program in the path, or one by its whole path"));
            }
        }
        Ok(Self {
            said: format!("{compiler} ({CC})"),
            compiler,
            archiver,
        })
    }

    fn env(&self, profile: Profile) -> Vec<(String, String)> {
        // Both optimise what is linked as one, and use what every engine of WebAssembly has by now.
        let lto = if profile == Profile::Debug {
            ""
        } else {
            "-flto "
        };
        let flags = format!("-DNDEBUG {lto}-mbulk-memory -mnontrapping-fptoint -msign-ext");
        let mut env = vec![(CC.to_owned(), self.compiler.clone())];
        env.extend(
            self.archiver
                .clone()
                .map(|archiver| (AR.to_owned(), archiver)),
        );
        if std::env::var_os(CFLAGS).is_none() {
            env.push((CFLAGS.to_owned(), flags));
        }
        env
    }
}

/// `clang version 19.1.7 (…)`: 19.
fn clang_version(program: &str) -> Option<u32> {
    let output = Command::new(program).arg("--version").output().ok()?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let rest = text.split("clang version ").nth(1)?;
    rest.split('.').next()?.parse().ok()
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

fn json_string(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

fn package_json(plan: &Plan, npm: &NpmPlan) -> String {
    let flavours: Vec<&str> = npm
        .flavours
        .iter()
        .map(|flavour| flavour.value.word())
        .collect();
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
    let last = format!("{}/index.js", last.unwrap_or("web"));
    let rows: Vec<_> = conditions
        .iter()
        .copied()
        .chain([("default", last.as_str())])
        .map(|(name, file)| context!(name, file))
        .collect();
    render::fill(
        include_str!("../../../templates/wasm/package.json.jinja"),
        context!(
            name => json_string(&npm.name),
            version => json_string(&plan.version),
            description => json_string(&plan.description),
            main => last,
            conditions => Serde(rows),
            flavours => flavours,
        ),
    )
}

fn readme(plan: &Plan, npm: &NpmPlan) -> String {
    let about = match plan.description.as_str() {
        "" => {
            "A JavaScript runtime as WebAssembly: it runs scripts in a page or in Node, and gives them nothing but what you do."
        }
        about => about,
    };
    let web = npm
        .flavours
        .iter()
        .any(|flavour| flavour.value == Flavour::Web);
    let names: Vec<&str> = parts::of(plan).iter().map(|part| part.module).collect();
    render::fill(
        include_str!("../../../templates/wasm/README.md.jinja"),
        context!(name => &npm.name, about, web, names => &names),
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

/// A program that makes modules smaller.
#[derive(Debug)]
pub(crate) struct Optimiser {
    program: PathBuf,
    /// The same in words.
    pub(crate) said: String,
}

/// The oldest `wasm-opt` that is trusted: 108 gives modules that no host takes, and says nothing.
const OLDEST_OPTIMISER: u32 = 120;

/// What the modules use of the format, and the optimiser may. `--all-features` would give what hosts do not take yet.
const FEATURES: &[&str] = &[
    "bulk-memory",
    "multivalue",
    "mutable-globals",
    "nontrapping-float-to-int",
    "reference-types",
    "sign-ext",
];

impl Optimiser {
    /// The one in the path; or why it is not used. A debug build goes without.
    pub(crate) fn find(profile: Profile) -> Option<Result<Self, String>> {
        in_path("wasm-opt")
            .filter(|_| profile != Profile::Debug)
            .and_then(Self::of)
    }

    /// This program, or why it is not used; none where it cannot even be run.
    fn of(program: PathBuf) -> Option<Result<Self, String>> {
        let output = Command::new(&program).arg("--version").output().ok()?;
        let said = String::from_utf8_lossy(&output.stdout).trim().to_owned();
        // `wasm-opt version 108`, with more behind it in some builds.
        let version = said
            .split_whitespace()
            .nth(2)
            .and_then(|version| version.parse::<u32>().ok());
        Some(match version {
            Some(version) if version >= OLDEST_OPTIMISER => Ok(Self {
                program,
                said: format!("wasm-opt {version}"),
            }),
            _ => Err(format!(
                "`{said}` is not used: it must be {OLDEST_OPTIMISER} or newer, as `npm install binaryen` gets it"
            )),
        })
    }

    /// Makes a smaller module at `to`, with its names.
    fn run(&self, module: &Path, to: &Path) -> Result<PathBuf, Report> {
        let mut command = Command::new(&self.program);
        command.args(["-Oz", "-g"]);
        command.args(FEATURES.iter().map(|feature| format!("--enable-{feature}")));
        command.arg(module).arg("-o").arg(to);
        let output = command.output();
        let output =
            output.map_err(|error| Report::error(format!("cannot run `wasm-opt`: {error}")))?;
        if output.status.success() {
            return Ok(to.to_owned());
        }
        let said = String::from_utf8_lossy(&output.stderr);
        Err(
            Report::error(format!("`{}` failed: {}", self.said, said.trim()))
                .help("take it out of the path; the module is a little larger without"),
        )
    }
}
