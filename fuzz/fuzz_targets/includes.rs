//! libFuzzer's way to the target `includes`.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| (tailor_fuzz::Target::named("includes").run)(data));
