//! The hostile suite: `tests/hostile/`, every script on every engine and in every mode of isolation.
#![cfg(target_os = "linux")]

use tailor_tests::run_hostile;

#[test]
fn every_attack_ends_as_it_must() {
    let (wrong, runs) = run_hostile().expect("every attack says how it must end");
    assert!(
        wrong.is_empty(),
        "{} of {runs} runs went wrong\n\n{}",
        wrong.len(),
        wrong.join("\n\n")
    );
}
