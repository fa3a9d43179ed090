//! Values are made, read and told apart.

use super::{eval, law, text, type_of};
use crate::engine::{Type, Value};

#[test]
fn each_type_is_told_apart() {
    law(|cx| {
        for (code, expected) in [
            ("undefined", Type::Undefined),
            ("null", Type::Null),
            ("true", Type::Boolean),
            ("1", Type::Number),
            ("1.5", Type::Number),
            ("1n", Type::BigInt),
            ("''", Type::String),
            ("Symbol()", Type::Symbol),
            ("(() => 1)", Type::Function),
            ("(class {})", Type::Function),
            ("({})", Type::Object),
            ("[]", Type::Object),
        ] {
            assert_eq!(type_of(cx, code), expected, "{code}");
        }
    });
}

#[test]
fn a_number_is_the_same_whichever_way_it_is_made() {
    law(|_| {
        assert!(Value::int(3).strict_eq(&Value::number(3.0)));
        assert!(!Value::number(f64::NAN).strict_eq(&Value::number(f64::NAN)));
        assert_eq!(
            Value::number(-0.0).as_number().map(f64::is_sign_negative),
            Some(true)
        );
        assert_eq!(
            Value::number(9_007_199_254_740_993.0).as_number(),
            Some(9_007_199_254_740_992.0)
        );
    });
}

#[test]
fn nothing_is_read_as_another_type() {
    law(|cx| {
        let one = eval(cx, "'1'");
        assert_eq!((one.as_number(), one.as_bool()), (None, None));
        assert!(one.as_object().is_none() && one.as_function().is_none());
        let number = Value::int(1);
        assert_eq!((number.as_string(), number.as_i128()), (None, None));
    });
}

#[test]
fn text_keeps_every_character() {
    law(|cx| {
        for sample in ["", "ascii", "caf\u{e9}", "\u{3b1}\u{3b2}", "\u{1f600} a\0b"] {
            let value = Value::string(cx, sample);
            assert_eq!(value.as_string().as_deref(), Some(sample));
            let units: Vec<u16> = sample.encode_utf16().collect();
            assert_eq!(value.as_utf16(), Some(units));
        }
    });
}

#[test]
fn a_lone_surrogate_is_kept_as_a_unit_and_replaced_as_text() {
    law(|cx| {
        let value = Value::string_utf16(cx, &[0x61, 0xd800, 0x62]);
        assert_eq!(value.as_utf16(), Some(vec![0x61, 0xd800, 0x62]));
        assert_eq!(value.as_string().as_deref(), Some("a\u{fffd}b"));
        let same = eval(cx, r"'a\ud800b'");
        assert!(value.strict_eq(&same));
    });
}

#[test]
fn bigints_of_128_bits_are_exact_and_larger_ones_are_digits() {
    law(|cx| {
        for sample in [0, -1, i128::MAX, i128::MIN] {
            let value = Value::bigint(cx, sample);
            assert_eq!(value.as_i128(), Some(sample));
            assert_eq!(value.clone().bigint_text(), Some(sample.to_string()));
        }
        let large = eval(cx, "2n ** 200n");
        assert_eq!(large.as_i128(), None);
        let digits = large.bigint_text().expect("it is a bigint");
        let again = Value::bigint_from_text(cx, &digits).expect("these are digits");
        assert!(large.strict_eq(&again));
        assert!(Value::bigint_from_text(cx, "12x").is_none());
    });
}

#[test]
fn conversions_of_the_language_run_scripts() {
    law(|cx| {
        let object = eval(cx, "({ toString: () => 'told', valueOf: () => 7 })");
        assert_eq!(object.to_text(cx).ok().as_deref(), Some("told"));
        assert_eq!(object.to_number(cx).ok(), Some(7.0));
        let symbol = eval(cx, "Symbol('tag')");
        assert!(symbol.to_text(cx).is_err());
        assert_eq!(symbol.symbol_text().as_deref(), Some("Symbol(tag)"));
        for (code, truth) in [("''", false), ("NaN", false), ("0n", false), ("[]", true)] {
            assert_eq!(eval(cx, code).to_boolean(), truth, "{code}");
        }
    });
}

#[test]
fn the_global_object_is_that_of_scripts() {
    law(|cx| {
        super::set_global(cx, "told", Value::int(4));
        assert_eq!(text(cx, "told + globalThis.told"), "8");
    });
}
