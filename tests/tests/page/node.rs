//! What holds for a binary holds for the npm package of the same spec: cases of `specs/`, in Node. What is not listed is about the
//! command line, the file system, a status of its own, or what a report says beyond the error.

use tailor_tests::{On, run_example, run_page_cases, run_page_tests};

#[test]
fn cases() {
    run_page_cases(
        "wasm/runtime.toml",
        On::EveryEngine,
        false,
        &[
            "full/timer-arguments",
            "full/timer-nested",
            "full/timer-order",
            "full/timer-throws",
            "minimal/cause",
            "minimal/console",
            "minimal/eval",
            "minimal/inspect",
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

/// What is about modules that were not selected.
#[test]
fn minimal() {
    run_page_cases(
        "specs/minimal/runtime.toml",
        On::Quickest,
        false,
        &["minimal/absent", "minimal/missing-module"],
    );
}

#[test]
fn app() {
    run_page_cases(
        "specs/app/runtime.toml",
        On::Quickest,
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
fn interface() {
    run_page_tests("wasm/runtime.toml", On::EveryEngine, "wasm/api.test.mjs");
}

#[test]
fn workers() {
    run_page_tests("wasm/runtime.toml", On::EveryEngine, "wasm/worker.test.mjs");
}

#[test]
fn files() {
    run_page_tests("wasm/files.toml", On::Quickest, "wasm/files.test.mjs");
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
