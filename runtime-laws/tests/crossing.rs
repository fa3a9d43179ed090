//! What crosses into native code stays below `limits.memory`, with functions that take what is large.

use std::collections::HashMap;

use runtime_core::definition::{FnDef, ModuleDef};
use runtime_core::prelude::*;
use runtime_laws::Laws;

#[derive(FromJs)]
#[allow(dead_code, reason = "it is converted and dropped")]
struct Tree {
    kids: Vec<Tree>,
}

#[js_fn]
fn texts(list: Vec<String>) -> f64 {
    list.len() as f64
}

#[js_fn]
fn nested(list: Vec<Vec<f64>>) -> f64 {
    list.len() as f64
}

#[js_fn]
fn records(list: Vec<HashMap<String, f64>>) -> f64 {
    list.len() as f64
}

#[js_fn]
fn count(tree: Tree) -> f64 {
    tree.kids.len() as f64
}

#[js_fn]
async fn later(text: String) -> Result<f64, JsError> {
    Ok(text.len() as f64)
}

const OURS: ModuleDef = ModuleDef {
    name: "ours",
    specifier: "runtime:ours",
    functions: &[
        FnDef::of::<texts>(),
        FnDef::of::<nested>(),
        FnDef::of::<records>(),
        FnDef::of::<count>(),
        FnDef::of::<later>(),
    ],
    ..ModuleDef::EMPTY
};

/// One test, as the process has one count: others would add to it.
#[test]
fn what_native_functions_take_stays_below_the_limit() {
    if !Laws::counts_memory() {
        return;
    }
    let laws = Laws::of(&OURS);
    laws.hold("name = 'ours'\nspecifier = 'runtime:ours'\nexports = ['texts', 'nested', 'records', 'count', 'later']");
    for hostile in [
        "m.texts(Array(2000).fill('x'.repeat(1e6)))",
        "const r = Array(1e5).fill(1); m.nested(Array(1e4).fill(r))",
        "m.records(Array(1e4).fill({ ['x'.repeat(1e5)]: 1 }))",
        "let t = { kids: [] }; for (let i = 0; i < 26; i++) t = { kids: [t, t] }; m.count(t)",
        "for (;;) m.later('x'.repeat(1e5))",
    ] {
        assert!(laws.hits_memory_limit(hostile), "{hostile}");
    }
    for survives in [
        "for (let n = 0; n < 1000; n++) m.texts(Array(10).fill('x'.repeat(5e4)))",
        "for (let n = 0; n < 1000; n++) await m.later('x'.repeat(3e5))",
    ] {
        assert!(!laws.hits_memory_limit(survives), "{survives}");
    }
}
