//! What compiles a command for hosts of WASI, and the C library that it stands on.
//!
//! The boundary: programs and folders; nothing is compiled here.

use std::path::{Path, PathBuf};

use super::backend::{Backend, With};
use super::clang::CCompiler;
use super::toolchain::{Toolchain, nightly_with_source};
use crate::diagnostics::Report;
use crate::spec::Profile;
use crate::spec::wasm::WASI_TRIPLE;

/// What every command begins with, where the C library of WASI is.
const START: &str = "crt1-command.o";

/// Finds what compiles: the toolchain that runs, when it has the target; else a nightly with the standard library's source, and the C
/// library that it stands on. `headers` is a file that is included before every one of an engine in C.
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
        let source = nightly_with_source(WASI_TRIPLE)?;
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
