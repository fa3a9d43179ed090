//! Extensions: loaded and unloaded at run time, under permissions of their own.
#![cfg(feature = "engine")]

use runtime_core::definition::{FnDecl, FnDef, GrantsDef, ModuleDef, NativeFn, Surface};
use runtime_core::engine::{Args, Cx, Value};
use runtime_core::{Error, Extension, JsRuntime, Plain};

/// Says whether the code that calls it may use the sensor.
struct MayUseSensor;

impl NativeFn for MayUseSensor {
    const DECL: FnDecl = FnDecl {
        name: "mayUseSensor",
        ..FnDecl::EMPTY
    };

    fn call<'js>(cx: &mut Cx<'js>, _args: &Args<'_, 'js>) -> Result<Value<'js>, Error<'js>> {
        Ok(Value::bool(cx.permissions().check_sys("sensor").is_ok()))
    }
}

static IMPORTED: ModuleDef = ModuleDef {
    name: "sensor",
    specifier: "acme:sensor",
    functions: &[FnDef::of::<MayUseSensor>()],
    ..ModuleDef::EMPTY
};

static GLOBAL: ModuleDef = ModuleDef {
    surface: Surface::Globals,
    ..IMPORTED
};

struct Sensor(&'static ModuleDef, GrantsDef);

impl Extension for Sensor {
    fn module(&self) -> &'static ModuleDef {
        self.0
    }

    fn permissions(&self) -> GrantsDef {
        self.1
    }
}

const MAY: GrantsDef = GrantsDef {
    sys: &["sensor"],
    ..GrantsDef::NONE
};

fn runtime() -> JsRuntime {
    JsRuntime::builder()
        .grant(&MAY)
        .and_then(|config| config.build())
        .expect("it builds")
}

const IMPORT: &str =
    "import('acme:sensor').then((sensor) => (globalThis.kept = sensor.mayUseSensor)())";

#[test]
fn an_extension_is_imported_after_it_was_loaded_and_only_then() {
    let mut runtime = runtime();
    assert!(runtime.eval_blocking(IMPORT).is_err());
    runtime
        .load_extension(Box::new(Sensor(&IMPORTED, MAY)))
        .expect("it loads");
    assert_eq!(runtime.eval_blocking(IMPORT), Ok(true.into()));
    runtime.unload_extension("sensor").expect("it unloads");
    assert!(runtime.eval_blocking(IMPORT).is_err());
}

#[test]
fn a_function_that_a_script_kept_throws_after_the_unload() {
    let mut runtime = runtime();
    runtime
        .load_extension(Box::new(Sensor(&IMPORTED, MAY)))
        .expect("it loads");
    runtime.eval_blocking(IMPORT).expect("it imports");
    runtime.unload_extension("sensor").expect("it unloads");
    let error = runtime.eval("kept()").expect_err("the extension is gone");
    assert_eq!(
        error.to_string(),
        "TypeError: extension `sensor` was unloaded"
    );
}

#[test]
fn an_extension_has_its_own_permissions_and_not_those_of_the_runtime() {
    let mut runtime = runtime();
    runtime
        .load_extension(Box::new(Sensor(&IMPORTED, GrantsDef::NONE)))
        .expect("it loads");
    assert_eq!(runtime.eval_blocking(IMPORT), Ok(false.into()));
    runtime.register::<MayUseSensor>().expect("it registers");
    assert_eq!(
        runtime.eval("[mayUseSensor(), kept(), mayUseSensor()]"),
        Ok(Plain::Array(vec![true.into(), false.into(), true.into(),]))
    );
}

#[test]
fn an_extension_cannot_have_more_than_the_runtime() {
    let mut runtime = JsRuntime::builder().build().expect("it builds");
    let error = runtime
        .load_extension(Box::new(Sensor(&IMPORTED, MAY)))
        .expect_err("the runtime may not");
    assert!(error.message().contains("sensor"), "{error}");
    assert!(runtime.eval_blocking(IMPORT).is_err());
}

#[test]
fn globals_come_and_go_with_their_extension() {
    let mut runtime = runtime();
    runtime
        .load_extension(Box::new(Sensor(&GLOBAL, MAY)))
        .expect("it loads");
    assert_eq!(runtime.eval("mayUseSensor()"), Ok(true.into()));
    runtime.unload_extension("sensor").expect("it unloads");
    assert_eq!(runtime.eval("typeof mayUseSensor"), Ok("undefined".into()));
    runtime
        .load_extension(Box::new(Sensor(&GLOBAL, MAY)))
        .expect("it loads again");
    assert_eq!(runtime.eval("mayUseSensor()"), Ok(true.into()));
}

#[test]
fn loading_twice_and_unloading_nothing_are_errors() {
    let mut runtime = runtime();
    runtime
        .load_extension(Box::new(Sensor(&IMPORTED, MAY)))
        .expect("it loads");
    let error = runtime
        .load_extension(Box::new(Sensor(&IMPORTED, MAY)))
        .expect_err("it is there");
    assert_eq!(error.message(), "extension `sensor` is loaded already");
    let error = runtime
        .unload_extension("nothing")
        .expect_err("there is none");
    assert_eq!(error.message(), "no extension `nothing` is loaded");
}
