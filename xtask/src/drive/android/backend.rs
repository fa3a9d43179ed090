//! What compiles and links for one kind of processor: the NDK, or for tests what the nightly has.
//!
//! The boundary: programs are found here and told nothing yet; what they are told is in what is found.

use std::collections::BTreeSet;
use std::path::Path;

use super::bare::{self, Bare};
use super::check::PAGE;
use crate::diagnostics::Report;
use crate::drive::cargo::Last;
use crate::machine::android::ndk::{self, Ndk};
use crate::machine::android::symbols::{self, LEVEL};
use crate::machine::backend::With;
use crate::machine::toolchain::{Toolchain, nightly_with_source};
use crate::plan::Plan;
use crate::spec::{Abi, Allocator, Profile};

/// What compiles for one kind of processor.
#[derive(Debug)]
pub(crate) struct Backend {
    /// The kind of processor.
    pub(crate) abi: Abi,
    /// What cargo is told.
    pub(crate) with: With,
    /// What it is, in words.
    pub(crate) said: String,
    /// The public symbols of the system at the API level.
    pub(crate) symbols: BTreeSet<String>,
    how: How,
}

#[derive(Debug)]
enum How {
    Ndk,
    Bare(Bare),
}

/// The separator of flags in cargo's own variable for them, which takes any path.
const NEXT: &str = "\x1f";

impl Backend {
    /// Finds what compiles for an ABI. What must be made first is made below `place`.
    pub(crate) fn probe(
        plan: &Plan,
        abi: Abi,
        min_sdk: u32,
        toolchain: &Toolchain,
        place: &Path,
    ) -> Result<Self, Report> {
        match Ndk::find(&|name| std::env::var_os(name), min_sdk)? {
            Some(ndk) => Self::ndk(plan, abi, min_sdk, toolchain, &ndk),
            None => Self::bare(plan, abi, min_sdk, place),
        }
    }

    fn ndk(
        plan: &Plan,
        abi: Abi,
        min_sdk: u32,
        toolchain: &Toolchain,
        ndk: &Ndk,
    ) -> Result<Self, Report> {
        let triple = abi.triple();
        let mut with = With::default();
        let mut said = format!("the NDK {}, ", ndk.revision);
        if toolchain.has_target(triple) {
            said.push_str(&format!("{}, its own standard library", toolchain.rustc));
        } else {
            said.push_str(&format!(
                "{}, with the standard library from its source",
                nightly_with_source(triple)?
            ));
            from_source(&mut with, plan.profile.value);
        }
        let clang = ndk.clang(abi, min_sdk);
        let variables = [
            (variable("CARGO_TARGET_", triple, "_LINKER"), clang.clone()),
            (format!("CC_{}", triple.replace('-', "_")), clang),
            (format!("AR_{}", triple.replace('-', "_")), ndk.archiver()),
        ];
        for (name, program) in variables {
            with.env.push((name, program.display().to_string()));
        }
        // An engine in C for which there are no ready bindings has them made.
        let sysroot = format!("--sysroot={}", ndk.sysroot().display());
        let name = format!("BINDGEN_EXTRA_CLANG_ARGS_{}", triple.replace('-', "_"));
        with.env.push((name, sysroot));
        if let Some(folder) = ndk.libclang().filter(|_| !is_set("LIBCLANG_PATH")) {
            with.env
                .push(("LIBCLANG_PATH".to_owned(), folder.display().to_string()));
        }
        let flags = linked(min_sdk).map(|flag| format!("-Clink-arg=-Wl,{flag}"));
        set_flags(&mut with, plan, flags);
        Ok(Self {
            abi,
            with,
            said,
            symbols: ndk.symbols(abi, min_sdk)?,
            how: How::Ndk,
        })
    }

    /// Without the NDK.
    fn bare(plan: &Plan, abi: Abi, min_sdk: u32, place: &Path) -> Result<Self, Report> {
        let triple = abi.triple();
        if let Some(why) = needs_c(plan) {
            return Err(Report::error(format!(
                "{why}, and there is no NDK, whose clang compiles C for Android"
            ))
            .help(ndk::GET)
            .help("or choose an engine in Rust, and the system's allocator: those can be linked without it, for tests"));
        }
        let Some(libraries) = symbols::libraries(abi, min_sdk) else {
            return Err(Report::error(format!(
                "there is no NDK, and without it nothing is linked for `{}`",
                abi.word()
            ))
            .help(ndk::GET)
            .help("for tests, `abis = [\"arm64-v8a\"]` can be linked without it"));
        };
        let rustc = nightly_with_source(triple)?;
        let bare = Bare::prepare(abi, &libraries, place)?;
        let mut with = With::default();
        from_source(&mut with, plan.profile.value);
        let profile = plan.profile.value.cargo_name().to_uppercase();
        // There is no unwinder.
        with.env
            .push((format!("CARGO_PROFILE_{profile}_PANIC"), "abort".to_owned()));
        let own = [
            format!("-Clinker={}", bare.linker.display()),
            "-Clinker-flavor=ld.lld".to_owned(),
            format!("-Lnative={}", bare.stubs.display()),
        ];
        let flags = linked(min_sdk).map(|flag| format!("-Clink-arg={flag}"));
        set_flags(&mut with, plan, own.into_iter().chain(flags));
        let symbols = libraries.iter().flat_map(|library| &library.symbols);
        Ok(Self {
            abi,
            with,
            said: format!(
                "{rustc}, with the standard library from its source, linked without the NDK against stubs of API level {LEVEL}"
            ),
            symbols: symbols.map(|name| (*name).to_owned()).collect(),
            how: How::Bare(bare),
        })
    }

    /// Whether what it links is for tests only.
    pub(crate) fn is_for_tests(&self) -> bool {
        matches!(self.how, How::Bare(_))
    }

    /// How the library of the generated crate is linked.
    pub(crate) fn library(&self, soname: &str) -> Last {
        let arg = match self.how {
            How::Ndk => format!("-Clink-arg=-Wl,-soname,{soname}"),
            How::Bare(_) => format!("-Clink-arg=-soname={soname}"),
        };
        Last {
            target: vec!["--lib".to_owned()],
            args: vec![arg],
        }
    }

    /// How the command of the generated crate is linked.
    pub(crate) fn command(&self, name: &str) -> Last {
        let args = match &self.how {
            How::Ndk => Vec::new(),
            How::Bare(bare) => vec![
                format!("-Clink-arg={}", bare.stubs.join(bare::START).display()),
                "-Clink-arg=--dynamic-linker=/system/bin/linker64".to_owned(),
                // By name, as rustc asks for it only where something of it is used.
                "-Clink-arg=-lc".to_owned(),
            ],
        };
        Last {
            target: vec!["--bin".to_owned(), name.to_owned()],
            args,
        }
    }
}

/// Why a C compiler is needed, if one is.
fn needs_c(plan: &Plan) -> Option<String> {
    if plan.engine.needs_c {
        return Some(format!("the engine `{}` is written in C", plan.engine.kind));
    }
    let is_c = plan.allocator.value == Allocator::Mimalloc;
    is_c.then(|| "the allocator `mimalloc` is written in C".to_owned())
}

/// The standard library from its source, by the nightly.
fn from_source(with: &mut With, profile: Profile) {
    with.is_nightly = true;
    with.args.push("-Zbuild-std=std,panic_abort".to_owned());
    if profile == Profile::Size {
        with.args
            .push("-Zbuild-std-features=optimize_for_size".to_owned());
    }
}

/// What the linker is told of every library, as a clang takes it. Without a word about it, relocations are a seventh of a library;
/// the packed form is understood since API level 23.
fn linked(min_sdk: u32) -> impl Iterator<Item = String> {
    let packed = if min_sdk >= 30 {
        "android+relr"
    } else {
        "android"
    };
    [
        format!("-zmax-page-size={PAGE}"),
        "-zdefs".to_owned(),
        format!("--pack-dyn-relocs={packed}"),
        "--build-id".to_owned(),
    ]
    .into_iter()
}

fn set_flags(with: &mut With, plan: &Plan, flags: impl Iterator<Item = String>) {
    let mut flags: Vec<String> = flags.collect();
    if plan.profile.value != Profile::Debug {
        // Names that tell whose bytes a function has.
        flags.push("-Csymbol-mangling-version=v0".to_owned());
    }
    with.env
        .push(("CARGO_ENCODED_RUSTFLAGS".to_owned(), flags.join(NEXT)));
}

fn is_set(name: &str) -> bool {
    std::env::var_os(name).is_some_and(|value| !value.is_empty())
}

/// `CARGO_TARGET_AARCH64_LINUX_ANDROID_LINKER`
fn variable(start: &str, triple: &str, end: &str) -> String {
    format!("{start}{}{end}", triple.to_uppercase().replace('-', "_"))
}
