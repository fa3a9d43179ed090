//! libFuzzer's way to the target `crossings`.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| (tailor_fuzz::Target::named("crossings").run)(data));
