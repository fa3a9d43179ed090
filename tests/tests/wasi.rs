//! What holds for a binary holds for the command that the same spec gives for hosts of WASI: cases of `specs/`, in `node:wasi`. What is not
//! listed needs a thread, a terminal or the machine's own paths, or has Boa count a long loop to its end.

use tailor_tests::run_wasi_cases;

#[test]
fn minimal() {
    run_wasi_cases(
        "minimal",
        &[],
        &[
            "minimal/absent",
            "minimal/cause",
            "minimal/console",
            "minimal/eval",
            "minimal/eval-throws",
            "minimal/help",
            "minimal/info",
            "minimal/inspect",
            "minimal/missing-global",
            "minimal/missing-module",
            "minimal/module-cycle",
            "minimal/module-errors",
            "minimal/module-graph",
            "minimal/no-such-file",
            "minimal/not-utf8",
            "minimal/prototypes",
            "minimal/rejection",
            "minimal/rejection-handled",
            "minimal/stdin",
            "minimal/stuck",
            "minimal/syntax-error",
            "minimal/syntax-error-imported",
            "minimal/throws-text",
            "minimal/unknown-global",
            "minimal/unknown-module",
            "minimal/usage",
            "minimal/version",
        ],
    );
}

#[test]
fn full() {
    run_wasi_cases(
        "full",
        &[],
        &[
            "full/flag-cannot-widen",
            "full/flag-denies",
            "full/import-denied",
            "full/timer-arguments",
            "full/timer-nested",
            "full/timer-order",
            "full/timer-throws",
            "full/timer-unref",
        ],
    );
}

#[test]
fn limited() {
    run_wasi_cases(
        "limited",
        &[],
        &[
            "limited/cpu-promise",
            "limited/cpu-turns",
            "limited/wall-wait",
        ],
    );
    // There the clock is what tells time of the processor: what must not run out of it has plenty.
    run_wasi_cases(
        "limited",
        &["limits.cpu=60s", "limits.wall=60s"],
        &[
            "limited/memory-array",
            "limited/memory-turns",
            "limited/timers-max",
        ],
    );
}
