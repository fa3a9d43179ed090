//! What is measured: runtimes of ours, built as a user builds them, and the program that they are compared with.
//!
//! The boundary: `templates/bench/` in, binaries out, all in `<target folder>/tailor-bench/`.

use std::cell::{OnceCell, RefCell};
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::rc::Rc;

use minijinja::context;

use super::peers::{PEERS, Peer};
use crate::diagnostics::Report;
use crate::drive::manifest::BinaryRow;
use crate::drive::{android, dist, library_for_java, wasm};
use crate::files::{copy_folder, failed, replace};
use crate::machine::target_dir;
use crate::machine::toolchain::{Toolchain, cargo};
use crate::pipeline::{self, SpecArgs};
use crate::plan::Plan;
use crate::render::{Code, Language, Template, dependency, fill, template, word};
use crate::spec::Target;

/// What writes of these files are for.
const INTENT: &str = "a file of the benchmark";

/// The programs; each is built when it is first asked for.
#[derive(Debug)]
pub(super) struct Programs {
    workspace: PathBuf,
    target: PathBuf,
    toolchain: Toolchain,
    built: RefCell<HashMap<String, Rc<Path>>>,
    page: OnceCell<Page>,
}

/// What is measured in Node and in a page.
#[derive(Debug)]
pub(super) struct Page {
    /// The folder that it is served from.
    pub(super) folder: PathBuf,
    /// The module of the package of each engine.
    pub(super) packages: Vec<(&'static str, BinaryRow)>,
}

/// The files that measure in a page.
const PAGE: &[(&str, &str)] = &[
    (
        "index.html",
        include_str!("../../../templates/bench/page/index.html"),
    ),
    (
        "measure.js",
        include_str!("../../../templates/bench/page/measure.js"),
    ),
    (
        "package.json",
        include_str!("../../../templates/bench/page/package.json"),
    ),
    (
        "run.mjs",
        include_str!("../../../templates/bench/page/run.mjs"),
    ),
];

/// A runtime to measure: a template, and what fills its blanks.
#[derive(Clone, Copy, Debug)]
pub(super) struct Runtime {
    name: &'static str,
    template: Template<'static>,
    limits: &'static str,
    bytecode: bool,
}

impl Runtime {
    /// The smallest one that can say hello.
    pub(super) const MINIMAL: Self = Self {
        name: "minimal",
        template: template!("bench/minimal.toml.jinja"),
        limits: "",
        bytecode: false,
    };
    /// The same, with its scripts in a process of their own.
    pub(super) const ISOLATED: Self = Self {
        name: "isolated",
        limits: "isolation = \"process\"",
        ..Self::MINIMAL
    };
    /// One with native functions, timers and files.
    pub(super) const NATIVES: Self = Self {
        name: "natives",
        template: template!("bench/natives.toml.jinja"),
        ..Self::MINIMAL
    };
    /// One with an app inside, which is parsed at each start.
    pub(super) const PARSED: Self = Self {
        name: "parsed",
        template: template!("bench/app.toml.jinja"),
        ..Self::MINIMAL
    };
    /// One with the same app, compiled when it is built.
    pub(super) const COMPILED: Self = Self {
        name: "compiled",
        bytecode: true,
        ..Self::PARSED
    };

    /// [`Runtime::NATIVES`] under limits.
    pub(super) const fn limited(name: &'static str, limits: &'static str) -> Self {
        Self {
            name,
            limits,
            ..Self::NATIVES
        }
    }
}

/// A script that both sides run.
#[derive(Clone, Copy, Debug)]
pub(super) struct Script {
    name: &'static str,
    text: &'static str,
}

impl Script {
    /// Its file.
    pub(super) const fn name(self) -> &'static str {
        self.name
    }
}

macro_rules! scripts {
    ($($name:ident: $file:literal, $doc:literal;)*) => {
        impl Script {
            $(#[doc = $doc]
            pub(super) const $name: Self = Self {
                name: $file,
                text: include_str!(concat!("../../../templates/bench/", $file)),
            };)*
        }
    };
}

scripts! {
    HELLO: "hello.js", "Says hello.";
    CALLS: "calls.js", "Times calls.";
    ASYNC: "async.js", "Times calls of what is done later.";
    PROMISES: "promises.js", "Times promises.";
    PROGRAMS: "programs.js", "Times plain JavaScript.";
    FILES: "files.js", "Times files.";
    SLEEP: "sleep.js", "Sleeps.";
}

/// How many functions the app has.
const FUNCTIONS: usize = 600;

impl Programs {
    /// None is built yet.
    pub(super) fn new(toolchain: Toolchain) -> Self {
        let workspace = pipeline::workspace();
        Self {
            target: target_dir(&workspace),
            workspace,
            toolchain,
            built: RefCell::default(),
            page: OnceCell::new(),
        }
    }

    /// The program around the engine alone.
    pub(super) fn bare(&self, peer: &Peer) -> Result<Rc<Path>, Report> {
        self.once(format!("bare-{}", peer.engine), || {
            let line = Code::ours(Language::Toml, peer.dependency);
            self.build_program(&format!("bare-{}", peer.engine), line, peer.main)
        })
    }

    /// A runtime of ours.
    pub(super) fn runtime(&self, peer: &Peer, runtime: Runtime) -> Result<Rc<Path>, Report> {
        self.once(format!("{}-{}", peer.engine, runtime.name), || {
            let app = template!("bench/app.js.jinja");
            let files = [
                (
                    "native.rs",
                    include_str!("../../../templates/bench/native.rs").to_owned(),
                ),
                ("app/main.js", fill(app, context!(count => FUNCTIONS))),
            ];
            for (name, text) in &files {
                self.write(&format!("{}/{name}", folder(peer, runtime)), text)?;
            }
            self.build(&self.spec(peer, runtime)?)
        })
    }

    /// The spec of a runtime.
    pub(super) fn spec(&self, peer: &Peer, runtime: Runtime) -> Result<PathBuf, Report> {
        let Runtime {
            name,
            template,
            limits,
            bytecode,
        } = runtime;
        let engine = peer.engine;
        self.write(
            &format!("{}/runtime.toml", folder(peer, runtime)),
            &fill(
                template,
                context!(
                    engine => word(engine),
                    name => word(name),
                    limits => (!limits.is_empty()).then(|| Code::ours(Language::Toml, limits)),
                    bytecode,
                ),
            ),
        )
    }

    /// A spec whose module `fs`, the largest there is, is on or off.
    pub(super) fn toggled_spec(&self, fs: bool) -> Result<PathBuf, Report> {
        let template = template!("bench/toggled.toml.jinja");
        self.write("toggled/runtime.toml", &fill(template, context!(fs)))
    }

    /// A script of the benchmark.
    pub(super) fn script(&self, script: Script) -> Result<PathBuf, Report> {
        self.write(script.name, script.text)
    }

    /// The script that sets so many timers.
    pub(super) fn timers(&self, count: u32) -> Result<PathBuf, Report> {
        let template = template!("bench/timers.js.jinja");
        self.write(
            &format!("timers-{count}.js"),
            &fill(template, context!(count)),
        )
    }

    /// The folder of the repository.
    pub(super) fn workspace(&self) -> &Path {
        &self.workspace
    }

    /// The folder in which everything lies, and programs run.
    pub(super) fn folder(&self) -> PathBuf {
        self.target.join("tailor-bench")
    }

    /// Forgets what was compiled of the module library for debugging, as if no runtime had had these modules yet. What is
    /// forgotten is only a note of cargo's that it is up to date.
    pub(super) fn forget_modules(&self) -> Result<(), Report> {
        let notes = self.target.join("debug/.fingerprint");
        let Ok(entries) = std::fs::read_dir(&notes) else {
            return Ok(());
        };
        for entry in entries.filter_map(Result::ok) {
            if entry.file_name().to_string_lossy().starts_with("module-") {
                let path = entry.path();
                std::fs::remove_dir_all(&path).map_err(|error| failed("remove", &path, &error))?;
            }
        }
        Ok(())
    }

    /// The folder of the library that Java loads on this machine, with the classes that measure it.
    pub(super) fn jvm(&self, peer: &Peer) -> Result<Rc<Path>, Report> {
        self.once(format!("jvm-{}", peer.engine), || {
            let source =
                include_str!("../../../templates/bench/jvm/java/dev/tailor/runtime/Bench.java");
            self.write("jvm/java/dev/tailor/runtime/Bench.java", source)?;
            let tests = self.folder().join("jvm/java");
            library_for_java(&self.jvm_plan(peer)?, &tests)
        })
    }

    /// The package for Android of the same spec.
    pub(super) fn for_android(&self, peer: &Peer) -> Result<android::Package, Report> {
        android::build(&self.jvm_plan(peer)?, false)
    }

    fn jvm_plan(&self, peer: &Peer) -> Result<Plan, Report> {
        let template = template!("bench/jvm/spec.toml.jinja");
        let engine = peer.engine;
        let spec = self.write(
            &format!("{engine}-jvm/runtime.toml"),
            &fill(template, context!(engine => word(engine))),
        )?;
        let args = SpecArgs {
            spec: Some(spec),
            target: Target::Android,
            ..SpecArgs::default()
        };
        Ok(pipeline::load(&args)?.plan())
    }

    /// The program that does through the embedding API what the classes do.
    pub(super) fn embedded(&self, peer: &Peer) -> Result<Rc<Path>, Report> {
        self.once(format!("embedded-{}", peer.engine), || {
            let path = self.workspace.join("runtime-core");
            let features = std::iter::once(peer.engine);
            let path = path.display().to_string();
            let dependency = dependency("runtime-core", &path, features);
            let main = include_str!("../../../templates/bench/jvm/native/main.rs");
            self.build_program(&format!("embedded-{}", peer.engine), dependency, main)
        })
    }

    /// The folder that a page is served from: what measures, and the packages of all engines.
    pub(super) fn page(&self) -> Result<&Page, Report> {
        if let Some(page) = self.page.get() {
            return Ok(page);
        }
        for (name, text) in PAGE {
            self.write(&format!("page/{name}"), text)?;
        }
        let folder = self.folder().join("page");
        let packages = PEERS.iter().map(|peer| {
            let template = template!("bench/page/spec.toml.jinja");
            let engine = peer.engine;
            let spec = self.write(
                &format!("{engine}-page/runtime.toml"),
                &fill(template, context!(engine => word(engine))),
            )?;
            let args = SpecArgs {
                spec: Some(spec),
                target: Target::Wasm,
                ..SpecArgs::default()
            };
            let package = wasm::build(&pipeline::load(&args)?.plan(), false)?;
            copy_folder(INTENT, &package.folder, &folder.join(engine), &[])?;
            Ok((engine, package.manifest.binary))
        });
        let packages = packages.collect::<Result<Vec<_>, Report>>()?;
        install(&folder)?;
        Ok(self.page.get_or_init(|| Page { folder, packages }))
    }

    fn write(&self, path: &str, text: &str) -> Result<PathBuf, Report> {
        let path = self.folder().join(path);
        replace(INTENT, &path, text.as_bytes())?;
        Ok(path)
    }

    fn once(
        &self,
        name: String,
        build: impl FnOnce() -> Result<PathBuf, Report>,
    ) -> Result<Rc<Path>, Report> {
        if let Some(path) = self.built.borrow().get(&name) {
            return Ok(Rc::clone(path));
        }
        let path: Rc<Path> = build()?.into();
        self.built.borrow_mut().insert(name, Rc::clone(&path));
        Ok(path)
    }

    fn build(&self, spec: &Path) -> Result<PathBuf, Report> {
        let args = SpecArgs {
            spec: Some(spec.to_owned()),
            ..SpecArgs::default()
        };
        let plan = pipeline::load(&args)?.plan();
        let packed = dist::build(&plan, false)?;
        let binary = packed.first().map(dist::Packed::binary);
        binary.ok_or_else(|| {
            Report::error(format!(
                "tailor's bug: the runtime of `{}` has no target",
                spec.display()
            ))
        })
    }

    /// Builds a program of one file and one dependency, as runtimes are built.
    fn build_program(&self, folder: &str, dependency: Code, main: &str) -> Result<PathBuf, Report> {
        let manifest = template!("bench/peer/Cargo.toml.jinja");
        let manifest = self.write(
            &format!("{folder}/Cargo.toml"),
            &fill(
                manifest,
                context!(
                    name => word(folder),
                    dependency,
                    profiles => Code::ours(Language::Toml, profiles()),
                ),
            ),
        )?;
        self.write(&format!("{folder}/src/main.rs"), main)?;
        let pins = self.workspace.join("Cargo.lock");
        let pins = std::fs::read_to_string(&pins)
            .map_err(|error| failed("read the lock file", &pins, &error))?;
        self.write(&format!("{folder}/Cargo.lock"), &pins)?;
        let status = Command::new(cargo())
            .args(["build", "--profile", "size", "--manifest-path"])
            .arg(&manifest)
            .current_dir(&self.workspace)
            .env("CARGO_TARGET_DIR", &self.target)
            .stdout(Stdio::null())
            .status()
            .map_err(|error| {
                Report::error(format!("cannot run `{}`: {error}", cargo().display()))
            })?;
        if !status.success() {
            return Err(Report::error(
                "cargo could not build the program that runtimes are compared with",
            )
            .help(format!(
                "what cargo said stands above; the program is `{}`",
                manifest.display()
            )));
        }
        let name = format!("{folder}{}", std::env::consts::EXE_SUFFIX);
        let stripped = manifest.with_file_name(&name);
        self.toolchain
            .strip(&self.target.join("size").join(&name), &stripped)?;
        Ok(stripped)
    }
}

/// Has npm fetch what packages are compared with.
fn install(folder: &Path) -> Result<(), Report> {
    let status = Command::new("npm")
        .args(["install", "--no-audit", "--no-fund", "--silent"])
        .current_dir(folder)
        .stdout(Stdio::null())
        .status()
        .map_err(|error| Report::error(format!("cannot run `npm`: {error}")))?;
    if status.success() {
        return Ok(());
    }
    Err(
        Report::error("npm could not install what packages are compared with").help(format!(
            "what npm said stands above; run `npm install` in `{}`",
            folder.display()
        )),
    )
}

/// The profiles of a generated crate.
fn profiles() -> &'static str {
    let manifest = include_str!("../../../templates/native/Cargo.toml.jinja");
    let start = manifest
        .find("[profile.size]")
        .expect("a generated crate has a profile for size");
    manifest[start..].trim_end()
}

fn folder(peer: &Peer, runtime: Runtime) -> String {
    format!("{}-{}", peer.engine, runtime.name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_sides_are_compiled_alike() {
        let ours = include_str!("../../../templates/native/Cargo.toml.jinja");
        assert!(
            ours.ends_with(&format!("{}\n", profiles())),
            "{}",
            profiles()
        );
        assert!(profiles().contains("opt-level = \"z\""));
    }
}
