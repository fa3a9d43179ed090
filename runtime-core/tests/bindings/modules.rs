//! Modules: what `MODULE` says, and how its exports are found.

use runtime_core::definition::{ModuleDef, Surface};
use runtime_core::prelude::*;
use runtime_core::{JsError, JsRuntime};

/// Measures.
#[js_module(specifier = "acme:sensor", setup = set_up, more = ["version"])]
mod edge_sensor {
    use super::*;

    #[js_fn]
    fn read() -> u32 {
        7
    }

    #[cfg(any())]
    #[js_fn]
    fn read_never() -> NoSuchType {}

    #[js_fn]
    #[cfg(any())]
    fn read_neither() -> NoSuchType {}

    fn set_up<'js>(cx: &mut Cx<'js>, exports: &Object<'js>) -> Result<(), Error<'js>> {
        let version = Value::string(cx, "1.2");
        exports.set(cx, "version", version)
    }
}

#[test]
fn the_table_says_what_was_annotated() {
    let ModuleDef {
        name,
        specifier,
        doc,
        surface,
        functions,
        more,
        ..
    } = MODULE;
    assert_eq!(
        (name, specifier, doc),
        ("edge-sensor", "acme:sensor", "Measures.")
    );
    assert_eq!(surface, Surface::Import);
    assert_eq!(
        functions
            .iter()
            .map(|function| function.decl.name)
            .collect::<Vec<_>>(),
        ["read"]
    );
    assert_eq!(more, ["version"]);
}

#[test]
fn its_exports_are_imported() {
    let mut runtime = JsRuntime::builder()
        .module(&MODULE)
        .build()
        .expect("it builds");
    let result = runtime.eval_blocking(
        "import('acme:sensor').then((sensor) => `${sensor.read()} ${sensor.version}`)",
    );
    assert_eq!(
        result.as_ref().map(|plain| plain.as_str()),
        Ok(Some("7 1.2")),
        "{:?}",
        result.as_ref().err().map(JsError::message)
    );
}
