//! What native functions hold for a script, when nothing is awaited, stays below `limits.memory` and what the program itself needs.
//!
//! The bytes are those of the process: whatever forgets to count shows here. The functions are those of the modules' tables.

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicUsize, Ordering};

use runtime_core::definition::{FnDecl, GrantsDef, MissingModule, ModuleDef, RuntimeDef, Surface};
use runtime_core::engine::capabilities::Keeps;
use runtime_core::engine::keeps;
use runtime_core::permissions::Permissions;
use runtime_core::ts::{Ts, TypeBody};
use runtime_core::{Fatal, Limits, RuntimeConfig};

use crate::Laws;

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

static DEF: RuntimeDef = RuntimeDef {
    name: "test",
    version: "0.0.0",
    description: "",
    modules: {
        const MODULES: &[ModuleDef] = &[];
        MODULES
    },
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

impl Laws {
    /// Whether the engine keeps a limit of memory by itself, so that the laws of memory can be judged.
    pub fn counts_memory() -> bool {
        keeps("memory") == Keeps::Itself
    }

    /// Runs the body of an async function, which knows the module as `m`, in a fresh runtime with a limit of memory. It must not
    /// hold more than that, and what the program itself needs. Whether the limit was hit.
    #[track_caller]
    pub fn hits_memory_limit(&self, body: &str) -> bool {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let grants = GrantsDef {
            read: &["."],
            write: &["."],
            ..GrantsDef::NONE
        };
        let permissions = Permissions::from_grants_at(folder.path(), &grants);
        let mut runtime = RuntimeConfig::of(&DEF)
            .expect("the definition is right")
            .permissions(permissions.expect("the grants are right"))
            .best_effort()
            .module(self.module)
            .build()
            .expect("the runtime builds");
        runtime.enter(self.prepare);
        let before = USED.load(Ordering::Relaxed);
        MOST.store(before, Ordering::Relaxed);
        let path = folder.path().display();
        let module = match self.module.surface {
            Surface::Import => format!("await import({:?})", self.module.specifier),
            Surface::Globals => "globalThis".to_owned(),
            Surface::Namespace(name) => name.to_owned(),
        };
        let code = format!(
            "(async () => {{ const m = {module}; const text = {path:?} + '/' + 'x'.repeat(1000); \
             const bytes = new Uint8Array(1000); {body} }})()"
        );
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

    /// Calls each function of the module very often with what its types allow.
    #[track_caller]
    pub(crate) fn functions_stay_within_memory(&self) {
        if !Self::counts_memory() {
            return;
        }
        for function in self.module.functions {
            self.hits_memory_limit(&calls(function.decl));
        }
    }
}

/// Code that calls `m.<name>` again and again.
fn calls(decl: &FnDecl) -> String {
    let args: Vec<String> = decl
        .params
        .iter()
        .map(|param| argument(&param.ty, 4))
        .collect();
    // Labels, names and the like are another one each time.
    format!(
        "for (let n = 0; n < {CALLS}; n++) {{ const text_ = text; {{ const text = text_ + n; \
         try {{ const r = m.{}({}); if (r && r.catch) r.catch(() => {{}}); }} catch {{}} }} }}",
        decl.name,
        args.join(", ")
    )
}
