//! The macros on the real engine: what JavaScript sees of annotated Rust.
#![cfg(feature = "engine")]

mod bytes;
mod classes;
mod data;
mod declarations;
mod errors;
mod functions;
mod futures;
mod iterators;
mod modules;
mod panics;
mod slots;

use runtime_core::JsRuntime;
use runtime_core::definition::{GrantsDef, ModuleDef};

/// A runtime with one module, seen globally.
fn runtime(module: &'static ModuleDef) -> JsRuntime {
    let grants = GrantsDef {
        sys: &["sensor"],
        ..GrantsDef::NONE
    };
    JsRuntime::builder()
        .module(module)
        .grant(&grants)
        .and_then(runtime_core::RuntimeConfig::build)
        .expect("the runtime builds")
}

/// Evaluates each script and compares what `String()` says of its result, or of its error, with what stands beside it. A promise is awaited.
#[track_caller]
fn check(module: &'static ModuleDef, cases: &[(&str, &str)]) {
    for (code, expect) in cases {
        let mut runtime = runtime(module);
        let wrapped = format!(
            "(async () => {{ try {{ return String(await ({code})); }} catch (error) {{ return `thrown ${{error}}`; }} }})()"
        );
        let result = runtime.eval_blocking(&wrapped);
        let text = result
            .as_ref()
            .map(|plain| plain.as_str().unwrap_or("no string"));
        assert_eq!(text, Ok(*expect), "{code}");
    }
}
