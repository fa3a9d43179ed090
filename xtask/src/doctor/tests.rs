//! Each answer of the doctor, on machines that are made up.

use std::path::PathBuf;

use super::android::AbiFacts;
use super::*;
use crate::spec::Abi;

/// A machine that has everything.
fn whole() -> Machine {
    Machine {
        rustc: Some("1.99.0".to_owned()),
        cargo: Some("1.99.0-nightly".to_owned()),
        stripper: Some(PathBuf::from("bin/strip")),
        free: Some((5 << 30, PathBuf::from("target"))),
        lock: Some(PathBuf::from("Cargo.lock")),
        rustfmt: Some("1.8.0".to_owned()),
        clippy: Some("0.1.99".to_owned()),
        wasm: None,
        triples: vec![triple(true, Linker::Found(PathBuf::from("bin/cc")))],
        android: None,
    }
}

fn triple(std: bool, linker: Linker) -> Triple {
    Triple {
        name: "aarch64-apple-darwin".to_owned(),
        std,
        linker,
        compiler: None,
    }
}

/// What is not there: the name, why, and what gets it, with `!` before what is required.
#[track_caller]
fn check(machine: &Machine, spec: &Spec, expect: &[[&str; 3]]) {
    let found: Vec<[String; 3]> = examine(machine, spec)
        .into_iter()
        .filter_map(|row| match row.state {
            State::Found(_) => None,
            State::Missed(why, help) => Some([row.name, why, help]),
            State::Missing(why, help) => Some([format!("!{}", row.name), why, help]),
        })
        .collect();
    assert_eq!(found, expect);
}

fn spec() -> Spec {
    Ok("runtime.toml".to_owned())
}

#[test]
fn a_machine_that_has_everything_lacks_nothing() {
    check(&whole(), &spec(), &[]);
}

#[test]
fn rust_must_run_and_be_new_enough() {
    let help = "install Rust with rustup, https://rustup.rs";
    let none = Machine {
        rustc: None,
        cargo: None,
        ..whole()
    };
    check(
        &none,
        &spec(),
        &[
            ["!rustc", "it does not run", help],
            ["!cargo", "it does not run", help],
        ],
    );
    let old = Machine {
        rustc: Some("1.2.3".to_owned()),
        ..whole()
    };
    let why = format!("1.2.3 is older than {OLDEST}");
    check(&old, &spec(), &[["!rustc", &why, "rustup update stable"]]);
    let just = Machine {
        rustc: Some(format!("{OLDEST}.0")),
        ..whole()
    };
    check(&just, &spec(), &[]);
}

#[test]
fn a_build_needs_a_lock_file_and_room() {
    let why = "the workspace has no `Cargo.lock`, which pins what every runtime is built from";
    check(
        &Machine {
            lock: None,
            ..whole()
        },
        &spec(),
        &[["!lock file", why, "git checkout Cargo.lock"]],
    );
    let full = Machine {
        free: Some(((2 << 30) - 1, PathBuf::from("target"))),
        ..whole()
    };
    let why = "1.9 GiB are free for target, and a build takes 2.0 GiB";
    let help = "free some space, or set CARGO_TARGET_DIR to a folder on another disk";
    check(&full, &spec(), &[["!disk", why, help]]);
    let untold = Machine {
        free: None,
        ..whole()
    };
    let why = "how much is free cannot be told here";
    check(
        &untold,
        &spec(),
        &[["disk", why, "see to it that 2.0 GiB are free"]],
    );
}

#[test]
fn a_spec_must_hold() {
    check(
        &whole(),
        &Err(1),
        &[[
            "!spec",
            "it has an error",
            "cargo xtask check, with the same options",
        ]],
    );
    check(
        &whole(),
        &Err(3),
        &[[
            "!spec",
            "it has 3 errors",
            "cargo xtask check, with the same options",
        ]],
    );
}

#[test]
fn a_triple_needs_its_library_and_a_linker() {
    let machine = |std, linker| Machine {
        triples: vec![triple(std, linker)],
        ..whole()
    };
    let lacks = machine(false, Linker::Missing("cc".to_owned()));
    check(
        &lacks,
        &spec(),
        &[
            [
                "!std for aarch64-apple-darwin",
                "not installed",
                "rustup target add aarch64-apple-darwin",
            ],
            [
                "!linker for aarch64-apple-darwin",
                "there is no `cc`",
                "xcode-select --install",
            ],
        ],
    );
    let help = "name one in ~/.cargo/config.toml: [target.aarch64-apple-darwin] linker = \"…\"; ignore this if it is there";
    check(
        &machine(true, Linker::HostsOwn),
        &spec(),
        &[[
            "linker for aarch64-apple-darwin",
            "no linker is named, so this machine's own is tried",
            help,
        ]],
    );
    check(&machine(true, Linker::RustcFinds), &spec(), &[]);
}

#[test]
fn what_can_be_done_without_is_not_required() {
    let bare = Machine {
        stripper: None,
        rustfmt: None,
        clippy: None,
        ..whole()
    };
    let system = "apt-get install binutils, dnf install binutils, or what your system calls it";
    check(
        &bare,
        &spec(),
        &[
            ["strip", "without it, symbols stay in the binary", system],
            [
                "rustfmt",
                "`.ci/run` runs it",
                "rustup component add rustfmt",
            ],
            ["clippy", "`.ci/run` runs it", "rustup component add clippy"],
        ],
    );
}

#[test]
fn an_engine_in_c_needs_a_compiler_for_each_triple() {
    let machine = |name: &str, compiler| Machine {
        triples: vec![Triple {
            name: name.to_owned(),
            compiler: Some(compiler),
            ..triple(true, Linker::RustcFinds)
        }],
        ..whole()
    };
    let found = Compiler::Found(PathBuf::from("bin/cc"));
    check(&machine("x86_64-unknown-linux-gnu", found), &spec(), &[]);
    let missing = Compiler::Missing("cc".to_owned());
    check(
        &machine("x86_64-unknown-linux-gnu", missing),
        &spec(),
        &[[
            "!C compiler for x86_64-unknown-linux-gnu",
            "there is no `cc`, and the engine is written in C",
            "apt-get install gcc, dnf install gcc, or what your system calls it",
        ]],
    );
    let usual =
        crate::machine::native::compiler("armv7-none-linux-of-nobody", "x86_64-unknown-linux-gnu");
    assert_eq!(
        usual,
        Compiler::Unusual("armv7-none-linux-of-nobody-gcc".to_owned())
    );
    let unusual = Compiler::Unusual("riscv64-linux-gnu-gcc".to_owned());
    check(
        &machine("riscv64gc-unknown-linux-gnu", unusual),
        &spec(),
        &[[
            "C compiler for riscv64gc-unknown-linux-gnu",
            "the engine is written in C, and there is no `riscv64-linux-gnu-gcc`",
            "install a C compiler for this target; one with another name is named by CC_riscv64gc_unknown_linux_gnu=…",
        ]],
    );
}

#[test]
fn a_package_needs_what_compiles_for_it() {
    let whole_package = Wasm {
        toolchain: Ok("rustc 1.99.0, its own standard library".to_owned()),
        compiler: Some(Ok("clang-19".to_owned())),
        command: Some(Ok("rustc 1.99.0, its own standard library".to_owned())),
        node: Some("v20.0.0".to_owned()),
        optimiser: Some(Ok("wasm-opt 132".to_owned())),
    };
    let with = |wasm| Machine {
        wasm: Some(wasm),
        triples: Vec::new(),
        stripper: None,
        ..whole()
    };
    check(&with(whole_package.clone()), &spec(), &[]);
    let bare = Wasm {
        toolchain: Err((
            "nothing compiles".to_owned(),
            "rustup target add".to_owned(),
        )),
        compiler: Some(Err((
            "no clang".to_owned(),
            "apt-get install clang-19".to_owned(),
        ))),
        command: Some(Err((
            "no C library".to_owned(),
            "apt-get install wasi-libc".to_owned(),
        ))),
        node: None,
        optimiser: Some(Err("`wasm-opt version 108` is not used".to_owned())),
    };
    let help = "npm install --global binaryen; ignore this if compressed bytes are what counts";
    check(
        &with(bare),
        &spec(),
        &[
            [
                "!toolchain for wasm32",
                "nothing compiles",
                "rustup target add",
            ],
            [
                "!C compiler for wasm32",
                "no clang",
                "apt-get install clang-19",
            ],
            [
                "!toolchain for wasi",
                "no C library",
                "apt-get install wasi-libc",
            ],
            [
                "node",
                "without it, a package is not tried before it is put in place",
                "install Node, https://nodejs.org",
            ],
            ["wasm-opt", "`wasm-opt version 108` is not used", help],
        ],
    );
    let without = Wasm {
        optimiser: None,
        ..whole_package
    };
    let why = "without it, modules are some percent larger before a server compresses them";
    check(&with(without), &spec(), &[["wasm-opt", why, help]]);
}

#[test]
fn android_takes_the_ndk_or_for_tests_what_stands_in_for_it() {
    let get_ndk = crate::machine::android::ndk::GET;
    let get_javac = crate::machine::android::javac::GET;
    let facts = |abi, std| AbiFacts {
        abi,
        std,
        has_stubs: abi == Abi::Arm64V8a,
    };
    let all = || Android {
        ndk: Ok(Some("27.2.1 in ndk".to_owned())),
        needs_c: Some("the engine is written in C"),
        abis: vec![facts(Abi::Arm64V8a, true), facts(Abi::X86, true)],
        nightly: None,
        javac: Some(Ok("17.0.9".to_owned())),
        is_aar_asked: true,
    };
    let of = |android| Machine {
        triples: Vec::new(),
        android: Some(android),
        ..whole()
    };
    check(&of(all()), &spec(), &[]);
    let bare = || Android {
        ndk: Ok(None),
        needs_c: None,
        abis: vec![facts(Abi::Arm64V8a, false)],
        nightly: Some("rustc 1.99.0-nightly".to_owned()),
        ..all()
    };
    let why = "there is none, so what is built is fit for testing, not for release";
    check(&of(bare()), &spec(), &[["NDK", why, get_ndk]]);
    let written_in_c = Android {
        needs_c: Some("the engine is written in C"),
        ..bare()
    };
    let why = "there is none, and the engine is written in C";
    check(&of(written_in_c), &spec(), &[["!NDK", why, get_ndk]]);
    let other = Android {
        abis: vec![facts(Abi::X86, false)],
        ..bare()
    };
    let why = "there is none, and nothing else links for `x86`";
    check(&of(other), &spec(), &[["!NDK", why, get_ndk]]);
    let lacking = Android {
        ndk: Err("too old".to_owned()),
        abis: Vec::new(),
        javac: Some(Err("there is no `javac`".to_owned())),
        ..all()
    };
    check(
        &of(lacking.clone()),
        &spec(),
        &[
            ["!NDK", "too old", get_ndk],
            ["!javac", "there is no `javac`", get_javac],
        ],
    );
    let unasked = Android {
        ndk: Ok(Some("27".to_owned())),
        is_aar_asked: false,
        ..lacking
    };
    let why = "there is no `javac`, so no AAR is made";
    check(&of(unasked), &spec(), &[["javac", why, get_javac]]);
    let uninstalled = Android {
        abis: vec![facts(Abi::Arm64V8a, false)],
        ..all()
    };
    let std = "!std for aarch64-linux-android";
    check(
        &of(uninstalled),
        &spec(),
        &[[
            std,
            "not installed",
            "rustup target add aarch64-linux-android",
        ]],
    );
}
