//! The npm package in a real browser without a window, and the example page by click and key.

use tailor_tests::{On, run_browser_tests, run_example_page};

#[test]
fn browser_interface() {
    run_browser_tests(
        "wasm/runtime.toml",
        On::EveryEngine,
        "browser/page.test.mjs",
    );
}

#[test]
fn browser_elements() {
    run_browser_tests("browser/runtime.toml", On::Quickest, "browser/dom.test.mjs");
}

#[test]
fn browser_files() {
    run_browser_tests(
        "browser/runtime.toml",
        On::Quickest,
        "browser/files.test.mjs",
    );
}

#[test]
fn playground() {
    run_example_page("playground", "browser/playground.test.mjs");
}
