//! Tables of scripts and of what each comes to, for the tests of modules.

use runtime_core::JsRuntime;
use runtime_core::definition::ModuleDef;

/// Runs each script in one runtime that has the module, after `setup`, as the body of a function: what `String()` says of its
/// result, or the error that it throws. `thrown(f)` is the name of what `f` throws.
#[track_caller]
pub fn check(module: &'static ModuleDef, setup: &str, rows: &[(&str, &str)]) {
    let mut runtime = JsRuntime::builder()
        .module(module)
        .build()
        .expect("the runtime builds");
    let thrown = "globalThis.thrown = (f) => { try { f(); return 'nothing'; } catch (error) { return error.name; } };";
    runtime
        .eval(&format!("{thrown} {setup}"))
        .expect("the functions are defined");
    for (code, expect) in rows {
        let result = runtime.eval(&format!("String((() => {{ {code} }})())"));
        let text = match &result {
            Ok(plain) => plain.as_str().expect("a string").to_owned(),
            Err(error) => error.to_string(),
        };
        assert_eq!(text, *expect, "{code}");
    }
}
