//! How a release of a native binary is compiled: what rustc, the linker and the C compiler are told
//! beyond the profile, to make it small.
//!
//! The boundary: flags and the toolchain that takes them, from a plan and a triple. Running cargo is
//! `cargo`'s. A debug build is told nothing, because it shares its output with the workspace.

use crate::diagnostics::Report;
use crate::machine::backend::With;
use crate::machine::toolchain::{Toolchain, nightly_with_source};
use crate::plan::Plan;
use crate::spec::{Profile, Std};

/// Names that tell for which types a generic function was compiled, and so whose bytes it has.
const SYMBOLS: &str = "-Csymbol-mangling-version=v0";
/// A program that aborts at a panic walks no stack: the tables for it are a tenth of its bytes.
const NO_UNWIND_TABLES: &str = "-Cforce-unwind-tables=no";
/// The same for C.
const NO_UNWIND_TABLES_IN_C: &str = "-fno-asynchronous-unwind-tables -fno-unwind-tables";
/// Addresses that the loader fills in, as a bitmap. A linker that does not know the word says so, and
/// leaves them as they are.
const PACKED_RELOCATIONS: &str = "-Clink-arg=-Wl,-z,pack-relative-relocs";

fn is_rebuilt(plan: &Plan, profile: Profile) -> bool {
    profile != Profile::Debug && plan.std.value == Std::Rebuilt
}

/// The rustc that compiles for a triple, in words; an error when this machine has none that can.
pub(super) fn rustc(
    plan: &Plan,
    profile: Profile,
    triple: &str,
    toolchain: &Toolchain,
) -> Result<String, Report> {
    if is_rebuilt(plan, profile) {
        return nightly_with_source(triple);
    }
    toolchain.require_target(triple)?;
    Ok(toolchain.rustc.clone())
}

/// How the native binary of a plan is compiled for one triple; `None`: as cargo does by itself. It is by the nightly where the
/// standard library is compiled as well. An error when this machine cannot do that.
pub(super) fn find(
    plan: &Plan,
    profile: Profile,
    triple: &str,
    toolchain: &Toolchain,
) -> Result<Option<With>, Report> {
    rustc(plan, profile, triple, toolchain)?;
    if profile == Profile::Debug {
        return Ok(None);
    }
    let is_rebuilt = is_rebuilt(plan, profile);
    let mut with = With {
        is_nightly: is_rebuilt,
        ..With::default()
    };
    let flags = flags(plan, triple);
    let quoted: Vec<String> = flags.iter().map(|flag| format!("'{flag}'")).collect();
    with.args.extend([
        "--config".to_owned(),
        format!("build.rustflags=[{}]", quoted.join(", ")),
    ]);
    if flags.contains(&NO_UNWIND_TABLES) {
        let said = std::env::var("CFLAGS").unwrap_or_default();
        let c_flags = format!("{said} {NO_UNWIND_TABLES_IN_C}");
        with.env
            .push(("CFLAGS".to_owned(), c_flags.trim().to_owned()));
    }
    if is_rebuilt {
        // Without its features the library prints no backtraces; a panic is said in one line.
        let panic = if plan.unwinds() { "unwind" } else { "abort" };
        with.args.extend([
            format!("-Zbuild-std=std,panic_{panic}"),
            "-Zbuild-std-features=optimize_for_size".to_owned(),
        ]);
    }
    Ok(Some(with))
}

/// What rustc is told. Only on Linux is it known which tables nothing reads.
fn flags(plan: &Plan, triple: &str) -> Vec<&'static str> {
    let is_linux = triple.contains("-linux-");
    let mut flags = vec![SYMBOLS];
    if is_linux && !plan.unwinds() {
        flags.push(NO_UNWIND_TABLES);
    }
    if is_linux && plan.packed_relocations.value {
        flags.push(PACKED_RELOCATIONS);
    }
    flags
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pipeline::{SpecArgs, load, workspace};

    const TRIPLE: &str = "x86_64-unknown-linux-gnu";

    fn plan(spec: &str, set: &[&str]) -> Plan {
        let args = SpecArgs {
            spec: Some(workspace().join(spec)),
            set: set.iter().map(|&set| set.to_owned()).collect(),
            ..SpecArgs::default()
        };
        match load(&args) {
            Ok(checked) => checked.plan(),
            Err(report) => panic!("{report:?}"),
        }
    }

    #[test]
    fn tables_that_nothing_reads_are_left_out() {
        let minimal = plan("tests/specs/minimal/runtime.toml", &[]);
        assert_eq!(flags(&minimal, TRIPLE), [SYMBOLS, NO_UNWIND_TABLES]);
        assert_eq!(flags(&minimal, "x86_64-pc-windows-msvc"), [SYMBOLS]);
        // Native code of the user's may panic, which unwinds.
        let native = plan("tests/specs/native/runtime.toml", &[]);
        assert_eq!(flags(&native, TRIPLE), [SYMBOLS]);
    }

    #[test]
    fn relocations_are_packed_where_the_spec_allows_it() {
        let packed = plan(
            "tests/specs/minimal/runtime.toml",
            &["build.packed-relocations=true"],
        );
        let expected = [SYMBOLS, NO_UNWIND_TABLES, PACKED_RELOCATIONS];
        assert_eq!(flags(&packed, TRIPLE), expected);
    }

    #[test]
    fn a_debug_build_is_told_nothing() {
        let rebuilt = plan(
            "tests/specs/minimal/runtime.toml",
            &["build.std=rebuilt", "build.profile=debug"],
        );
        let toolchain = Toolchain::find().expect("the toolchain that runs");
        let host = toolchain.host.clone();
        let with = find(&rebuilt, Profile::Debug, &host, &toolchain);
        let with = with.expect("the host's own standard library is there");
        assert!(with.is_none());
    }
}
