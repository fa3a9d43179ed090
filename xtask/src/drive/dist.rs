//! `dist/<name>/native/<triple>/`: the binary, its declarations, its manifest, and the page of its bytes.
//!
//! The folder stands beside the spec. It is filled aside and put in place whole, so that a failure leaves the one before.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use runtime_core::engine::capabilities::engine;
use serde::Deserialize;

use super::digest::{gzipped, sha256};
use super::manifest::{BinaryRow, Facts, Manifest};
use super::{Drive, host_binary, release};
use crate::diagnostics::{Diagnostic, Report};
use crate::files::{Staging, failed, replace};
use crate::native::ident;
use crate::plan::{Chosen, ModuleOrigin, Plan};
use crate::size::history::{self, Entry};
use crate::size::{self, Group, SizeReport, Subject};
use crate::spec::{Profile, Target};
use crate::text::grouped;

/// The files beside the binary.
pub(super) const TYPES: &str = "runtime.d.ts";
pub(super) const MANIFEST: &str = "manifest.json";
pub(super) const PAGE: &str = "size.html";

/// How many of the largest parts an exceeded budget lists.
const CONTRIBUTORS: usize = 6;

/// What stands in `dist/` for one triple.
#[derive(Debug)]
pub(crate) struct Packed {
    /// The folder.
    pub(crate) folder: PathBuf,
    /// What is in it.
    pub(crate) manifest: Manifest,
    /// The build before that was another.
    pub(crate) before: Option<Entry>,
    /// Whether it stood there already.
    pub(crate) is_unchanged: bool,
}

impl Packed {
    /// The binary.
    pub(crate) fn binary(&self) -> PathBuf {
        self.folder.join(&self.manifest.binary.file)
    }

    /// The page of its bytes.
    pub(crate) fn page(&self) -> PathBuf {
        self.folder.join(PAGE)
    }
}

/// Compiles for every triple of the plan and puts the results into `dist/`.
pub(crate) fn build(plan: &Plan, locked: bool) -> Result<Vec<Packed>, Report> {
    let drive = Drive::start(plan, locked)?;
    let mut triples: Vec<&str> = plan
        .triples
        .iter()
        .map(|said| drive.toolchain.triple(&said.value))
        .collect();
    let mut seen = Vec::new();
    triples.retain(|triple| {
        !seen.contains(triple) && {
            seen.push(*triple);
            true
        }
    });
    let built: Result<Vec<Packed>, Report> = triples
        .into_iter()
        .map(|triple| build_one(&drive, triple))
        .collect();
    let built = built?;
    if let Some(first) = built.first() {
        let path = first.folder.join(TYPES);
        refresh_types(plan, || {
            fs::read_to_string(&path)
                .map_err(|error| failed("read the declarations", &path, &error))
        })?;
    }
    Ok(built)
}

fn build_one(drive: &Drive<'_>, triple: &str) -> Result<Packed, Report> {
    let plan = drive.plan;
    let folder = place(plan).join(triple);
    // A folder that cannot be written is found before minutes of compiling, which leave nothing behind when they are interrupted.
    drop(Staging::open("what is built", &folder)?);
    let linked = drive.compile(triple, plan.profile.value)?;
    let stamp = Stamp::of(drive, triple, &linked, &folder);
    let sizes = drive.place.join("sizes.json");
    if let Some(manifest) = stamp.unchanged(&folder) {
        let now = Entry::of(&manifest.size, triple, &manifest.profile);
        let before = history::before(&history::read(&sizes), &now).cloned();
        return Ok(Packed {
            folder,
            manifest,
            before,
            is_unchanged: true,
        });
    }
    let staging = Staging::open("what is built", &folder)?;
    let manifest = fill(drive, triple, &linked, staging.folder())?;
    require_budget(plan, &manifest)?;
    let now = Entry::of(&manifest.size, triple, &manifest.profile);
    let before = history::before(&history::read(&sizes), &now).cloned();
    let page = size::page(plan, &manifest.size, &now, before.as_ref());
    replace(
        "the page of sizes",
        &staging.folder().join(PAGE),
        page.as_bytes(),
    )?;
    staging.finish()?;
    stamp.write()?;
    history::remember(&sizes, now)?;
    Ok(Packed {
        folder,
        manifest,
        before,
        is_unchanged: false,
    })
}

/// `dist/<name>/<target>` beside the spec.
pub(crate) fn place(plan: &Plan) -> PathBuf {
    let beside = plan.spec.parent().unwrap_or(&plan.workspace);
    beside
        .join("dist")
        .join(&plan.name)
        .join(plan.target.name())
}

/// Fills the folder, the page aside.
fn fill(drive: &Drive<'_>, triple: &str, linked: &Path, folder: &Path) -> Result<Manifest, Report> {
    let plan = drive.plan;
    let file = linked
        .file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned();
    let binary = folder.join(&file);
    // A debug build keeps its symbols: they are what it is for.
    let stripped = match plan.profile.value {
        Profile::Debug => {
            fs::copy(linked, &binary)
                .map_err(|error| failed("write the binary", &binary, &error))?;
            false
        }
        Profile::Size | Profile::Speed => drive.toolchain.strip(linked, &binary)?,
    };
    let bytes = fs::read(&binary).map_err(|error| failed("read the binary", &binary, &error))?;
    let told = if triple == drive.toolchain.host {
        ask(linked, plan.app.is_some())?
    } else {
        // A binary for another machine cannot be asked; one for this machine has the same tables.
        ask(
            &drive.compile(&drive.toolchain.host, Profile::Debug)?,
            plan.app.is_some(),
        )?
    };
    replace(
        "the declarations",
        &folder.join(TYPES),
        types(plan, &told.types)?.as_bytes(),
    )?;
    let lock = drive.krate().join("Cargo.lock");
    let lock = fs::read(&lock).map_err(|error| failed("read the lock file", &lock, &error))?;
    let facts = Facts {
        triple: triple.to_owned(),
        engine_version: told.engine_version,
        binary: BinaryRow {
            file,
            bytes: bytes.len() as u64,
            gzipped: gzipped(&bytes),
            brotli: None,
            sha256: sha256(&bytes),
            stripped,
        },
        size: size::attribute(linked, &binary, &subject(plan))?,
        rustc: release::rustc(plan, plan.profile.value, triple, &drive.toolchain)?,
        backend: None,
        lock: sha256(&lock),
    };
    let manifest = Manifest::of(plan, facts);
    let json = serde_json::to_string_pretty(&manifest).map_err(|error| {
        Report::error(format!("tailor's bug: cannot write the manifest: {error}"))
    })?;
    replace(
        "the manifest",
        &folder.join(MANIFEST),
        (json + "\n").as_bytes(),
    )?;
    Ok(manifest)
}

/// How the code of each module is found by its name.
pub(super) fn subject(plan: &Plan) -> Subject<'_> {
    let krate = ident(&plan.name);
    let prefix = |name: &str, origin: &ModuleOrigin| match origin {
        ModuleOrigin::Std { package, .. } => ident(package),
        ModuleOrigin::File { .. } => format!("{krate}::native::{}", ident(name)),
        ModuleOrigin::Crate { library, .. } => library.clone(),
    };
    Subject {
        engine: &plan.engine.kind,
        engine_c: engine(&plan.engine.kind).and_then(|engine| engine.c_code.as_ref()),
        modules: plan
            .modules
            .iter()
            .map(|module| module.name.as_str())
            .collect(),
        prefixes: plan
            .modules
            .iter()
            .map(|module| (prefix(&module.name, &module.origin), module.name.as_str()))
            .collect(),
        krate,
    }
}

/// What a binary says of itself.
#[derive(Debug)]
pub(crate) struct Told {
    /// Its declarations.
    pub(crate) types: String,
    pub(crate) engine_version: String,
}

#[derive(Deserialize)]
struct Info {
    engine: InfoEngine,
}

#[derive(Deserialize)]
struct InfoEngine {
    version: String,
}

/// What the same runtime for this machine says of itself: the declarations of what scripts can use are in its tables.
pub(crate) fn ask_host(plan: &Plan, locked: bool) -> Result<Told, Report> {
    let native = Plan {
        target: Target::Native,
        npm: None,
        android: None,
        triples: vec![chosen("host".to_owned())],
        profile: chosen(Profile::Debug),
        ..plan.clone()
    };
    ask(&host_binary(&native, locked)?, native.app.is_some())
}

fn chosen<T>(value: T) -> Chosen<T> {
    Chosen {
        value,
        why: "to be asked for its declarations".to_owned(),
    }
}

/// Asks a binary about itself.
pub(crate) fn ask(binary: &Path, has_app: bool) -> Result<Told, Report> {
    let info: Info =
        serde_json::from_str(&output(binary, has_app, "--json")?).map_err(|error| {
            Report::error(format!(
                "tailor's bug: `{} info --json` prints no such JSON: {error}",
                binary.display()
            ))
        })?;
    Ok(Told {
        types: output(binary, has_app, "--types")?,
        engine_version: info.engine.version,
    })
}

fn output(binary: &Path, has_app: bool, flag: &str) -> Result<String, Report> {
    // An app inside gets every argument but the ones that are said to be for the runtime.
    let output = Command::new(binary)
        .args(has_app.then_some("--runtime"))
        .args(["info", flag])
        .output()
        .map_err(|error| failed("ask the binary", binary, &error))?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        return Err(Report::error(format!(
            "`{} info {flag}` failed, {}: {}",
            binary.display(),
            output.status,
            said.trim()
        )));
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Brings the declarations beside the spec up to date, where there are some: `runtime.d.ts` for `runtime.toml`. They are for an editor,
/// and `cargo xtask new` begins them.
pub(crate) fn refresh_types(
    plan: &Plan,
    declarations: impl FnOnce() -> Result<String, Report>,
) -> Result<(), Report> {
    let file = plan.spec.with_extension("d.ts");
    if !file.is_file() {
        return Ok(());
    }
    replace("the declarations", &file, declarations()?.as_bytes()).map(drop)
}

/// The hand-written declarations of the selected modules, then what the binary says.
pub(crate) fn types(plan: &Plan, told: &str) -> Result<String, Report> {
    let mut out = String::new();
    for module in &plan.modules {
        let ModuleOrigin::Std { folder, .. } = &module.origin else {
            continue;
        };
        let path = folder.join("types.d.ts");
        if path.is_file() {
            let text = fs::read_to_string(&path)
                .map_err(|error| failed("read the declarations", &path, &error))?;
            out.push_str(text.trim_end());
            out.push_str("\n\n");
        }
    }
    out.push_str(told);
    Ok(out)
}

pub(super) fn require_budget(plan: &Plan, manifest: &Manifest) -> Result<(), Report> {
    let Some(budget) = &plan.budget else {
        return Ok(());
    };
    let bytes = manifest.binary.bytes;
    if bytes <= budget.value {
        return Ok(());
    }
    let largest = largest(&manifest.size);
    Err(Diagnostic::error(format!(
        "`{}` has {} bytes, which is {} more than its budget of {} ({})",
        plan.name,
        grouped(bytes),
        grouped(bytes - budget.value),
        grouped(budget.value),
        budget.why,
    ))
    .note(format!("the largest parts are\n{largest}"))
    .note("nothing was written; what `dist/` had before is still there")
    .help(
        "leave modules or engine features out, use `build.profile = \"size\"`, or raise the budget",
    )
    .into())
}

/// The largest parts that a spec can do something about first, a line each.
fn largest(report: &SizeReport) -> String {
    let mut parts: Vec<_> = report
        .parts
        .iter()
        .filter(|part| part.group != Group::File)
        .collect();
    parts.sort_by_key(|part| std::cmp::Reverse(part.bytes));
    let lines = parts.iter().take(CONTRIBUTORS).map(|part| {
        format!(
            "{:>12}  {} ({})",
            grouped(part.bytes),
            part.name,
            part.group.title()
        )
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// What a folder in `dist/` was made of: when nothing of it has changed, it stands.
#[derive(Debug)]
struct Stamp {
    path: PathBuf,
    digest: String,
}

impl Stamp {
    fn of(drive: &Drive<'_>, triple: &str, linked: &Path, folder: &Path) -> Self {
        let time = |path: &Path| {
            let data = path.metadata().ok()?;
            Some((data.len(), data.modified().ok()?))
        };
        let tailor = std::env::current_exe().ok().as_deref().and_then(time);
        let plan = serde_json::to_string(drive.plan).unwrap_or_default();
        let of = format!("{plan} {:?} {tailor:?} {folder:?}", time(linked));
        Self {
            path: drive.place.join(format!("native-{triple}.stamp")),
            digest: sha256(of.as_bytes()),
        }
    }

    /// What the folder says of itself, when it was made of the same and is whole.
    fn unchanged(&self, folder: &Path) -> Option<Manifest> {
        if fs::read_to_string(&self.path).ok()? != self.digest {
            return None;
        }
        let manifest: Manifest =
            serde_json::from_slice(&fs::read(folder.join(MANIFEST)).ok()?).ok()?;
        let binary = folder.join(&manifest.binary.file).metadata().ok()?;
        let is_whole = binary.len() == manifest.binary.bytes
            && [TYPES, PAGE].iter().all(|name| folder.join(name).is_file());
        is_whole.then_some(manifest)
    }

    fn write(&self) -> Result<(), Report> {
        replace(
            "a note about what was built",
            &self.path,
            self.digest.as_bytes(),
        )
        .map(|_| ())
    }
}
