//! A module that is broken.

use std::fs;

use super::try_out;

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
