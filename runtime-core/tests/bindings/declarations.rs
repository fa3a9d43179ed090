//! What the tables say of types: the declarations are printed from them.

use runtime_core::definition::{FnDecl, ModuleDef};
use runtime_core::prelude::*;
use runtime_core::ts::{Ts, TypeBody};

#[js_module]
#[allow(unused_variables, reason = "only signatures are looked at")]
mod shown {
    use std::collections::HashMap;

    use super::*;

    /// A point.
    #[derive(FromJs, IntoJs)]
    struct Point {
        /// Across.
        x: f64,
        #[js(default)]
        y: f64,
        label: Option<String>,
    }

    #[derive(FromJs)]
    enum Mode {
        Fast,
        VerySlow,
    }

    /// Hand-written, and without a declaration.
    struct Opaque;

    impl<'js> FromJs<'js> for Opaque {
        fn from_js(_: &mut Cx<'js>, _: &Value<'js>) -> Result<Self, Error<'js>> {
            Ok(Self)
        }
    }

    #[js_class(name = "Shown")]
    struct Class;

    #[js_class]
    impl Class {
        /// Its items.
        #[js(iterator)]
        fn items(&self) -> impl Iterator<Item = u64> + use<> {
            0..3
        }

        #[cfg(any())]
        fn never(&self) -> NoSuchType {}

        fn other(&self, class: &Self) -> Self {
            Self
        }
    }

    /// Says it.
    ///
    /// Twice.
    #[js_fn]
    fn simple(text: &str, #[js(default = 1)] times: u32, rest: Rest<bool>) {}

    #[js_fn]
    fn bytes(lent: &[u8], owned: Vec<u8>) -> Vec<u8> {
        owned
    }

    #[js_fn(permission = "sys:sensor")]
    async fn points(
        points: Vec<Point>,
        mode: Option<Mode>,
    ) -> Result<HashMap<String, Point>, JsError> {
        Ok(HashMap::new())
    }

    #[js_fn]
    fn call(callback: Callback<(Vec<u8>, f64), Vec<u8>>) {}

    #[js_fn]
    fn any<'js>(cx: &mut Cx<'js>, value: Value<'js>, opaque: Opaque) -> (i64, Value<'js>) {
        (0, value)
    }
}

fn text(ts: Ts) -> String {
    let list = |all: &[Ts]| {
        all.iter()
            .map(|ts| text(*ts))
            .collect::<Vec<_>>()
            .join(", ")
    };
    match ts {
        Ts::Name(name) => name.to_owned(),
        Ts::Array(item) => format!("{}[]", text(*item)),
        Ts::Optional(item) => format!("{}?", text(*item)),
        Ts::Record(item) => format!("Record<{}>", text(*item)),
        Ts::Generic(name, items) => format!("{name}<{}>", list(items)),
        Ts::Tuple(items) => format!("[{}]", list(items)),
        Ts::Union(items) => format!("({})", list(items).replace(", ", " | ")),
        Ts::Function(params, result) => format!("({}) => {}", list(params), text(*result)),
        Ts::Declared(decl) => decl().name.to_owned(),
        other => format!("{other:?}"),
    }
}

fn signature(decl: &FnDecl) -> String {
    let params = decl.params.iter().map(|param| {
        let (rest, optional) = (
            if param.rest { "..." } else { "" },
            if param.optional { "?" } else { "" },
        );
        format!("{rest}{}{optional}: {}", param.name, text(param.ty))
    });
    let params = params.collect::<Vec<_>>().join(", ");
    format!("{}({params}): {}", decl.name, text(decl.returns))
}

#[test]
fn a_function_says_its_types() {
    let ModuleDef { functions, .. } = MODULE;
    let signatures: Vec<_> = functions
        .iter()
        .map(|function| signature(function.decl))
        .collect();
    assert_eq!(
        signatures,
        [
            "simple(text: string, times?: number, ...rest?: boolean[]): void",
            "bytes(lent: (ArrayBuffer | ArrayBufferView), owned: (ArrayBuffer | ArrayBufferView)): Uint8Array",
            "points(points: Point[], mode?: Mode?): Record<Point>",
            "call(callback: (Uint8Array, number) => (ArrayBuffer | ArrayBufferView)): void",
            "any(value: unknown, opaque: unknown): [bigint, unknown]",
        ]
    );
}

#[test]
fn a_function_says_what_is_written_about_it() {
    let [simple, _, points, ..] = MODULE.functions else {
        panic!("there are three functions and more");
    };
    assert_eq!(simple.decl.doc, "Says it.\n\nTwice.");
    assert_eq!(
        (points.decl.is_async, points.decl.permission),
        (true, Some("sys:sensor"))
    );
}

#[test]
fn a_class_says_its_types() {
    let [class] = MODULE.classes else {
        panic!("there is one class");
    };
    assert_eq!(class.name, "Shown");
    let methods: Vec<_> = class
        .methods
        .iter()
        .map(|method| signature(method.decl))
        .collect();
    assert_eq!(methods, ["other(class: Shown): Shown"]);
    let iterator = class.iterator.expect("it is iterable");
    assert_eq!(text(iterator.item), "bigint");
    assert_eq!(iterator.function.decl.doc, "Its items.");
}

#[test]
fn a_struct_and_an_enum_say_their_parts() {
    let [_, _, points, ..] = MODULE.functions else {
        panic!("there are three functions and more");
    };
    let declared = |ts: Ts| match ts {
        Ts::Array(Ts::Declared(decl)) | Ts::Optional(Ts::Declared(decl)) => decl(),
        other => panic!("{other:?} is not declared"),
    };
    let point = declared(points.decl.params[0].ty);
    assert_eq!(point.doc, "A point.");
    let TypeBody::Interface(fields) = point.body else {
        panic!("a struct is an interface");
    };
    let fields: Vec<_> = fields
        .iter()
        .map(|field| (field.name, field.doc, text(field.ty), field.optional))
        .collect();
    assert_eq!(
        fields,
        [
            ("x", "Across.", "number".to_owned(), false),
            ("y", "", "number".to_owned(), true),
            ("label", "", "string?".to_owned(), true),
        ]
    );
    let TypeBody::Literals(names) = declared(points.decl.params[1].ty).body else {
        panic!("an enum without data is one of some strings");
    };
    assert_eq!(names, ["fast", "verySlow"]);
}
