//! The stages that act: from a plan to a binary, and from a binary to `dist/`.
//!
//! The generated crate stands in `<target folder>/tailor/<runtime>-<digest>/native/`, where the digest is that of the spec's path: two
//! projects of one name do not meet. It shares cargo's output with the workspace. Cargo
//! decides what is up to date; what is made of a binary is made again when the binary or the plan is another. Suggested reading
//! order: this file, `cargo`, `said`, `lock`, `dist`, `manifest`, then `progress`, `digest`; for packages `wasm`, `wasi`, `module`.

pub(crate) mod android;
pub(crate) mod cargo;
pub(crate) mod dist;
pub(crate) mod lock;
pub(crate) mod manifest;

pub(crate) mod digest;
mod module;
mod parts;
pub(crate) mod progress;
mod release;
mod said;
pub(crate) mod wasi;
pub(crate) mod wasm;

use std::fs::File;
use std::path::{Path, PathBuf};

use runtime_core::engine::capabilities::engine;

use crate::diagnostics::Report;
use crate::file_tree::FileTree;
use crate::files::{self, failed, make_folder, write_tree};
use crate::machine::android::javac::{self, Javac};
use crate::machine::native::{self, Compiler};
use crate::machine::toolchain::{Toolchain, in_path};
use crate::machine::{self, target_dir};
use crate::pipeline::{self, SpecArgs};
use crate::plan::Plan;
use crate::render::{self, Layout};
use crate::spec::{Profile, Target};
use cargo::Build;
use lock::Pins;

/// A runtime whose generated crate is in place, and nobody else's to write until this is dropped.
#[derive(Debug)]
pub(crate) struct Drive<'a> {
    pub(crate) plan: &'a Plan,
    pub(crate) toolchain: Toolchain,
    /// The generated crate, and what is remembered between builds: see [`place_of`].
    pub(crate) place: PathBuf,
    /// What the folder of the generated crate is called there.
    folder: &'static str,
    target_dir: PathBuf,
    locked: bool,
    _alone: File,
}

impl<'a> Drive<'a> {
    /// Writes the generated crate and its lock file.
    pub(crate) fn start(plan: &'a Plan, locked: bool) -> Result<Self, Report> {
        let tree = render::krate(plan, Layout::InPlace);
        Self::write(plan, plan.target.name(), &tree, locked)
    }

    fn write(
        plan: &'a Plan,
        folder: &'static str,
        tree: &FileTree,
        locked: bool,
    ) -> Result<Self, Report> {
        let toolchain = Toolchain::find()?;
        let target_dir = target_dir(&plan.workspace);
        let place = place_of(plan);
        let alone = alone(&target_dir, &plan.name)?;
        let krate = place.join(folder);
        write_tree(&krate, tree)?;
        let pins = Pins {
            krate: &krate,
            workspace: &plan.workspace,
            committed: lock::beside(&plan.spec),
            memory: place.join(format!("{folder}.pins")),
            adds_crates: plan.adds_crates(),
        };
        pins.prepare(locked)?;
        Ok(Self {
            plan,
            toolchain,
            place,
            folder,
            target_dir,
            locked,
            _alone: alone,
        })
    }

    /// The folder of the generated crate.
    pub(crate) fn krate(&self) -> PathBuf {
        self.place.join(self.folder)
    }

    /// Compiles for one of the plan's triples, and gives the binary with its symbols.
    pub(crate) fn compile(&self, triple: &str, profile: Profile) -> Result<PathBuf, Report> {
        let with = release::find(self.plan, profile, triple, &self.toolchain)?;
        let is_rebuilt = with.as_ref().is_some_and(|with| with.is_nightly);
        self.require_c_compiler(triple)?;
        let krate = self.krate();
        let rebuilt = self.target_dir.join("rebuilt");
        let build = Build {
            plan: self.plan,
            krate: &krate,
            profile,
            // The host's output lies where the workspace's does, so that the engine is compiled once for both.
            // With the standard library, a triple that is named: build scripts run on the host's own.
            triple: (is_rebuilt || triple != self.toolchain.host).then_some(triple),
            with: with.as_ref(),
            last: None,
            // Another toolchain would have the workspace's compiled anew each time.
            target_dir: if is_rebuilt {
                &rebuilt
            } else {
                &self.target_dir
            },
            locked: self.locked,
        };
        build.run()
    }
}

impl Drive<'_> {
    /// An error for an engine in C that nothing here can compile; cargo would say so in a page.
    fn require_c_compiler(&self, triple: &str) -> Result<(), Report> {
        let kind = &self.plan.engine.kind;
        if engine(kind).is_none_or(|engine| engine.c_code.is_none()) {
            return Ok(());
        }
        let Compiler::Missing(name) = native::compiler(triple, &self.toolchain.host) else {
            return Ok(());
        };
        Err(Report::error(format!(
            "the engine `{kind}` is written in C, and there is no C compiler for `{triple}`: no `{name}`"
        ))
        .help(native::get_linker(triple))
        .help("or choose an engine in Rust; `cargo xtask explain engine` lists them"))
    }
}

/// The folder of a runtime below that of cargo's output. Its name ends with a digest of the spec's path, as two projects may have
/// chosen one name.
pub(crate) fn place_of(plan: &Plan) -> PathBuf {
    let spec = plan.spec.canonicalize();
    let spec = spec.as_ref().unwrap_or(&plan.spec);
    let digest = digest::sha256(spec.as_os_str().as_encoded_bytes());
    target_dir(&plan.workspace)
        .join("tailor")
        .join(format!("{}-{}", plan.name, &digest[..8]))
}

/// Waits until no other build of a runtime of this name runs: cargo puts the binaries of all of them into one place.
fn alone(target_dir: &Path, name: &str) -> Result<File, Report> {
    let folder = target_dir.join("tailor");
    make_folder("the generated crate", &folder)?;
    let path = folder.join(format!("{name}.lock"));
    let file = File::create(&path).map_err(|error| failed("open", &path, &error))?;
    if file.try_lock().is_err() {
        eprintln!("waiting for another build of a runtime named `{name}`");
        file.lock().map_err(|error| failed("lock", &path, &error))?;
    }
    Ok(file)
}

/// Compiles for this machine, and gives the binary with its symbols: what `run` and the tests start.
pub(crate) fn host_binary(plan: &Plan, locked: bool) -> Result<PathBuf, Report> {
    let drive = Drive::start(plan, locked)?;
    drive.compile(&drive.toolchain.host, plan.profile.value)
}

/// Builds the runtime of a spec on one kind of engine, in the spec's profile, and gives its binary, which
/// stays when the same runtime is built on another engine. An error is the text that a user sees.
pub fn build_for_tests(spec: &Path, engine: &str) -> Result<PathBuf, String> {
    let args = SpecArgs {
        spec: Some(spec.to_owned()),
        set: vec![format!("engine.kind={engine}")],
        ..SpecArgs::default()
    };
    let built = pipeline::load(&args).and_then(|checked| {
        let plan = checked.plan();
        let drive = Drive::start(&plan, false)?;
        let binary = drive.compile(&drive.toolchain.host, plan.profile.value)?;
        keep(&binary, &drive.place.join(engine))
    });
    built.map_err(|report| report.render(false))
}

/// Builds the npm package of a spec on one kind of engine, and with more set in the spec, as `cargo xtask build --target wasm` does,
/// and gives its folder, which stays when the same package is built on another engine. An error is the text that a user sees.
pub fn package_for_tests(spec: &Path, engine: &str, set: &[&str]) -> Result<PathBuf, String> {
    let mut all = vec![format!("engine.kind={engine}")];
    all.extend(set.iter().map(|&set| set.to_owned()));
    let args = SpecArgs {
        spec: Some(spec.to_owned()),
        set: all,
        target: Target::Wasm,
        ..SpecArgs::default()
    };
    let built = pipeline::load(&args).and_then(|checked| {
        let plan = checked.plan();
        let package = wasm::build(&plan, false)?;
        let kept = place_of(&plan).join(engine).join("package");
        files::copy_folder("the package", &package.folder, &kept, &[])?;
        Ok(kept)
    });
    built.map_err(|report| report.render(false))
}

/// Builds the library that a spec has for Android, for this machine and on one kind of engine, with the classes of its Java API and of
/// the tests in `tests`. Gives the folder of the library, with `classes/` in it, which stays when the same is built on another engine.
/// An error is the text that a user sees.
pub fn java_for_tests(spec: &Path, engine: &str, tests: &Path) -> Result<PathBuf, String> {
    let args = SpecArgs {
        spec: Some(spec.to_owned()),
        set: vec![format!("engine.kind={engine}")],
        target: Target::Android,
        ..SpecArgs::default()
    };
    let built = pipeline::load(&args).and_then(|checked| library_for_java(&checked.plan(), tests));
    built.map_err(|report| report.render(false))
}

/// The same of a plan.
pub(crate) fn library_for_java(plan: &Plan, tests: &Path) -> Result<PathBuf, Report> {
    let drive = Drive::start(plan, false)?;
    let library = drive.compile(&drive.toolchain.host, plan.profile.value)?;
    let folder = drive.place.join(&plan.engine.kind).join("java");
    android::testable(plan, &library, tests, &folder)?;
    Ok(folder)
}

/// Why no Java is compiled and run here, if so.
pub fn cannot_run_java() -> Option<String> {
    let help = javac::GET;
    let no_compiler = Javac::find().err();
    let no_machine = in_path("java").is_none();
    let why = no_compiler.or(no_machine.then(|| "there is no `java`".to_owned()))?;
    Some(format!("{why}; {help}"))
}

/// What a spec calls its runtime, and the kind of its engine. An error is the text that a user sees.
pub fn name_and_engine(spec: &Path) -> Result<(String, String), String> {
    let args = SpecArgs {
        spec: Some(spec.to_owned()),
        target: Target::Wasm,
        ..SpecArgs::default()
    };
    let checked = pipeline::load(&args).map_err(|report| report.render(false))?;
    let plan = checked.plan();
    Ok((plan.name, plan.engine.kind))
}

/// Why no page can be tried in a browser here, if so.
pub fn cannot_browse() -> Option<String> {
    match in_path("chromedriver") {
        Some(_) => None,
        None => Some(
            "there is no `chromedriver`; `apt-get install chromium chromium-driver` gets it and a browser"
                .to_owned(),
        ),
    }
}

/// Why no package can be built on one kind of engine and tried here, if so.
pub fn cannot_package(kind: &str) -> Option<String> {
    if in_path("node").is_none() {
        return Some("there is no `node`".to_owned());
    }
    let needs_c = engine(kind).is_some_and(|engine| engine.c_code.is_some());
    let toolchain = Toolchain::find().ok()?;
    let report = machine::wasm::find(&toolchain, needs_c, Profile::Size).err()?;
    Some(reason(report))
}

/// Why no command for hosts of WASI can be built on one kind of engine and tried here, if so.
pub fn cannot_command(kind: &str) -> Option<String> {
    let cannot = cannot_package(kind);
    if cannot.is_some() {
        return cannot;
    }
    let needs_c = engine(kind).is_some_and(|engine| engine.c_code.is_some());
    let toolchain = Toolchain::find().ok()?;
    let report = machine::wasi::find(&toolchain, needs_c, Profile::Size, Path::new("")).err()?;
    Some(reason(report))
}

/// What an error says, and what would mend it.
fn reason(report: Report) -> String {
    let Some(said) = report.diagnostics.into_iter().next() else {
        return String::new();
    };
    let help = said.help.into_iter().next().unwrap_or_default();
    format!("{}; {help}", said.message)
}

/// Why nothing can be built for today's phones here, if so: neither by the NDK nor without it.
pub fn cannot_build_for_android() -> Option<String> {
    let toolchain = Toolchain::find().ok()?;
    let report = android::cannot_build(&toolchain).err()?;
    let said = report.diagnostics.into_iter().next()?;
    let help = said.help.into_iter().next().unwrap_or_default();
    Some(format!("{}; {help}", said.message))
}

/// Why no archive for Android is made here, if so.
pub fn cannot_archive_for_android() -> Option<String> {
    let why = Javac::find().err()?;
    Some(format!("{why}; {}", javac::GET))
}

/// Why no command for Android is run here, if so.
pub fn cannot_run_for_android() -> Option<String> {
    if std::env::var_os("TAILOR_ANDROID_SYSROOT").is_none() {
        return Some(
            "TAILOR_ANDROID_SYSROOT names no folder with Android's `system/bin/linker64`"
                .to_owned(),
        );
    }
    let names = ["qemu-aarch64", "qemu-aarch64-static"];
    let found = names.iter().any(|name| in_path(name).is_some());
    (!found).then(|| "there is no `qemu-aarch64`; `apt-get install qemu-user` gets it".to_owned())
}

/// Puts a binary where no later build of cargo's replaces it.
fn keep(binary: &Path, folder: &Path) -> Result<PathBuf, Report> {
    make_folder("the binary", folder)?;
    let kept = folder.join(binary.file_name().unwrap_or_default());
    if kept.exists() {
        std::fs::remove_file(&kept).map_err(|error| failed("replace", &kept, &error))?;
    }
    std::fs::hard_link(binary, &kept)
        .or_else(|_| std::fs::copy(binary, &kept).map(|_| ()))
        .map_err(|error| failed("keep the binary", &kept, &error))?;
    Ok(kept)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn projects_of_one_name_have_folders_of_their_own() {
        let folder = tempfile::tempdir().expect("a folder can be made");
        let place = |project: &str| {
            let spec = folder.path().join(project).join("runtime.toml");
            std::fs::create_dir_all(folder.path().join(project)).expect("a folder can be made");
            let text = "schema = 1\n[runtime]\nname = \"app\"\n";
            std::fs::write(&spec, text).expect("a file can be written");
            let args = SpecArgs {
                spec: Some(spec),
                ..SpecArgs::default()
            };
            let checked = pipeline::load(&args).expect("the spec holds");
            place_of(&checked.plan())
        };
        let (one, other) = (place("one"), place("other"));
        assert_ne!(one, other);
        assert_eq!(one, place("one"));
        let name = one.file_name().expect("a name").to_string_lossy();
        assert!(name.starts_with("app-") && name.len() == 12, "{name}");
    }
}
