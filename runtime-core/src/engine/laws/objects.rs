//! Objects: properties, prototypes, keys, kinds.

use super::{eval, law, text};
use crate::engine::{Key, Kind, Object, Property, Type, Value, WellKnown};

#[test]
fn a_property_is_set_read_found_and_deleted() {
    law(|cx| {
        let object = Object::new(cx);
        object
            .set(cx, "a", Value::int(1))
            .expect("it is extensible");
        assert_eq!(
            object.get(cx, "a").expect("no getter").as_number(),
            Some(1.0)
        );
        assert!(object.has(cx, "a").expect("no proxy"));
        object.delete(cx, "a").expect("it is configurable");
        assert!(!object.has(cx, "a").expect("no proxy"));
        assert!(object.get(cx, "a").expect("no getter").is_undefined());
    });
}

#[test]
fn writing_is_strict() {
    law(|cx| {
        let frozen = eval(cx, "Object.freeze({ a: 1 })")
            .as_object()
            .expect("it is one");
        assert!(frozen.set(cx, "a", Value::int(2)).is_err());
        assert!(frozen.delete(cx, "a").is_err());
        assert!(
            frozen
                .define(cx, "b", Property::plain(Value::int(2)))
                .is_err()
        );
    });
}

#[test]
fn a_getter_runs_and_its_error_is_thrown() {
    law(|cx| {
        let object = eval(
            cx,
            "({ get a() { return this.b }, b: 5, get c() { throw 1 } })",
        );
        let object = object.as_object().expect("it is one");
        assert_eq!(
            object.get(cx, "a").ok().and_then(|a| a.as_number()),
            Some(5.0)
        );
        assert!(object.get(cx, "c").is_err());
    });
}

#[test]
fn describing_a_property_runs_no_getter() {
    law(|cx| {
        let object = eval(cx, "globalThis.ran = 0; ({ get a() { ran++ }, b: 2 })");
        let object = object.as_object().expect("it is one");
        let a = object
            .own_property(cx, "a")
            .expect("no proxy")
            .expect("it has one");
        assert!(a.get.is_some() && a.set.is_none() && a.value.is_none());
        let b = object
            .own_property(cx, "b")
            .expect("no proxy")
            .expect("it has one");
        assert_eq!(b.value.and_then(|value| value.as_number()), Some(2.0));
        assert!(b.writable && b.enumerable && b.configurable);
        assert!(
            object
                .own_property(cx, "toString")
                .expect("no proxy")
                .is_none()
        );
        assert_eq!(text(cx, "ran"), "0");
    });
}

#[test]
fn each_way_to_define_a_property_is_what_it_says() {
    law(|cx| {
        let object = Object::new(cx);
        for (name, property) in [
            ("plain", Property::plain(Value::int(1))),
            ("hidden", Property::hidden(Value::int(2))),
            ("constant", Property::constant(Value::int(3))),
        ] {
            object.define(cx, name, property).expect("it is extensible");
        }
        super::set_global(cx, "object", object.to_value());
        assert_eq!(text(cx, "Object.keys(object)"), "plain,constant");
        let described = "JSON.stringify(Object.getOwnPropertyDescriptor(object, 'constant'))";
        assert_eq!(
            text(cx, described),
            r#"{"value":3,"writable":false,"enumerable":true,"configurable":false}"#
        );
    });
}

#[test]
fn a_defined_proto_is_an_ordinary_key() {
    law(|cx| {
        let object = Object::new(cx);
        let before = object.proto().expect("an ordinary object has one");
        object
            .define(cx, "__proto__", Property::plain(Value::int(1)))
            .expect("it is extensible");
        assert!(object.proto().expect("still").same(&before));
        super::set_global(cx, "object", object.to_value());
        assert_eq!(text(cx, "JSON.stringify(object)"), r#"{"__proto__":1}"#);
    });
}

#[test]
fn own_keys_come_in_the_order_of_the_language() {
    law(|cx| {
        let object = eval(cx, "({ b: 1, 2: 1, a: 1, 1: 1, [Symbol('s')]: 1 })");
        let object = object.as_object().expect("it is one");
        let keys = object.own_keys(cx).expect("no proxy");
        let names: Vec<_> = keys.iter().filter_map(Value::as_string).collect();
        assert_eq!(names, ["1", "2", "b", "a"]);
        assert_eq!(keys.last().map(Value::type_of), Some(Type::Symbol));
        for key in &keys {
            let value = object.get(cx, Key::Of(key)).expect("no getter");
            assert_eq!(value.as_number(), Some(1.0));
        }
    });
}

#[test]
fn prototypes_are_read_and_replaced() {
    law(|cx| {
        let parent = eval(cx, "({ inherited: 1 })")
            .as_object()
            .expect("it is one");
        let child = Object::with_proto(cx, Some(&parent));
        assert!(child.proto().expect("it was given one").same(&parent));
        assert_eq!(
            child.get(cx, "inherited").ok().and_then(|v| v.as_number()),
            Some(1.0)
        );
        child.set_proto(cx, None);
        assert!(child.proto().is_none());
        assert!(Object::with_proto(cx, None).proto().is_none());
    });
}

#[test]
fn an_array_is_one_for_scripts_too() {
    law(|cx| {
        let items = [Value::int(1), Value::undefined(), Value::bool(true)];
        let array = Object::array(cx, items);
        assert!(array.is_array() && array.kind() == Kind::Array);
        assert_eq!(
            array.get(cx, "length").ok().and_then(|n| n.as_number()),
            Some(3.0)
        );
        assert_eq!(
            array.get(cx, 2).ok().and_then(|item| item.as_bool()),
            Some(true)
        );
        super::set_global(cx, "array", array.to_value());
        assert_eq!(
            text(cx, "Array.isArray(array) && array.map(String).join()"),
            "1,undefined,true"
        );
    });
}

#[test]
fn well_known_symbols_are_those_of_scripts() {
    law(|cx| {
        let object = Object::new(cx);
        for (symbol, value) in [
            (WellKnown::Iterator, 1),
            (WellKnown::AsyncIterator, 2),
            (WellKnown::ToStringTag, 3),
        ] {
            object
                .set(cx, symbol, Value::int(value))
                .expect("it is extensible");
        }
        super::set_global(cx, "object", object.to_value());
        let read =
            "[object[Symbol.iterator], object[Symbol.asyncIterator], object[Symbol.toStringTag]]";
        assert_eq!(text(cx, read), "1,2,3");
    });
}

#[test]
fn identity_is_that_of_the_object() {
    law(|cx| {
        let pair = eval(cx, "globalThis.a = {}; [a, a, {}]")
            .as_object()
            .expect("it is one");
        let mut item = |index: u32| {
            let item = pair.get(cx, index).expect("no getter");
            item.as_object().expect("each is one")
        };
        let (first, again, other) = (item(0), item(1), item(2));
        assert!(first.same(&again) && !first.same(&other));
        assert_eq!(first.identity(), again.identity());
        assert_ne!(first.identity(), other.identity());
    });
}

#[test]
fn the_kind_is_told_by_hidden_parts_and_not_by_prototypes() {
    law(|cx| {
        for (code, expected) in [
            ("[]", Kind::Array),
            ("new ArrayBuffer(1)", Kind::ArrayBuffer),
            ("new Number(1)", Kind::BoxedPrimitive),
            ("new DataView(new ArrayBuffer(1))", Kind::DataView),
            ("new Date(0)", Kind::Date),
            ("new TypeError('x')", Kind::Error),
            ("() => 1", Kind::Function),
            ("(function* () {})()", Kind::Generator),
            ("new Map()", Kind::Map),
            ("({})", Kind::Plain),
            ("Object.create(Map.prototype)", Kind::Plain),
            ("Object.setPrototypeOf(new Map(), null)", Kind::Map),
            ("Promise.resolve()", Kind::Promise),
            ("new Proxy({}, {})", Kind::Proxy),
            ("new Proxy([], {})", Kind::Proxy),
            ("/a/g", Kind::RegExp),
            ("new Set()", Kind::Set),
            ("new SharedArrayBuffer(1)", Kind::SharedArrayBuffer),
            ("new Uint8Array(1)", Kind::TypedArray),
            ("new WeakMap()", Kind::WeakMap),
            ("new WeakSet()", Kind::WeakSet),
        ] {
            let object = eval(cx, code).as_object().expect("each is one");
            assert_eq!(object.kind(), expected, "{code}");
        }
    });
}

#[test]
fn hidden_parts_are_read_without_a_script() {
    law(|cx| {
        let map = eval(cx, "new Map([['a', 1], [2, 'b']])")
            .as_object()
            .expect("it is one");
        let entries = map.map_entries().expect("it is a map");
        assert_eq!(entries.len(), 2);
        assert_eq!(entries[0].0.as_string().as_deref(), Some("a"));
        let set = eval(cx, "new Set([1, 2])").as_object().expect("it is one");
        assert_eq!(set.set_values().map(|values| values.len()), Some(2));
        let date = eval(cx, "new Date(86400000)")
            .as_object()
            .expect("it is one");
        assert_eq!(date.date_millis(cx), Some(86_400_000.0));
        assert_eq!(Object::date(cx, 5.0).date_millis(cx), Some(5.0));
        let regexp = eval(cx, "/a.b/gi").as_object().expect("it is one");
        assert_eq!(regexp.regexp(cx), Some(("a.b".to_owned(), "gi".to_owned())));
        let floats = eval(cx, "new Float64Array(3)")
            .as_object()
            .expect("it is one");
        assert_eq!(floats.typed_array_name(), Some("Float64Array"));
        assert_eq!(floats.typed_array_len(cx), Some(3));
    });
}

#[test]
fn the_global_scope_has_no_name_that_the_language_does_not_give() {
    law(|cx| {
        let names = "['TypedArray', 'AsyncFunction', 'GeneratorFunction', 'Iterator'].filter((name) => name in globalThis).join()";
        assert_eq!(text(cx, names), "Iterator");
    });
}
