//! What native functions hold for a script, when nothing is awaited, stays below `limits.memory` and what the program itself needs.
//!
//! The bytes are those of the process: whatever forgets to count shows here. The functions are those of the modules' tables.

use std::alloc::{GlobalAlloc, Layout, System};
use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};

use runtime_core::definition::{FnDecl, FnDef, GrantsDef, MissingModule, ModuleDef, RuntimeDef};
use runtime_core::engine::capabilities::Keeps;
use runtime_core::engine::keeps;
use runtime_core::permissions::Permissions;
use runtime_core::prelude::*;
use runtime_core::ts::{Ts, TypeBody};
use runtime_core::{Fatal, Limits, RuntimeConfig};

use super::MODULES;

/// An allocator that knows the most that was ever held.
struct Peak;

static USED: AtomicUsize = AtomicUsize::new(0);
static MOST: AtomicUsize = AtomicUsize::new(0);

#[global_allocator]
static ALLOCATOR: Peak = Peak;

// SAFETY: every request goes to the system as it came; the default `realloc` and `alloc_zeroed` come here, too.
unsafe impl GlobalAlloc for Peak {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let used = USED.fetch_add(layout.size(), Ordering::Relaxed) + layout.size();
        MOST.fetch_max(used, Ordering::Relaxed);
        // SAFETY: as the caller says.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        USED.fetch_sub(layout.size(), Ordering::Relaxed);
        // SAFETY: as the caller says.
        unsafe { System.dealloc(block, layout) };
    }
}

const LIMIT: usize = 4 << 20;

/// What the program has for itself, and for the moment between a value's measure and its copy.
const OWN: usize = 4 << 20;

/// How often each function is called.
const CALLS: usize = 10_000;

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

static DEF: RuntimeDef = RuntimeDef {
    name: "test",
    version: "0.0.0",
    description: "",
    modules: &[OURS],
    permissions: GrantsDef::NONE,
    mounts: &[],
    limits: Limits {
        memory: Some(LIMIT as u64),
        ..Limits::NONE
    },
    app: None,
    missing: {
        const MISSING: &[MissingModule] = &[];
        MISSING
    },
};

/// An argument of a type, large where it can be. A type that contains itself does so to a depth of `levels`.
fn argument(ty: &Ts, levels: usize) -> String {
    let argument = |ty: &Ts| argument(ty, levels);
    match ty {
        Ts::Name("string") => "text".to_owned(),
        Ts::Name("number") => "1".to_owned(),
        Ts::Name("boolean") => "true".to_owned(),
        Ts::Name("ArrayBuffer" | "ArrayBufferView" | "Uint8Array") => "bytes".to_owned(),
        Ts::Name("Function") | Ts::Function(..) => "() => {}".to_owned(),
        Ts::Array(_) if levels == 0 => "[]".to_owned(),
        Ts::Array(item) => format!("[{}]", self::argument(item, levels - 1)),
        Ts::Optional(ty) | Ts::Nullable(ty) => argument(ty),
        Ts::Union(types) => argument(types.last().expect("a union has members")),
        Ts::Declared(decl) => match decl().body {
            TypeBody::Interface(fields) => {
                let fields = fields
                    .iter()
                    .map(|field| format!("{}: {}", field.name, argument(&field.ty)));
                format!("{{ {} }}", fields.collect::<Vec<_>>().join(", "))
            }
            _ => "undefined".to_owned(),
        },
        _ => "text".to_owned(),
    }
}

/// Runs `code` in a fresh runtime, and checks what the process held meanwhile. Whether the limit was hit.
#[track_caller]
fn run(modules: &'static [ModuleDef], code: &str) -> bool {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let grants = GrantsDef {
        read: &["."],
        write: &["."],
        ..GrantsDef::NONE
    };
    let permissions = Permissions::from_grants_at(folder.path(), &grants);
    let mut config = RuntimeConfig::of(&DEF)
        .expect("the definition is right")
        .permissions(permissions.expect("the grants are right"))
        .best_effort();
    for module in modules {
        config = config.module(module);
    }
    let mut runtime = config.build().expect("the runtime builds");
    runtime.enter(|cx| runtime_std::console::redirect(cx, Nobody));
    let before = USED.load(Ordering::Relaxed);
    MOST.store(before, Ordering::Relaxed);
    let path = folder.path().display();
    let prepare = format!(
        "const text = {path:?} + '/' + 'x'.repeat(1000); const bytes = new Uint8Array(1000);"
    );
    let code = format!("(async () => {{ {prepare} {code} }})()");
    // What it comes to is judged by the state.
    let _ = runtime.eval_blocking(&code);
    let most = MOST.load(Ordering::Relaxed) - before;
    assert!(most < LIMIT + OWN, "{most} bytes were held: {code}");
    match runtime.fatal() {
        None => false,
        Some(Fatal::Limit(hit)) if hit.key == "memory" => true,
        Some(other) => panic!("{other:?}: {code}"),
    }
}

struct Nobody;

impl runtime_std::console::Sink for Nobody {
    fn write(&mut self, _: runtime_std::console::Stream, _: &str) -> std::io::Result<()> {
        Ok(())
    }
}

fn calls(function: &str, decl: &FnDecl) -> String {
    let args: Vec<String> = decl
        .params
        .iter()
        .map(|param| argument(&param.ty, 4))
        .collect();
    // Labels, names and the like are another one each time.
    format!(
        "for (let n = 0; n < {CALLS}; n++) {{ const text_ = text; {{ const text = text_ + n; \
         try {{ const r = {function}({}); if (r && r.catch) r.catch(() => {{}}); }} catch {{}} }} }}",
        args.join(", ")
    )
}

/// One test, as the process has one count: others would add to it.
#[test]
fn what_native_functions_hold_stays_below_the_limit() {
    if keeps("memory") != Keeps::Itself {
        return;
    }
    for module in MODULES {
        let namespace = match module.surface {
            runtime_core::definition::Surface::Import => {
                format!("const m = await import({:?});", module.specifier)
            }
            runtime_core::definition::Surface::Globals => "const m = globalThis;".to_owned(),
            runtime_core::definition::Surface::Namespace(name) => format!("const m = {name};"),
        };
        for function in module.functions {
            let name = format!("m.{}", function.decl.name);
            let code = format!("{namespace} {}", calls(&name, function.decl));
            run(MODULES, &code);
        }
    }
    let import = "const m = await import('runtime:ours');";
    for function in OURS.functions {
        let name = format!("m.{}", function.decl.name);
        run(
            MODULES,
            &format!("{import} {}", calls(&name, function.decl)),
        );
    }
    for hostile in [
        "m.texts(Array(2000).fill('x'.repeat(1e6)))",
        "const r = Array(1e5).fill(1); m.nested(Array(1e4).fill(r))",
        "m.records(Array(1e4).fill({ ['x'.repeat(1e5)]: 1 }))",
        "let t = { kids: [] }; for (let i = 0; i < 26; i++) t = { kids: [t, t] }; m.count(t)",
        "for (;;) m.later('x'.repeat(1e5))",
    ] {
        assert!(run(MODULES, &format!("{import} {hostile}")), "{hostile}");
    }
    for survives in [
        "for (let n = 0; n < 1000; n++) m.texts(Array(10).fill('x'.repeat(5e4)))",
        "for (let n = 0; n < 1000; n++) await m.later('x'.repeat(3e5))",
        "for (let n = 0; n < 100; n++) console.log('x'.repeat(1e5), { n })",
    ] {
        assert!(!run(MODULES, &format!("{import} {survives}")), "{survives}");
    }
}
