//! What compiles the module that pages and Node share.
//!
//! The boundary: programs and their versions; nothing is compiled here.

use super::backend::{Backend, With};
use super::clang::CCompiler;
use super::toolchain::{Toolchain, nightly_with_source};
use crate::diagnostics::Report;
use crate::spec::Profile;
use crate::spec::wasm::TRIPLE;

/// Finds what compiles: the toolchain that runs, when it has the target; else a nightly with the standard library's source.
pub(crate) fn find(
    toolchain: &Toolchain,
    needs_c: bool,
    profile: Profile,
) -> Result<Backend, Report> {
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
            nightly_with_source(TRIPLE)?
        )
    };
    if needs_c {
        let compiler = CCompiler::find(TRIPLE)?;
        said.push_str(&format!("; {}", compiler.said));
        with.env.extend(compiler.env(profile, ""));
    }
    Ok(Backend { with, said })
}
