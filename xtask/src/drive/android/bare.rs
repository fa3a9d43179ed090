//! Linking for Android without the NDK: stubs of the system's libraries, and the start of a command.
//!
//! The boundary: files for the linker, made of checked-in lists and a few lines of assembly by the nightly's own rustc and linker.
//! What is linked so is for tests: it has no unwinder, so a panic ends the app, and it was never tried with what phones have.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::diagnostics::Report;
use crate::drive::digest::sha256;
use crate::files::{make_folder, replace};
use crate::machine::android::ndk;
use crate::machine::android::symbols::Library;
use crate::machine::toolchain;
use crate::spec::Abi;

/// What the linker takes in the place of the NDK.
#[derive(Debug)]
pub(crate) struct Bare {
    /// The nightly's linker.
    pub(crate) linker: PathBuf,
    /// Where the stubs lie.
    pub(crate) stubs: PathBuf,
}

/// The object that begins a command.
pub(crate) const START: &str = "start.o";

/// The linker script that stands in for the unwinder, under the name that the standard library asks for.
const UNWINDER: &str = "libunwind.a";

/// What is said of the unwinder without one: that there is nothing more to see.
const NO_UNWINDER: &str = include_str!("../../../../templates/android/arm64/unwind.s");

const START_ARM64: &str = include_str!("../../../../templates/android/arm64/start.s");

/// A crate of nothing but assembly.
const CRATE: &str = "#![feature(no_core, rustc_attrs)]\n\
    #![allow(internal_features)]\n\
    #![no_core]\n\
    #[rustc_builtin_macro]\n\
    macro_rules! global_asm { ($($text:tt)*) => {}; }\n";

impl Bare {
    /// Makes what is not there yet below `place`.
    pub(crate) fn prepare(abi: Abi, libraries: &[Library], place: &Path) -> Result<Self, Report> {
        let sysroot = output(toolchain::nightly(&["rustc"]).args(["--print", "sysroot"]))?;
        let version = output(toolchain::nightly(&["rustc"]).arg("-vV"))?;
        let host = version.lines().find_map(|line| line.strip_prefix("host: "));
        let linker = Path::new(sysroot.trim())
            .join("lib/rustlib")
            .join(host.unwrap_or_default())
            .join(format!("bin/rust-lld{}", std::env::consts::EXE_SUFFIX));
        if !linker.is_file() {
            return Err(Report::error(format!(
                "the nightly has no linker of its own: there is no `{}`",
                linker.display()
            ))
            .help(ndk::GET));
        }
        // A place for each version of what is in it: none is ever half of another.
        let all = format!("{version}{libraries:?}{NO_UNWINDER}{START_ARM64}{CRATE}");
        let stubs = place.join(format!("{}-{}", abi.word(), &sha256(all.as_bytes())[..16]));
        let bare = Self { linker, stubs };
        if !bare.stubs.join(UNWINDER).is_file() {
            bare.make(abi, libraries)?;
        }
        Ok(bare)
    }

    fn make(&self, abi: Abi, libraries: &[Library]) -> Result<(), Report> {
        make_folder("the stubs of Android's libraries", &self.stubs)?;
        for library in libraries {
            let object = self.assemble(abi, library.name, &stub(library))?;
            let mut link = Command::new(&self.linker);
            link.args(["-flavor", "gnu", "-shared", "-soname", library.name, "-o"]);
            output(link.arg(self.stubs.join(library.name)).arg(object))?;
        }
        self.assemble(abi, "start", START_ARM64)?;
        let unwind = self.assemble(abi, "unwind", NO_UNWINDER)?;
        // Last, as it says that the rest is there.
        let script = format!("INPUT(\"{}\")\n", unwind.display());
        replace("a stub", &self.stubs.join(UNWINDER), script.as_bytes()).map(drop)
    }

    /// Lets rustc assemble a text.
    fn assemble(&self, abi: Abi, name: &str, text: &str) -> Result<PathBuf, Report> {
        let source = self.stubs.join(format!("{name}.rs"));
        let object = self.stubs.join(format!("{name}.o"));
        let text = format!("{CRATE}global_asm!(r#\"\n{text}\"#);\n");
        replace("a stub", &source, text.as_bytes())?;
        let mut rustc = toolchain::nightly(&["rustc"]);
        rustc.args([
            "--crate-name",
            "stub",
            "--crate-type",
            "lib",
            "--emit",
            "obj",
        ]);
        rustc.args([
            "-Cpanic=abort",
            "-Ccodegen-units=1",
            "--target",
            abi.triple(),
        ]);
        output(rustc.arg("-o").arg(&object).arg(&source))?;
        Ok(object)
    }
}

/// The assembly of a library that defines its symbols and has nothing behind them.
fn stub(library: &Library) -> String {
    let mut text = ".text\n".to_owned();
    for symbol in &library.symbols {
        // Writing to a string cannot fail.
        let _ = writeln!(
            text,
            ".globl {symbol}\n.type {symbol}, %function\n{symbol}:"
        );
    }
    text
}

/// What a program prints; what it says when it fails is the error.
fn output(command: &mut Command) -> Result<String, Report> {
    let output = command.output().map_err(|error| {
        let program = command.get_program().display().to_string();
        Report::error(format!("cannot run `{program}`: {error}"))
    })?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    Err(Report::error(format!(
        "tailor's bug: what stands in for the NDK cannot be made:\n{}",
        said.trim()
    ))
    .help(ndk::GET))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn a_stub_has_a_label_for_each_symbol() {
        let library = Library {
            name: "liba.so",
            symbols: BTreeSet::from(["one", "two"]),
        };
        assert_eq!(
            stub(&library),
            ".text\n.globl one\n.type one, %function\none:\n.globl two\n.type two, %function\ntwo:\n"
        );
    }
}
