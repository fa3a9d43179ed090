//! The flavour `wasi` of the npm package: a command for hosts of WASI, built as the native binary is.
//!
//! The boundary: what compiles for it is probed here, the crate is that of a native binary, and the files beside the module are
//! templates. It is run in `node:wasi` before it is put in place, where there is a Node to do it.

use std::path::{Path, PathBuf};
use std::process::Command;

use minijinja::context;

use super::cargo::{Build, With};
use super::clang::CCompiler;
use super::files::replace;
use super::toolchain::{Toolchain, in_path};
use super::wasm::{Backend, Module, nightly, write};
use super::{Drive, target_dir};
use crate::diagnostics::Report;
use crate::plan::Plan;
use crate::render::{self, Layout, template, text};
use crate::spec::Profile;
use crate::spec::wasm::WASI_TRIPLE;

/// What every command begins with, where the C library of WASI is.
const START: &str = "crt1-command.o";

/// Finds what compiles: the toolchain that runs, when it has the target; else a nightly with the standard library's source, and the C
/// library that it stands on.
pub(super) fn probe(plan: &Plan, toolchain: &Toolchain) -> Result<Backend, Report> {
    let headers = target_dir(&plan.workspace).join("wasi/headers.h");
    let backend = find(toolchain, plan.engine.needs_c, plan.profile.value, &headers)?;
    if plan.engine.needs_c {
        replace(
            "what is included before the engine's C",
            &headers,
            include_bytes!("../../../templates/wasi/headers.h"),
        )?;
    }
    Ok(backend)
}

/// The same for any plan of this kind, with a file that is included before every one of an engine in C.
pub(crate) fn find(
    toolchain: &Toolchain,
    needs_c: bool,
    profile: Profile,
    headers: &Path,
) -> Result<Backend, Report> {
    let mut with = With::default();
    let mut said = if toolchain.has_target(WASI_TRIPLE) {
        format!("{}, its own standard library", toolchain.rustc)
    } else {
        let source = nightly(WASI_TRIPLE)?;
        let library = Library::find()?;
        with.is_nightly = true;
        with.args.push("-Zbuild-std=std,panic_abort".to_owned());
        let mut flags = vec![
            // What the toolchain would bring along with the target comes from the C library that was found.
            "-Clink-self-contained=no".to_owned(),
            "-Clinker=rust-lld".to_owned(),
            format!("-Lnative={}", library.objects.display()),
        ];
        if profile == Profile::Size {
            with.args
                .push("-Zbuild-std-features=optimize_for_size".to_owned());
            flags.extend(["-Zunstable-options", "-Cpanic=immediate-abort"].map(str::to_owned));
        }
        // Words apart, since a folder may have a blank in its name.
        let flags = flags.join("\u{1f}");
        with.env.push(("CARGO_ENCODED_RUSTFLAGS".to_owned(), flags));
        let start = library.objects.join(START).display().to_string();
        with.env.push(("WASI_CRT".to_owned(), start));
        let objects = library.objects.display();
        format!("{source}, with the standard library from its source on the C library in {objects}")
    };
    if needs_c {
        let library = Library::find()?;
        let compiler = CCompiler::find(WASI_TRIPLE)?;
        said.push_str(&format!("; {}", compiler.said));
        // The name that the C library was made for; newer compilers know several.
        let more = format!(
            " --target=wasm32-wasi -isystem {} -include {}",
            library.headers.display(),
            headers.display()
        );
        with.env.extend(compiler.env(profile, &more));
        // The engine's build script would download a C library otherwise.
        with.env
            .push(("RQUICKJS_SYS_NO_WASI_SDK".to_owned(), "1".to_owned()));
    }
    Ok(Backend { with, said })
}

/// The C library of WASI.
#[derive(Debug)]
struct Library {
    headers: PathBuf,
    objects: PathBuf,
}

/// The variable that names another folder than the system's.
const SYSROOT: &str = "WASI_SYSROOT";

impl Library {
    /// The one that the environment names, or the system's.
    fn find() -> Result<Self, Report> {
        let said = std::env::var_os(SYSROOT).map(PathBuf::from);
        let root = said.clone().unwrap_or_else(|| PathBuf::from("/usr"));
        let found = [WASI_TRIPLE, "wasm32-wasi"].map(|triple| Self {
            headers: root.join("include").join(triple),
            objects: root.join("lib").join(triple),
        });
        let is_whole = |library: &Self| {
            library.headers.join("stdlib.h").is_file() && library.objects.join(START).is_file()
        };
        found.into_iter().find(is_whole).ok_or_else(|| {
            let place = match &said {
                Some(root) => format!("`{}`, which `{SYSROOT}` names, has none", root.display()),
                None => "the system has none".to_owned(),
            };
            Report::error(format!(
                "nothing here compiles for `{WASI_TRIPLE}`: it takes the C library of WASI, and {place}"
            ))
            .help("install it: `apt-get install wasi-libc`, `dnf install wasi-libc-devel wasi-libc-static`")
            .help(format!(
                "or name the folder of another in `{SYSROOT}`, such as `share/wasi-sysroot` of a wasi-sdk"
            ))
            .help("or leave `wasi` out of `targets.wasm.flavours`")
        })
    }
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
    let Some(node) = in_path("node") else {
        return Ok(Some("there is no `node` here to run it".to_owned()));
    };
    let mut command = Command::new(node);
    command.arg(package.join("wasi/command.js"));
    // An app inside gets every argument but the ones that are said to be for the runtime.
    command.args(plan.app.is_some().then_some("--runtime"));
    command.args(["eval", "if (6 * 7 !== 42) throw '6 * 7 is not 42 there'"]);
    let output = command.output();
    let output = output.map_err(|error| Report::error(format!("cannot run `node`: {error}")))?;
    if output.status.success() {
        return Ok(None);
    }
    let said = String::from_utf8_lossy(&output.stderr);
    Err(Report::error(format!(
        "the command that {step} gave does not run, {}:\n{}",
        output.status,
        said.trim()
    ))
    .help("what was in `dist/` before is still there"))
}
