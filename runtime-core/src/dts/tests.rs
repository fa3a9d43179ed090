//! The printed text of a small runtime with one of everything, compared with a file that TypeScript itself was asked about.

use std::any::TypeId;

use super::runtime;
use crate::definition::{
    AccessorDef, ClassDef, ConstantDef, FnDecl, FnDef, GrantsDef, IteratorDef, ModuleDef, NativeFn,
    ParamDecl, RuntimeDef, Surface,
};
use crate::engine::{Args, Cx, Error, Value};
use crate::ts::{FieldDecl, Ts, TypeBody, TypeDecl, VariantDecl};

const NUMBER: Ts = Ts::Name("number");
const STRING: Ts = Ts::Name("string");

/// Natives that are only declared here.
macro_rules! declared {
    ($($name:ident: $decl:expr;)*) => {$(
        struct $name;

        impl NativeFn for $name {
            const DECL: FnDecl = $decl;

            fn call<'js>(_: &mut Cx<'js>, _: &Args<'_, 'js>) -> Result<Value<'js>, Error<'js>> {
                Ok(Value::undefined())
            }
        }
    )*};
}

const fn param(name: &'static str, ty: Ts) -> ParamDecl {
    let (optional, rest) = (matches!(ty, Ts::Optional(_)), false);
    ParamDecl {
        name,
        ty,
        optional,
        rest,
    }
}

const fn field(name: &'static str, doc: &'static str, ty: Ts) -> FieldDecl {
    let optional = matches!(ty, Ts::Optional(_));
    FieldDecl {
        name,
        doc,
        ty,
        optional,
    }
}

static OPTIONS: TypeDecl = TypeDecl {
    name: "Options",
    doc: "How it is done.",
    body: TypeBody::Interface(&[
        field("retries", "How often.", NUMBER),
        field(
            "on-error",
            "",
            Ts::Optional(&Ts::Function(&[STRING], &Ts::Name("void"))),
        ),
        field("nested", "", Ts::Optional(&Ts::Declared(|| &OPTIONS))),
        field("mode", "", Ts::Declared(|| &MODE)),
    ]),
};

static MODE: TypeDecl = TypeDecl {
    name: "Mode",
    doc: "",
    body: TypeBody::Literals(&["fast", "very \"safe\""]),
};

static EVENT: TypeDecl = TypeDecl {
    name: "Event",
    doc: "What happened.",
    body: TypeBody::Variants(
        "kind",
        &[
            VariantDecl {
                tag: "opened",
                doc: "It began.",
                fields: &[field("at", "When.", Ts::Name("Date"))],
            },
            VariantDecl {
                tag: "closed",
                doc: "",
                fields: &[],
            },
        ],
    ),
};

static OTHER_OPTIONS: TypeDecl = TypeDecl {
    name: "Options",
    doc: "",
    body: TypeBody::Alias(Ts::Union(&[STRING, Ts::Nullable(&NUMBER)])),
};

declared! {
    Plain: FnDecl { name: "plain", ..FnDecl::EMPTY };
    Greet: FnDecl {
        name: "greet",
        doc: "Greets somebody.\n\nEnds no comment: */ here.",
        params: &[param("name", STRING), param("times", Ts::Optional(&NUMBER))],
        returns: STRING,
        ..FnDecl::EMPTY
    };
    Reserved: FnDecl {
        name: "delete",
        params: &[param("function", STRING), param("2nd-word", STRING), param("default", STRING)],
        ..FnDecl::EMPTY
    };
    Middle: FnDecl {
        name: "middle",
        params: &[param("maybe", Ts::Optional(&STRING)), param("must", NUMBER)],
        returns: Ts::Optional(&NUMBER),
        ..FnDecl::EMPTY
    };
    Rest: FnDecl {
        name: "rest",
        params: &[ParamDecl { name: "all", ty: Ts::Array(&Ts::Union(&[STRING, NUMBER])), optional: true, rest: true }],
        ..FnDecl::EMPTY
    };
    Read: FnDecl {
        name: "read",
        doc: "Reads a sensor.",
        params: &[param("options", Ts::Declared(|| &OPTIONS))],
        returns: Ts::Array(&Ts::Declared(|| &EVENT)),
        is_async: true,
        permission: Some("sys:sensor"),
        ..FnDecl::EMPTY
    };
    Shapes: FnDecl {
        name: "shapes",
        params: &[
            param("list", Ts::Array(&Ts::Function(&[NUMBER], &Ts::Array(&STRING)))),
            param("pair", Ts::Tuple(&[STRING, Ts::Name("Uint8Array")])),
            param("record", Ts::Record(&Ts::Array(&Ts::Optional(&NUMBER)))),
            param("either", Ts::Union(&[Ts::Function(&[], &Ts::Name("void")), Ts::Nullable(&STRING)])),
        ],
        returns: Ts::Generic("Map", &[STRING, Ts::Promise(&Ts::Name("bigint"))]),
        ..FnDecl::EMPTY
    };
    Other: FnDecl {
        name: "other",
        params: &[param("options", Ts::Declared(|| &OTHER_OPTIONS)), param("again", Ts::Declared(|| &OPTIONS))],
        returns: Ts::Name("Counter"),
        ..FnDecl::EMPTY
    };
    NewCounter: FnDecl { name: "constructor", params: &[param("start", Ts::Optional(&NUMBER))], ..FnDecl::EMPTY };
    Inc: FnDecl { name: "inc", doc: "One more.", returns: NUMBER, ..FnDecl::EMPTY };
    Of: FnDecl { name: "of", params: &[param("n", NUMBER)], returns: Ts::Name("Counter"), ..FnDecl::EMPTY };
    GetCount: FnDecl { name: "count", doc: "How many.", returns: NUMBER, ..FnDecl::EMPTY };
    SetCount: FnDecl { name: "count", params: &[param("count", NUMBER)], ..FnDecl::EMPTY };
    GetTotal: FnDecl { name: "total", returns: NUMBER, ..FnDecl::EMPTY };
    Iterate: FnDecl { name: "[Symbol.iterator]", ..FnDecl::EMPTY };
}

static COUNTER: ClassDef = ClassDef {
    doc: "Counts.",
    constructor: Some(FnDef::of::<NewCounter>()),
    methods: &[FnDef::of::<Inc>(), FnDef::of::<Reserved>()],
    accessors: &[
        AccessorDef {
            name: "count",
            get: Some(FnDef::of::<GetCount>()),
            set: Some(FnDef::of::<SetCount>()),
            is_static: false,
        },
        AccessorDef {
            name: "total",
            get: Some(FnDef::of::<GetTotal>()),
            set: None,
            is_static: true,
        },
    ],
    statics: &[FnDef::of::<Of>()],
    constants: &[ConstantDef {
        name: "LIMIT",
        doc: "The most.",
        value: 7.0,
    }],
    iterator: Some(IteratorDef {
        function: FnDef::of::<Iterate>(),
        alias: Some("steps"),
        item: NUMBER,
        is_async: false,
    }),
    ..ClassDef::bare("Counter", TypeId::of::<NewCounter>)
};

const fn bare(name: &'static str, parent: &'static ClassDef) -> ClassDef {
    ClassDef {
        parent: Some(parent),
        ..ClassDef::bare(name, TypeId::of::<Plain>)
    }
}

static STEPPER: ClassDef = bare("Stepper", &COUNTER);
static FOREIGN: ClassDef = bare("Foreign", &COUNTER);

static RUNTIME: RuntimeDef = RuntimeDef {
    name: "acme-js",
    version: "1.2.0",
    description: "",
    modules: &[
        ModuleDef {
            name: "sensor",
            specifier: "acme:sensor",
            doc: "Everything about sensors.",
            functions: &[
                FnDef::of::<Plain>(),
                FnDef::of::<Greet>(),
                FnDef::of::<Reserved>(),
                FnDef::of::<Middle>(),
                FnDef::of::<Rest>(),
                FnDef::of::<Read>(),
                FnDef::of::<Shapes>(),
            ],
            classes: &[&COUNTER, &STEPPER],
            globals: &["Counter"],
            more: &["told", "untold"],
            types: "/** Told by hand. */\nexport const told: { (): void; deep: number };",
            ..ModuleDef::EMPTY
        },
        ModuleDef {
            name: "other",
            specifier: "acme:other",
            functions: &[FnDef::of::<Other>()],
            classes: &[&FOREIGN],
            ..ModuleDef::EMPTY
        },
        ModuleDef {
            name: "global",
            specifier: "acme:global",
            surface: Surface::Globals,
            functions: &[
                FnDef::of::<Greet>(),
                FnDef::of::<Reserved>(),
                FnDef::of::<Other>(),
            ],
            more: &["queue"],
            types: "export function queue(task: () => void): void;",
            ..ModuleDef::EMPTY
        },
        ModuleDef {
            name: "namespace",
            specifier: "acme:namespace",
            surface: Surface::Namespace("acme"),
            functions: &[FnDef::of::<Read>(), FnDef::of::<Other>()],
            more: &["extra"],
            ..ModuleDef::EMPTY
        },
    ],
    permissions: GrantsDef::NONE,
    mounts: &[],
    limits: runtime_core::Limits::NONE,
    app: None,
    missing: &[],
};

#[test]
fn a_runtime_with_one_of_everything() {
    let printed = runtime(&RUNTIME);
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/src/dts/expected.d.ts");
        std::fs::write(path, &printed).expect("the folder is writable");
        return;
    }
    assert_eq!(printed, include_str!("expected.d.ts"));
}

#[test]
fn a_runtime_without_modules_declares_what_a_module_knows_of_itself() {
    let bare = RuntimeDef {
        modules: &[],
        ..RUNTIME
    };
    let printed = runtime(&bare);
    let (_, declared) = printed.split_once("\n\n").expect("a line says what it is");
    assert!(
        declared.starts_with("interface ImportMeta {\n"),
        "{printed}"
    );
    assert_eq!(declared.matches("\n}").count(), 1, "{printed}");
    for name in ["url", "main", "filename", "dirname", "args"] {
        assert!(declared.contains(&format!("\n  {name}")), "{printed}");
    }
}
