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
use super::digest::gzipped;
use super::dist;
use super::files::{Staging, failed, replace};
use super::toolchain::{cargo_command, in_path};
use super::{Drive, host_binary};
use crate::diagnostics::Report;
use crate::plan::{Chosen, NpmPlan, Plan};
use crate::render;
use crate::spec::wasm::TRIPLE;
use crate::spec::{Flavour, Profile, Target};

/// What stands in `dist/`.
#[derive(Debug)]
pub(crate) struct Package {
    /// The folder.
    pub(crate) folder: PathBuf,
    /// The name that npm knows it by.
    pub(crate) name: String,
    /// What compiled it, in words.
    pub(crate) backend: String,
    /// Bytes of the module.
    pub(crate) bytes: u64,
    /// The same, compressed.
    pub(crate) gzipped: u64,
    /// Why it was not tried, if so.
    pub(crate) untried: Option<String>,
}

/// Compiles, and puts the package into `dist/`.
pub(crate) fn build(plan: &Plan, locked: bool) -> Result<Package, Report> {
    let npm = plan
        .npm
        .as_ref()
        .expect("a plan for this target has a package");
    let folder = dist::place(plan);
    // A folder that cannot be written is found before minutes of compiling.
    let staging = Staging::open("the package", &folder)?;
    // Before this build begins: both write below the same folder, and wait for each other.
    let types = types(plan, locked)?;
    let drive = Drive::start(plan, locked)?;
    let backend = Backend::probe(plan, &drive)?;
    let module = compile(&drive, &backend)?;
    let glue = drive.place.join("wasm-glue");
    make_glue(plan, &module, &glue)?;
    let wasm = fs::read(glue.join("glue_bg.wasm"))
        .map_err(|error| failed("read the module", &glue, &error))?;
    let script = fs::read_to_string(glue.join("glue.js"))
        .map_err(|error| failed("read the glue", &glue, &error))?;
    let place = staging.folder();
    let write =
        |path: &str, contents: &[u8]| replace("the package", &place.join(path), contents).map(drop);
    write("runtime.wasm", &wasm)?;
    write("glue.js", as_function(&script).as_bytes())?;
    write(
        "runtime.js",
        include_bytes!("../../../templates/wasm/runtime.js"),
    )?;
    write(
        "index.d.ts",
        include_bytes!("../../../templates/wasm/index.d.ts"),
    )?;
    write("runtime.d.ts", types.as_bytes())?;
    write("package.json", package_json(plan, npm).as_bytes())?;
    write("README.md", readme(plan, npm).as_bytes())?;
    for flavour in &npm.flavours {
        let entry: &[u8] = match flavour.value {
            Flavour::Web | Flavour::Bundler => include_bytes!("../../../templates/wasm/web.js"),
            Flavour::Nodejs => include_bytes!("../../../templates/wasm/nodejs.js"),
        };
        write(&format!("{}/index.js", flavour.value.word()), entry)?;
    }
    let untried = try_out(place)?;
    let package = Package {
        folder: folder.clone(),
        name: npm.name.clone(),
        backend: backend.said,
        bytes: wasm.len() as u64,
        gzipped: gzipped(&wasm),
        untried,
    };
    require_budget(plan, &package)?;
    staging.finish()?;
    Ok(package)
}

/// What compiles for this target on this machine.
#[derive(Debug)]
pub(crate) struct Backend {
    with: With,
    /// The same in words.
    pub(crate) said: String,
}

/// The nightly's own way to the target: its standard library is compiled with the runtime.
const NIGHTLY: &str = "nightly";

impl Backend {
    /// Finds what compiles: the toolchain that runs, when it has the target; else a nightly with the standard library's source.
    pub(crate) fn probe(plan: &Plan, drive: &Drive<'_>) -> Result<Self, Report> {
        let mut with = With::default();
        let mut said = if drive.toolchain.has_target(TRIPLE) {
            format!("{}, its own standard library", drive.toolchain.rustc)
        } else {
            with.toolchain = Some(NIGHTLY.to_owned());
            with.args.push("-Zbuild-std=std,panic_abort".to_owned());
            let mut flags = Vec::new();
            if plan.profile.value == Profile::Size {
                with.args
                    .push("-Zbuild-std-features=optimize_for_size".to_owned());
                flags.extend(["-Zunstable-options", "-Cpanic=immediate-abort"]);
            }
            with.env.push(("RUSTFLAGS".to_owned(), flags.join(" ")));
            format!("{}, with the standard library from its source", nightly()?)
        };
        if plan.engine.needs_c {
            let compiler = CCompiler::find()?;
            said.push_str(&format!("; {}", compiler.said));
            with.env.extend(compiler.env(plan.profile.value));
        }
        Ok(Self { with, said })
    }
}

/// The nightly, when it is there with the standard library's source.
fn nightly() -> Result<String, Report> {
    let missing = |what: &str| {
        Report::error(format!("nothing here compiles for `{TRIPLE}`: {what}"))
            .help(format!("install the standard library for it with `rustup target add {TRIPLE}`"))
            .help("or a nightly with its source: `rustup toolchain install nightly --component rust-src`")
    };
    let ask = |args: &[&str]| {
        let output = Command::new("rustup")
            .args(["run", NIGHTLY, "rustc"])
            .args(args)
            .output();
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
            return Ok(Self {
                said: format!("{compiler} ({CC})"),
                compiler,
                archiver: std::env::var(AR).ok(),
            });
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
            .help("what was said of it stands above"),
    )
}

/// The glue as a function: each call gives a fresh set of functions, for an instance of its own, which `Instance` makes. Objects of
/// the glue that are collected need not be freed: their instance goes with them.
fn as_function(script: &str) -> String {
    format!(
        "// Made by wasm-bindgen. Each call makes what one instance of the module needs.\n\
         export function makeGlue({{ Instance }}) {{\n\
         const FinalizationRegistry = undefined;\n\
         const WebAssembly = {{ Instance, Module: globalThis.WebAssembly.Module }};\n\
         {script}\n\
         return wasm_bindgen;\n\
         }}\n"
    )
}

/// The declarations of what scripts can use: those of the same runtime for this machine.
fn types(plan: &Plan, locked: bool) -> Result<String, Report> {
    let native = Plan {
        target: Target::Native,
        npm: None,
        triples: vec![chosen("host".to_owned())],
        profile: chosen(Profile::Debug),
        ..plan.clone()
    };
    let told = dist::ask(&host_binary(&native, locked)?, native.app.is_some())?;
    dist::types(plan, &told.types)
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
    render::fill(
        include_str!("../../../templates/wasm/README.md.jinja"),
        context!(name => &npm.name, about, web),
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

/// Makes a runtime of the package. Why it could not be tried, if so.
fn try_out(package: &Path) -> Result<Option<String>, Report> {
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
        "the package was built, but no runtime can be made of it:\n{}",
        said.trim()
    ))
    .help("what was in `dist/` before is still there"))
}

fn require_budget(plan: &Plan, package: &Package) -> Result<(), Report> {
    let Some(budget) = plan
        .budget
        .as_ref()
        .filter(|budget| package.bytes > budget.value)
    else {
        return Ok(());
    };
    Err(Report::error(format!(
        "the module of `{}` has {} bytes, which is {} more than its budget ({})",
        plan.name,
        package.bytes,
        package.bytes - budget.value,
        budget.why
    )))
}
