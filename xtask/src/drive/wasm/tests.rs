//! Tools that are old, broken or not there.

use std::fs;
use std::path::{Path, PathBuf};

use super::{CCompiler, Optimiser, try_out};

/// A program that says this of its version and does nothing else, successfully.
#[cfg(unix)]
fn optimiser(folder: &Path, version: &str) -> PathBuf {
    use std::os::unix::fs::PermissionsExt as _;
    let path = folder.join("wasm-opt");
    fs::write(
        &path,
        format!("#!/bin/sh\necho 'wasm-opt version {version}'\n"),
    )
    .and_then(|()| fs::set_permissions(&path, fs::Permissions::from_mode(0o755)))
    .expect("the program can be written");
    path
}

#[cfg(unix)]
#[test]
fn an_optimiser_that_is_too_old_is_refused_by_its_version() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let found = |version| Optimiser::of(optimiser(folder.path(), version)).expect("it runs");
    let why = found("108").expect_err("it is too old");
    assert!(
        why.contains("`wasm-opt version 108` is not used: it must be 120 or newer"),
        "{why}"
    );
    assert!(why.contains("npm install binaryen"), "{why}");
    assert!(found("of my own").is_err());
    assert_eq!(
        found("132 (version_132)").map(|optimiser| optimiser.said),
        Ok("wasm-opt 132".to_owned())
    );
}

#[test]
fn a_module_that_a_step_broke_is_no_package() {
    let package = tempfile::tempdir().expect("a folder can be made");
    let files: [(&str, &[u8]); 5] = [
        ("package.json", b"{ \"type\": \"module\" }"),
        (
            "runtime.js",
            include_bytes!("../../../../templates/wasm/runtime.js"),
        ),
        (
            "errors.js",
            include_bytes!("../../../../templates/wasm/errors.js"),
        ),
        (
            "glue.js",
            b"export function makeGlue() { return { initSync() {} } }",
        ),
        (
            "runtime.wasm",
            b"\0asm\x01\0\0\0 and then nothing that is right",
        ),
    ];
    for (name, bytes) in files {
        fs::write(package.path().join(name), bytes).expect("the package can be written");
    }
    match try_out(package.path(), "wasm-opt 132") {
        Ok(untried) => assert!(untried.is_some_and(|why| why.contains("no `node`"))),
        Err(report) => {
            let text = report.render(false);
            assert!(
                text.contains("no runtime can be made of the module that wasm-opt 132 gave"),
                "{text}"
            );
            assert!(text.contains("CompileError"), "{text}");
            assert!(
                text.contains("what was in `dist/` before is still there"),
                "{text}"
            );
        }
    }
}

#[test]
fn a_compiler_that_is_named_must_be_there() {
    let named = |compiler: &str, archiver: Option<&str>| {
        CCompiler::named(
            crate::spec::wasm::TRIPLE,
            compiler.to_owned(),
            archiver.map(str::to_owned),
        )
        .map_err(|report| report.render(false))
    };
    let why = named("clang-of-nobody", None).expect_err("there is none");
    assert!(
        why.contains("`CC_wasm32_unknown_unknown` names `clang-of-nobody`, which is not there"),
        "{why}"
    );
    let why = named("cargo", Some("ar-of-nobody")).expect_err("there is none");
    assert!(
        why.contains("`AR_wasm32_unknown_unknown` names `ar-of-nobody`"),
        "{why}"
    );
    let found = named("cargo", None).expect("it is in the path");
    assert_eq!(found.said, "cargo (CC_wasm32_unknown_unknown)");
}
