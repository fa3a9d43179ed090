//! libFuzzer's way to the target `permissions`.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| (tailor_fuzz::Target::named("permissions").run)(data));
