//! What holds for a binary holds for the npm package of the same spec: cases of `specs/`, in Node. What is not listed is about the
//! command line, the file system, a status of its own, or what a report says beyond the error.

use tailor_tests::{run_example, run_page_cases, run_page_tests};

#[test]
fn minimal() {
    run_page_cases(
        "specs/minimal/runtime.toml",
        false,
        &[
            "minimal/absent",
            "minimal/cause",
            "minimal/console",
            "minimal/eval",
            "minimal/inspect",
            "minimal/missing-module",
            "minimal/module-cycle",
            "minimal/module-graph",
            "minimal/prototypes",
            "minimal/rejection",
            "minimal/rejection-handled",
            "minimal/syntax-error",
            "minimal/syntax-error-imported",
            "minimal/throws-text",
            "minimal/unknown-global",
        ],
    );
}

#[test]
fn app() {
    run_page_cases(
        "specs/app/runtime.toml",
        true,
        &[
            "app/arguments",
            "app/dynamic",
            "app/graph",
            "app/json",
            "app/meta",
            "app/missing",
            "app/outside",
            "app/source",
            "app/stack",
        ],
    );
}

#[test]
fn timers() {
    run_page_cases(
        "wasm/timers.toml",
        false,
        &[
            "full/timer-arguments",
            "full/timer-nested",
            "full/timer-order",
            "full/timer-throws",
        ],
    );
}

#[test]
fn interface() {
    run_page_tests("wasm/runtime.toml", "wasm/api.test.mjs");
}

#[test]
fn files() {
    run_page_tests("wasm/files.toml", "wasm/files.test.mjs");
}

#[test]
fn example() {
    if let Some(said) = run_example("node") {
        assert_eq!(
            said,
            "plug-in: total 75\nRangeError: nobody sells unicorn\nthe script computed for longer than `limits.cpu = \"1s\"` allows\n"
        );
    }
}
