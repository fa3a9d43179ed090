//! What the target `android` needs: the NDK, or for tests what stands in for it, the standard library for each ABI, and `javac`.
//!
//! The boundary: facts are found by `look`; each becomes a row by a pure function.

use super::{Part, Row, State};
use crate::machine::android::can_do_without;
use crate::machine::android::javac::{self, Javac};
use crate::machine::android::ndk::{self, Ndk};
use crate::machine::toolchain::{Toolchain, nightly_with_source};
use crate::spec::{Abi, Allocator, Artifact, Spec};

/// What there is for Android.
#[derive(Clone, Debug)]
pub(crate) struct Android {
    /// The NDK that fits, if there is one; or why one that is there does not.
    pub(super) ndk: Result<Option<String>, String>,
    /// What can only be compiled by the NDK, if anything.
    pub(super) needs_c: Option<&'static str>,
    /// The kinds of processor that the spec asks for.
    pub(super) abis: Vec<AbiFacts>,
    /// The nightly with the standard library's source.
    pub(super) nightly: Option<String>,
    /// What compiles Java, or why nothing does; nothing, where no AAR is made.
    pub(super) javac: Option<Result<String, String>>,
    /// Whether the spec itself asks for the AAR.
    pub(super) is_aar_asked: bool,
}

/// What there is for one kind of processor.
#[derive(Clone, Debug)]
pub(crate) struct AbiFacts {
    /// What it is.
    pub(super) abi: Abi,
    /// Whether Rust's standard library is installed for it.
    pub(super) std: bool,
    /// Whether it can be linked for without the NDK.
    pub(super) has_stubs: bool,
}

impl Android {
    /// Looks for everything that a build of this spec could need.
    pub(crate) fn look(spec: &Spec) -> Self {
        let (android, min_sdk) = (&spec.android, spec.android.min_sdk.value);
        let toolchain = Toolchain::find().ok();
        let facts = |abi: Abi| AbiFacts {
            abi,
            std: toolchain
                .as_ref()
                .is_some_and(|toolchain| toolchain.has_target(abi.triple())),
            has_stubs: can_do_without(abi, min_sdk),
        };
        let ndk = Ndk::find(&|name| std::env::var_os(name), min_sdk);
        let aar = android
            .artifacts
            .iter()
            .find(|made| made.value == Artifact::Aar);
        Self {
            ndk: match ndk {
                Ok(found) => {
                    Ok(found.map(|ndk| format!("{} in {}", ndk.revision, ndk.folder.display())))
                }
                Err(report) => Err(report
                    .diagnostics
                    .first()
                    .map_or_else(String::new, |found| found.message.clone())),
            },
            needs_c: match spec.allocator.value {
                _ if spec.engine.value.c_code.is_some() => Some("the engine is written in C"),
                Allocator::Mimalloc => Some("the allocator is written in C"),
                Allocator::System => None,
            },
            abis: android.abis.iter().map(|abi| facts(abi.value)).collect(),
            nightly: nightly_with_source(Abi::Arm64V8a.triple()).ok(),
            javac: aar.map(|_| Javac::find().map(|javac| javac.version)),
            is_aar_asked: aar.is_some_and(|made| made.at.is_some()),
        }
    }
}

/// Judges what was found.
pub(super) fn rows(android: &Android) -> Vec<Row> {
    let row = |name: String, state| Row {
        part: Part::Android,
        name,
        state,
    };
    let mut rows = vec![row("NDK".to_owned(), ndk_state(android))];
    for facts in &android.abis {
        let name = format!("std for {}", facts.abi.triple());
        rows.push(row(name, std_state(android, facts)));
    }
    if let Some(javac) = &android.javac {
        rows.push(row("javac".to_owned(), javac_state(javac, android)));
    }
    rows
}

fn ndk_state(android: &Android) -> State {
    let why = match &android.ndk {
        Ok(Some(ndk)) => return State::Found(ndk.clone()),
        Ok(None) => "there is none",
        Err(why) => return State::Missing(why.clone(), ndk::GET.to_owned()),
    };
    let lacks = android.abis.iter().find(|facts| !facts.has_stubs);
    let lacks = lacks.map(|facts| format!("nothing else links for `{}`", facts.abi.word()));
    let needs = android.needs_c.map(str::to_owned).or(lacks);
    match needs {
        Some(needs) => State::Missing(format!("{why}, and {needs}"), ndk::GET.to_owned()),
        None => State::Missed(
            format!("{why}, so what is built is fit for testing, not for release"),
            ndk::GET.to_owned(),
        ),
    }
}

fn std_state(android: &Android, facts: &AbiFacts) -> State {
    let has_ndk = matches!(android.ndk, Ok(Some(_)));
    match (&android.nightly, facts.std && has_ndk) {
        (_, true) => State::Found("installed".to_owned()),
        (Some(nightly), false) => State::Found(format!("from its source, by {nightly}")),
        (None, false) if has_ndk => State::Missing(
            "not installed".to_owned(),
            format!("rustup target add {}", facts.abi.triple()),
        ),
        (None, false) => State::Missing(
            "without the NDK it is compiled from its source, and there is no nightly with it"
                .to_owned(),
            "rustup toolchain install nightly --component rust-src".to_owned(),
        ),
    }
}

fn javac_state(javac: &Result<String, String>, android: &Android) -> State {
    match javac {
        Ok(version) => State::Found(version.clone()),
        Err(why) if android.is_aar_asked => State::Missing(why.clone(), javac::GET.to_owned()),
        Err(why) => State::Missed(format!("{why}, so no AAR is made"), javac::GET.to_owned()),
    }
}
