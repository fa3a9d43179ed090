//! The npm package in a real browser without a window, and the example page by click and key.

use tailor_tests::{run_browser_tests, run_example_page};

#[test]
fn interface() {
    run_browser_tests("wasm/runtime.toml", "browser/page.test.mjs");
}

#[test]
fn elements_of_the_page() {
    run_browser_tests("browser/dom.toml", "browser/dom.test.mjs");
}

#[test]
fn files_that_a_page_keeps() {
    run_browser_tests("browser/files.toml", "browser/files.test.mjs");
}

#[test]
fn playground() {
    run_example_page("playground", "browser/playground.test.mjs");
}
