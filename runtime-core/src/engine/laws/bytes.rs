//! Bytes: views, what detaches or resizes them, and what is refused.

use super::{eval, law, set_global, text};
use crate::engine::{Cx, Error, Object};

fn bytes(cx: &mut Cx<'_>, code: &str) -> Vec<u8> {
    let view = eval(cx, code).view(cx).expect("it has bytes");
    view.bytes(cx).to_vec()
}

#[test]
fn a_buffer_and_each_view_of_it_show_their_part() {
    law(|cx| {
        eval(
            cx,
            "globalThis.buffer = new Uint8Array([0, 1, 2, 3, 4, 5, 6, 7]).buffer",
        );
        for (code, expected) in [
            ("buffer", &[0u8, 1, 2, 3, 4, 5, 6, 7][..]),
            ("new Uint8Array(buffer, 2, 3)", &[2, 3, 4]),
            ("new Uint16Array(buffer, 2, 1)", &[2, 3]),
            ("new DataView(buffer, 6)", &[6, 7]),
            ("new Uint8Array(buffer).subarray(1, 2)", &[1]),
            ("new Uint8ClampedArray(0)", &[]),
            ("new Float64Array(buffer)", &[0, 1, 2, 3, 4, 5, 6, 7]),
        ] {
            assert_eq!(bytes(cx, code), expected, "{code}");
        }
    });
}

#[test]
fn what_is_written_is_seen_by_scripts() {
    law(|cx| {
        let array = eval(
            cx,
            "globalThis.array = new Uint8Array(4); array.subarray(1, 3)",
        );
        let view = array.view(cx).expect("it has bytes");
        view.bytes_mut(cx).copy_from_slice(&[8, 9]);
        assert_eq!(text(cx, "array"), "0,8,9,0");
        eval(cx, "array[2] = 7");
        assert_eq!(view.bytes(cx), [8, 7]);
    });
}

#[test]
fn fresh_bytes_are_copies() {
    law(|cx| {
        let source = vec![1, 2, 3];
        let array = Object::uint8_array(cx, &source).expect("there is memory");
        let buffer = Object::array_buffer(cx, &source).expect("there is memory");
        drop(source);
        set_global(cx, "array", array.to_value());
        set_global(cx, "buffer", buffer.to_value());
        assert_eq!(
            text(cx, "array[0] = 9; [array, array instanceof Uint8Array]"),
            "9,2,3,true"
        );
        assert_eq!(
            text(
                cx,
                "[buffer instanceof ArrayBuffer, new Uint8Array(buffer)]"
            ),
            "true,1,2,3"
        );
        let empty = Object::uint8_array(cx, &[]).expect("there is memory");
        let view = empty.to_value().view(cx).expect("it has bytes");
        assert!(view.bytes(cx).is_empty());
    });
}

#[test]
fn a_detached_buffer_is_refused_and_a_view_of_one_is_empty() {
    law(|cx| {
        let buffer = eval(cx, "globalThis.buffer = new ArrayBuffer(4)");
        let early = eval(cx, "new Uint8Array(buffer)")
            .view(cx)
            .expect("it has bytes");
        buffer.as_object().expect("it is one").detach();
        assert!(early.bytes(cx).is_empty());
        assert!(early.bytes_mut(cx).is_empty());
        assert!(matches!(buffer.view(cx), Err(Error::Mismatch(_))));
    });
}

#[test]
fn a_view_beyond_a_shrunk_buffer_is_empty() {
    law(|cx| {
        eval(
            cx,
            "globalThis.buffer = new ArrayBuffer(8, { maxByteLength: 16 })",
        );
        let tail = eval(cx, "new Uint8Array(buffer, 4, 4)")
            .view(cx)
            .expect("it has bytes");
        assert_eq!(tail.bytes(cx).len(), 4);
        eval(cx, "buffer.resize(6)");
        assert!(tail.bytes(cx).is_empty());
        eval(cx, "buffer.resize(16); new Uint8Array(buffer)[5] = 5");
        assert_eq!(tail.bytes(cx), [0, 5, 0, 0]);
        let whole = eval(cx, "new Uint8Array(buffer)")
            .view(cx)
            .expect("it has bytes");
        assert_eq!(whole.bytes(cx).len(), 16);
    });
}

#[test]
fn shared_memory_is_refused() {
    law(|cx| {
        eval(cx, "globalThis.shared = new SharedArrayBuffer(4)");
        for code in ["shared", "new Uint8Array(shared)", "new DataView(shared)"] {
            assert!(
                matches!(eval(cx, code).view(cx), Err(Error::Mismatch(_))),
                "{code}"
            );
        }
    });
}

#[test]
fn what_has_no_bytes_is_refused() {
    law(|cx| {
        for code in [
            "'text'",
            "1",
            "null",
            "[1, 2]",
            "({ buffer: new ArrayBuffer(1) })",
        ] {
            assert!(
                matches!(eval(cx, code).view(cx), Err(Error::Mismatch(_))),
                "{code}"
            );
        }
    });
}

#[test]
fn bytes_are_copied_from_whatever_has_some() {
    law(|cx| {
        eval(
            cx,
            "globalThis.plain = new Uint8Array([1, 2, 3, 4]).buffer; \
             globalThis.shared = new SharedArrayBuffer(4); \
             new Uint8Array(shared).set([5, 6, 7, 8]); \
             globalThis.resized = new ArrayBuffer(8, { maxByteLength: 8 }); \
             globalThis.beyond = new Uint8Array(resized, 4, 4); \
             resized.resize(2); \
             globalThis.detached = new ArrayBuffer(4); \
             globalThis.seen = new Uint8Array(detached); \
             globalThis.data = new DataView(detached)",
        );
        let detached = eval(cx, "detached").as_object().expect("it is one");
        detached.detach();
        for (code, expected) in [
            ("plain", Some(&[1u8, 2, 3, 4][..])),
            ("new Uint8Array(plain, 1, 2)", Some(&[2, 3])),
            ("new Uint16Array(plain, 2)", Some(&[3, 4])),
            ("new DataView(plain, 3)", Some(&[4])),
            ("shared", Some(&[5, 6, 7, 8])),
            ("new Uint8Array(shared, 1, 2)", Some(&[6, 7])),
            ("new DataView(shared, 3)", Some(&[8])),
            ("resized", Some(&[0, 0])),
            ("beyond", Some(&[])),
            ("detached", Some(&[])),
            ("seen", Some(&[])),
            ("data", Some(&[])),
            ("[1, 2]", None),
            ("({ buffer: plain })", None),
            ("'text'", None),
            ("undefined", None),
        ] {
            let copied = eval(cx, code).copied_bytes(cx).expect("there is memory");
            assert_eq!(copied.as_deref(), expected, "{code}");
        }
    });
}
