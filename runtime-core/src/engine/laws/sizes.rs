//! What a script asks for that is larger than there can be: an error in the script, and the runtime goes on.
//!
//! The boundary: no limit is set here. `limits.rs` has the laws of limits.

use super::{eval, law};
use crate::engine::Cx;

/// Runs `code`, which asks for too much: it throws, and the next script runs.
#[track_caller]
fn is_refused(cx: &mut Cx<'_>, code: &str) {
    let guarded = format!("try {{ {code}; 'no error' }} catch (error) {{ error.name }}");
    let name = super::text(cx, &guarded);
    // An engine says `InternalError` of what its own memory cannot hold.
    let expected = ["RangeError", "TypeError", "InternalError", "SyntaxError"];
    assert!(expected.contains(&name.as_str()), "{code}: {name}");
    assert_eq!(eval(cx, "1 + 1").as_number(), Some(2.0), "{code}");
}

#[test]
fn a_text_that_would_be_too_long_is_an_error() {
    let texts = [
        "Array(2 ** 20).join('x'.repeat(2 ** 22))",
        "'x'.repeat(2 ** 31)",
        "'x'.padStart(2 ** 31)",
        "'x'.padEnd(2 ** 31)",
    ];
    law(|cx| {
        for code in texts {
            is_refused(cx, code);
        }
    });
}

#[test]
fn a_list_that_would_be_too_long_is_an_error() {
    let lists = [
        "Math.max.apply(null, { length: 2 ** 31 })",
        "Reflect.apply(Math.max, null, { length: 2 ** 31 })",
        "Reflect.construct(Array, { length: 2 ** 31 })",
        "new Array(2 ** 32)",
        "new ArrayBuffer(2 ** 50)",
        "new ArrayBuffer(1, { maxByteLength: 2 ** 50 })",
        "new Uint8Array(2 ** 50)",
        "new Uint8Array({ length: 2 ** 50 })",
        "2n ** (2n ** 40n)",
        "1n << (2n ** 40n)",
    ];
    law(|cx| {
        for code in lists {
            is_refused(cx, code);
        }
    });
}

#[test]
fn a_length_that_lies_takes_no_memory() {
    law(|cx| {
        let stop =
            "get(of, key) { if (key === 'length') return 2 ** 50; throw new RangeError('read') }";
        is_refused(cx, &format!("JSON.stringify(new Proxy([], {{ {stop} }}))"));
        is_refused(
            cx,
            &format!("Array.prototype.join.call(new Proxy([], {{ {stop} }}), '')"),
        );
    });
}

#[test]
fn what_is_as_long_as_it_may_be_is_made() {
    law(|cx| {
        let check = |cx: &mut Cx<'_>, code: &str, expect: f64| {
            assert_eq!(eval(cx, code).as_number(), Some(expect), "{code}");
        };
        check(cx, "Array(2 ** 20).join('ab').length", 2_097_150.0);
        check(cx, "Array(9000).fill('ab').join('').length", 18_000.0);
        check(cx, "[1, , 2, null, '', 3].join('-').length", 8.0);
        check(cx, "'abc'.repeat(1001).lastIndexOf('abc')", 3000.0);
        check(cx, "Math.max.apply(null, Array(60000).fill(7))", 7.0);
    });
}
