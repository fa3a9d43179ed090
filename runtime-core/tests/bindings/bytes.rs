//! Bytes: lent in place, copied, written to.

use runtime_core::prelude::*;

use crate::check;

#[js_module(globals)]
mod plain {
    use super::*;

    #[js_fn]
    fn sum(bytes: &[u8]) -> u32 {
        bytes.iter().map(|byte| u32::from(*byte)).sum()
    }

    #[js_fn]
    fn fill(bytes: &mut [u8], with: u8) {
        bytes.fill(with);
    }

    #[js_fn]
    fn join(first: &[u8], second: &[u8]) -> Vec<u8> {
        [first, second].concat()
    }

    #[js_fn]
    fn copy(bytes: Vec<u8>) -> ArrayBuffer {
        ArrayBuffer(bytes)
    }
}

#[test]
fn bytes_are_taken_from_buffers_and_views() {
    check(
        &MODULE,
        &[
            ("sum(new Uint8Array([1, 2, 3]))", "6"),
            ("sum(new Uint8Array([1, 2, 3]).subarray(1))", "5"),
            ("sum(new Uint8Array([1, 2, 3]).buffer)", "6"),
            (
                "sum(new DataView(new Uint8Array([1, 2, 3]).buffer, 1, 1))",
                "2",
            ),
            ("sum(new Uint16Array([0x0101]))", "2"),
            ("join(new Uint8Array([1]), new Uint8Array([2, 3]))", "1,2,3"),
            (
                "join(new Uint8Array([1]), new Uint8Array([2, 3])).constructor.name",
                "Uint8Array",
            ),
            (
                "copy(new Uint8Array([1, 2])).constructor.name",
                "ArrayBuffer",
            ),
        ],
    );
}

#[test]
fn what_is_written_to_lent_bytes_is_seen_by_the_script() {
    check(
        &MODULE,
        &[(
            "((bytes) => (fill(bytes.subarray(1, 3), 7), bytes))(new Uint8Array(4))",
            "0,7,7,0",
        )],
    );
}

#[test]
fn what_is_no_bytes_is_refused() {
    check(
        &MODULE,
        &[
            (
                "sum([1])",
                "thrown TypeError: sum: argument 1 (bytes) must be an ArrayBuffer or a view of one, got an object",
            ),
            (
                "sum('x')",
                "thrown TypeError: sum: argument 1 (bytes) must be an ArrayBuffer or a view of one, got a string",
            ),
        ],
    );
}
