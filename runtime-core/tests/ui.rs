//! Each file of `ui/` states one rule in its name; beside it stands what the compiler says.

#[test]
fn what_cannot_be_meant_is_refused_with_what_would_be_right() {
    trybuild::TestCases::new().compile_fail("tests/ui/*.rs");
}
