//! The entry point of `cargo xtask`; everything is in the library, so that tests can call the stages.

use std::process::ExitCode;

fn main() -> ExitCode {
    xtask::commands::main()
}
