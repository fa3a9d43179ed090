//! `dist/<name>/android/`: a library for each ABI, the AAR with the Java API, and commands where they are asked for.
//!
//! The boundary: this file says what is made and in which order; each part is made by a file of its own. Suggested reading order: this
//! file, `backend`, `bare`, then `check`, and for the archives `java`, `zip`.

mod backend;
mod bare;
mod check;
pub(crate) mod java;
mod zip;

use std::fs;
use std::path::{Path, PathBuf};

use minijinja::context;

use super::Drive;
use super::cargo::{Build, Last};
use super::digest::{gzipped, sha256};
use super::dist;
use super::manifest::{AbiRow, AndroidRow, BinaryRow, Facts, FileRow, Manifest};
use crate::diagnostics::Report;
use crate::files::{self, Staging, failed, make_folder, replace};
use crate::machine::android::javac::{self, Javac};
use crate::machine::android::ndk::Ndk;
use crate::machine::target_dir;
use crate::machine::toolchain::{Toolchain, nightly_with_source};
use crate::plan::{AndroidPlan, Plan};
use crate::render::{self, template, text, word, words};
use crate::size;
use crate::size::history::{self, Entry};
use crate::spec::android::OLDEST_SDK;
use crate::spec::{Abi, Artifact, Target};
use backend::Backend;
use check::Wanted;

/// Puts the classes of the Java API and of the tests in `tests` into `classes/` below `place`, and `library` under the name by which
/// they load it.
pub(crate) fn testable(
    plan: &Plan,
    library: &Path,
    tests: &Path,
    place: &Path,
) -> Result<(), Report> {
    let javac = Javac::find().map_err(|why| Report::error(why).help(javac::GET))?;
    javac.compile(plan, place)?;
    javac.compile_tests(tests, place)?;
    let named = place.join(java::library_name(plan));
    files::copy("the library", library, &named)
}

/// Whether there is an NDK, and so a C compiler for phones.
pub(crate) fn has_ndk() -> Result<bool, Report> {
    Ok(Ndk::find(&|name| std::env::var_os(name), OLDEST_SDK)?.is_some())
}

/// An error where nothing compiles for today's phones.
pub(crate) fn cannot_build(toolchain: &Toolchain) -> Result<(), Report> {
    let triple = Abi::Arm64V8a.triple();
    match Ndk::find(&|name| std::env::var_os(name), OLDEST_SDK)? {
        Some(_) if toolchain.has_target(triple) => Ok(()),
        _ => nightly_with_source(triple).map(drop),
    }
}

/// What stands in `dist/`.
#[derive(Debug)]
pub(crate) struct Package {
    /// The folder.
    pub(crate) folder: PathBuf,
    /// What is in it.
    pub(crate) manifest: Manifest,
    /// The build before that was another.
    pub(crate) before: Option<Entry>,
    /// Why the AAR was not made, where it should have been.
    pub(crate) no_aar: Option<String>,
    /// Whether the spec itself asks for the AAR.
    pub(crate) is_aar_asked: bool,
}

impl Package {
    /// What is in it of Android's.
    pub(crate) fn android(&self) -> &AndroidRow {
        let row = self.manifest.android.as_ref();
        row.expect("a package for Android says what it has")
    }

    /// The page of the bytes of the first library.
    pub(crate) fn page(&self) -> PathBuf {
        self.folder.join(dist::PAGE)
    }
}

/// What was linked for an ABI, and is in the folder.
struct Made {
    abi: Abi,
    /// Where it is, with its symbols.
    named: PathBuf,
    row: FileRow,
    bytes: Vec<u8>,
    stripped: bool,
}

/// Compiles, and puts everything into `dist/`.
pub(crate) fn build(plan: &Plan, locked: bool) -> Result<Package, Report> {
    let android = plan
        .android
        .as_ref()
        .expect("a plan for this target says what is made");
    let folder = dist::place(plan);
    // A folder that cannot be written is found before minutes of compiling, and so is a missing toolchain.
    let staging = Staging::open("what is built for Android", &folder)?;
    let place = staging.folder();
    let toolchain = Toolchain::find()?;
    let backends = probe(plan, android, &toolchain)?;
    let javac = android.makes(Artifact::Aar).then(Javac::find);
    // Before this build begins: both write below the same folder, and wait for each other.
    let told = dist::ask_host(plan, locked)?;
    let mut lock = String::new();
    let mut libraries = Vec::new();
    if android.makes(Artifact::So) || android.makes(Artifact::Aar) {
        let drive = Drive::start(plan, locked)?;
        libraries = link(&drive, &backends, place, Kind::Library)?;
        lock = digest_of_lock(&drive)?;
    }
    let mut commands = Vec::new();
    if android.makes(Artifact::Bin) {
        // The command is that of the target `native`.
        let native = Plan {
            target: Target::Native,
            android: None,
            ..plan.clone()
        };
        let drive = Drive::start(&native, locked)?;
        commands = link(&drive, &backends, place, Kind::Command)?;
        if lock.is_empty() {
            lock = digest_of_lock(&drive)?;
        }
    }
    let mut aar = None;
    let mut no_aar = None;
    match javac {
        Some(Ok(javac)) => aar = Some(archive(plan, android, &javac, &libraries, place)?),
        Some(Err(why)) => no_aar = Some(why),
        None => {}
    }
    let is_for_tests = backends.iter().any(Backend::is_for_tests);
    write(
        place,
        dist::TYPES,
        dist::types(plan, &told.types)?.as_bytes(),
    )?;
    let words = readme(plan, android, aar.is_some(), is_for_tests);
    write(place, "README.md", words.as_bytes())?;
    let first = libraries.iter().chain(&commands).next();
    let first = first.expect("a spec makes something");
    let facts = Facts {
        triple: first.abi.triple().to_owned(),
        engine_version: told.engine_version,
        binary: BinaryRow {
            file: first.row.file.clone(),
            bytes: first.row.bytes,
            gzipped: first.row.gzipped,
            brotli: None,
            sha256: first.row.sha256.clone(),
            stripped: first.stripped,
        },
        size: size::attribute(
            &first.named,
            &place.join(&first.row.file),
            &dist::subject(plan),
        )?,
        rustc: toolchain.rustc.clone(),
        backend: Some(backends[0].said.clone()),
        lock,
    };
    let mut manifest = Manifest::of(plan, facts);
    let of = |made: &[Made], abi| {
        let row = made.iter().find(|made| made.abi == abi);
        row.map(|made| made.row.clone())
    };
    let abis = backends.iter().map(|backend| AbiRow {
        abi: backend.abi.word().to_owned(),
        triple: backend.abi.triple().to_owned(),
        backend: backend.said.clone(),
        library: of(&libraries, backend.abi),
        command: of(&commands, backend.abi),
    });
    manifest.android = Some(AndroidRow {
        package: android.package.value.clone(),
        min_sdk: android.min_sdk.value,
        fit_for: if is_for_tests { "testing" } else { "release" }.to_owned(),
        abis: abis.collect(),
        aar,
    });
    for made in &libraries {
        let mut one = manifest.clone();
        one.binary.bytes = made.row.bytes;
        dist::require_budget(plan, &one)?;
    }
    let json = serde_json::to_string_pretty(&manifest).map_err(|error| {
        Report::error(format!("tailor's bug: cannot write the manifest: {error}"))
    })?;
    write(place, dist::MANIFEST, (json + "\n").as_bytes())?;
    let sizes = super::place_of(plan).join("sizes.json");
    let now = Entry::of(&manifest.size, &manifest.triple, &manifest.profile);
    let before = history::before(&history::read(&sizes), &now).cloned();
    let page = size::page(plan, &manifest.size, &now, before.as_ref());
    write(place, dist::PAGE, page.as_bytes())?;
    staging.finish()?;
    history::remember(&sizes, now)?;
    Ok(Package {
        folder,
        manifest,
        before,
        no_aar,
        is_aar_asked: android.is_aar_asked,
    })
}

/// The folders of the libraries, with and without their symbols, and of the commands.
const LIBRARIES: &str = "jniLibs";
const SYMBOLS: &str = "symbols";
const COMMANDS: &str = "bin";

fn write(place: &Path, path: &str, contents: &[u8]) -> Result<(), Report> {
    replace("what is built for Android", &place.join(path), contents).map(drop)
}

/// What compiles for each ABI of the plan.
fn probe(
    plan: &Plan,
    android: &AndroidPlan,
    toolchain: &Toolchain,
) -> Result<Vec<Backend>, Report> {
    let stubs = target_dir(&plan.workspace).join("tailor/android");
    let backend = |abi| Backend::probe(plan, abi, android.min_sdk.value, toolchain, &stubs);
    let abis = android.abis.iter().map(|abi| abi.value);
    let backends = abis.map(backend).collect::<Result<Vec<_>, _>>()?;
    for backend in &backends {
        eprintln!("compiling for {} with {}", backend.abi.word(), backend.said);
        if backend.is_for_tests() {
            eprintln!(
                "this is fit for testing, not for release: a panic ends the app; releases take the NDK"
            );
        }
    }
    Ok(backends)
}

/// What is linked of a generated crate.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Library,
    Command,
}

/// Compiles for each ABI, and puts what is linked into the package, with and without its symbols.
fn link(
    drive: &Drive<'_>,
    backends: &[Backend],
    place: &Path,
    kind: Kind,
) -> Result<Vec<Made>, Report> {
    let plan = drive.plan;
    let link_one = |backend: &Backend| {
        let abi = backend.abi.word();
        let (folder, name, last) = match kind {
            Kind::Library => {
                let name = java::library_name(plan);
                let last = backend.library(&name);
                (LIBRARIES, name, last)
            }
            Kind::Command => (COMMANDS, plan.name.clone(), backend.command(&plan.name)),
        };
        let linked = compile(drive, backend, &last)?;
        let named = place.join(SYMBOLS).join(abi).join(&name);
        files::copy("what has the symbols", &linked, &named)?;
        let file = format!("{folder}/{abi}/{name}");
        let soname = (kind == Kind::Library).then_some(name.as_str());
        let (bytes, stripped) = ship(drive, backend, &linked, &place.join(&file), soname)?;
        Ok(Made {
            abi: backend.abi,
            named,
            row: row_of(file, &bytes),
            bytes,
            stripped,
        })
    };
    backends.iter().map(link_one).collect()
}

fn digest_of_lock(drive: &Drive<'_>) -> Result<String, Report> {
    let lock = drive.krate().join("Cargo.lock");
    let lock = fs::read(&lock).map_err(|error| failed("read the lock file", &lock, &error))?;
    Ok(sha256(&lock))
}

fn compile(drive: &Drive<'_>, backend: &Backend, last: &Last) -> Result<PathBuf, Report> {
    let krate = drive.krate();
    let build = Build {
        plan: drive.plan,
        krate: &krate,
        profile: drive.plan.profile.value,
        triple: Some(backend.abi.triple()),
        with: Some(&backend.with),
        last: Some(last),
        // A folder of its own: another toolchain would have the workspace's compiled anew each time.
        target_dir: &drive.target_dir.join("android"),
        locked: drive.locked,
    };
    build.run()
}

/// Puts a file into the package when Android would load it; without its symbols, if a program can take them out.
fn ship(
    drive: &Drive<'_>,
    backend: &Backend,
    linked: &Path,
    to: &Path,
    soname: Option<&str>,
) -> Result<(Vec<u8>, bool), Report> {
    if let Some(folder) = to.parent() {
        make_folder("what is built for Android", folder)?;
    }
    let stripped = drive.toolchain.strip(linked, to)?;
    if !stripped {
        eprintln!(
            "symbols stay in `{}`: no program that takes them out was found, see `cargo xtask doctor`",
            linked.file_name().unwrap_or_default().display()
        );
    }
    let bytes = fs::read(to).map_err(|error| failed("read", to, &error))?;
    let wanted = Wanted {
        abi: backend.abi,
        soname,
        symbols: &backend.symbols,
    };
    let wrong = check::judge(&bytes, &wanted);
    if wrong.is_empty() {
        return Ok((bytes, stripped));
    }
    let what = soname.unwrap_or("the command");
    let abi = backend.abi.word();
    let words = wrong.iter().map(|said| format!("  {said}\n"));
    Err(Report::error(format!(
        "Android would not load `{what}` for {abi}:\n{}",
        words.collect::<String>().trim_end()
    ))
    .help("what was in `dist/` before is still there"))
}

fn row_of(file: String, bytes: &[u8]) -> FileRow {
    FileRow {
        file,
        bytes: bytes.len() as u64,
        gzipped: gzipped(bytes),
        sha256: sha256(bytes),
    }
}

/// Makes the AAR, and the folder that is a repository of Maven's.
fn archive(
    plan: &Plan,
    android: &AndroidPlan,
    javac: &Javac,
    made: &[Made],
    place: &Path,
) -> Result<FileRow, Report> {
    let work = super::place_of(plan).join("android-java");
    let classes = javac.compile(plan, &work)?;
    let libraries = made.iter().map(|made| (made.abi.word(), &*made.bytes));
    let aar = java::aar(plan, android, &classes, libraries);
    let pom = java::pom(plan, android);
    let file = format!("{}.aar", plan.name);
    write(place, &file, &aar)?;
    write(place, &format!("{}.pom", plan.name), pom.as_bytes())?;
    let path = format!("maven/{}", java::maven_path(plan, android));
    write(place, &format!("{path}.aar"), &aar)?;
    write(place, &format!("{path}.pom"), pom.as_bytes())?;
    let sources: Vec<(String, Vec<u8>)> = java::sources_of(plan)?
        .into_iter()
        .map(|(path, text)| (path, text.into_bytes()))
        .collect();
    write(place, &format!("{path}-sources.jar"), &java::jar(&sources))?;
    Ok(row_of(file, &aar))
}

pub(crate) fn readme(
    plan: &Plan,
    android: &AndroidPlan,
    has_aar: bool,
    is_for_tests: bool,
) -> String {
    let about = match plan.description.as_str() {
        "" => {
            "A JavaScript runtime for apps: it runs scripts, and gives them nothing but what you do."
        }
        about => about,
    };
    let abis: Vec<&str> = android.abis.iter().map(|abi| abi.value.word()).collect();
    render::fill(
        template!("android/README.md.jinja"),
        context!(
            name => word(&plan.name),
            about => text(about),
            version => word(&plan.version),
            package => word(&android.package.value),
            min_sdk => android.min_sdk.value,
            abis => words(abis),
            has_libraries => android.makes(Artifact::So) || android.makes(Artifact::Aar),
            has_commands => android.makes(Artifact::Bin),
            has_aar,
            is_for_tests,
        ),
    )
}
