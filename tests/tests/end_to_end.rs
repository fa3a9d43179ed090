//! Each area of `specs/`: a real generated crate, built and run as its user would.

use tailor_tests::{run_area, run_area_and};

#[test]
fn minimal() {
    run_area("minimal");
}

#[test]
fn full() {
    run_area("full");
}

#[test]
fn limited() {
    run_area("limited");
}

#[test]
fn native() {
    run_area("native");
}

#[test]
fn krate() {
    run_area("krate");
}

#[test]
fn overrides() {
    run_area("override");
}

#[test]
fn app() {
    run_area("app");
}

#[test]
fn each_difference_is_about_a_case_and_an_engine() {
    assert_eq!(tailor_tests::stale_differences(), Vec::<String>::new());
}

#[test]
fn isolated() {
    run_area("isolated");
}

#[test]
fn mounted() {
    run_area_and("mounted", &["full/fs-errors", "full/fs-roundtrip"]);
}
