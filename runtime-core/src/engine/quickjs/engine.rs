//! The engine itself: it owns the context, runs microtasks, and reports rejections that nobody handled.

use std::cell::RefCell;
use std::ffi::{c_int, c_void};
use std::fmt;
use std::rc::Rc;
use std::sync::Arc;

use rquickjs_sys as q;

use super::cx::Cx;
use super::error::{file, place, thrown};
use super::function::CALLEE_CLASS;
use super::host::HOST_CLASS;
use super::inspect::Originals;
use super::memory::{FUNCTIONS, Memory};
use super::module::{self, Modules};
use super::object::Object;
use super::persistent::Table;
use super::value::Value;
use crate::engine::Error;
use crate::error::JsError;
use crate::error::LimitHit;
use crate::isolation;
use crate::state::RuntimeState;

/// The most native stack that scripts are given when nobody says more: some 30,000 calls.
const STACK: usize = 16 << 20;

/// One engine: a context and everything that refers into it.
pub(crate) struct Engine {
    ctx: *mut q::JSContext,
    rt: *mut q::JSRuntime,
    /// Leaked in `new` and freed in `drop`, since the context points to it.
    shared: *mut Shared,
}

/// What the engine keeps beside the context, which points to it.
pub(super) struct Shared {
    pub(super) state: Rc<RuntimeState>,
    pub(super) table: Rc<Table>,
    pub(super) modules: Modules,
    pub(super) originals: Originals,
    pub(super) host_class: q::JSClassID,
    pub(super) callee_class: q::JSClassID,
    rejected: RefCell<Vec<q::JSValue>>,
    pub(super) memory: Box<Memory>,
    ctx: *mut q::JSContext,
}

impl Shared {
    /// Remembers that memory was refused: whatever the script made of it, the limit was hit.
    pub(super) fn judge_memory(&self) {
        if let Some(hit) = self.state.watch.account().hit() {
            self.memory.end();
            self.state.set_fatal(hit.into());
        }
    }

    /// Whether the script that is running must end. Between its instructions garbage may be collected.
    pub(super) fn is_over(&self) -> bool {
        if self.state.fatal().is_some() {
            self.memory.end();
            return true;
        }
        self.judge_memory();
        let account = self.state.watch.account();
        if account.is_over() {
            // SAFETY: the engine asks at a place where all that it uses is referred to.
            unsafe { q::JS_RunGC(q::JS_GetRuntime(self.ctx)) };
            if account.is_over() {
                account.refuse();
                self.judge_memory();
            }
        }
        if let Some(fatal) = self.state.watch.over() {
            self.state.set_fatal(fatal);
        }
        // SAFETY: the engine asks while a script runs, and to look for a place runs none.
        let mut cx = unsafe { Cx::new(self.ctx) };
        isolation::note(|| file(&mut cx));
        let is_over = self.state.fatal().is_some();
        if is_over {
            self.memory.end();
            place(&mut cx);
        }
        is_over
    }
}

/// Asked by the engine every ten thousand calls and jumps, and within regular expressions.
///
/// # Safety
/// The engine passes what was set with it.
unsafe extern "C" fn interrupt(_rt: *mut q::JSRuntime, shared: *mut c_void) -> c_int {
    // SAFETY: it outlives the runtime.
    c_int::from(unsafe { &*shared.cast::<Shared>() }.is_over())
}

/// # Safety
/// As of [`interrupt`]; the values are borrowed.
unsafe extern "C" fn track_rejection(
    ctx: *mut q::JSContext,
    promise: q::JSValue,
    _reason: q::JSValue,
    is_handled: bool,
    shared: *mut c_void,
) {
    // SAFETY: it outlives the runtime.
    let shared = unsafe { &*shared.cast::<Shared>() };
    let promise = Value::borrow(ctx, promise);
    if !is_handled {
        shared.rejected.borrow_mut().push(promise.into_raw());
        return;
    }
    let same = |raw: &q::JSValue| Value::borrow(ctx, *raw).strict_eq(&promise);
    let mut rejected = shared.rejected.borrow_mut();
    let handled = rejected.iter().position(same);
    if let Some(at) = handled {
        drop(Value::wrap(ctx, rejected.remove(at)));
    }
}

/// Adds the objects of the language, and none of the web's: those are modules.
///
/// # Safety
/// `ctx` is a fresh context.
unsafe fn add_language(ctx: *mut q::JSContext) -> bool {
    let parts = [
        q::JS_AddIntrinsicBaseObjects,
        q::JS_AddIntrinsicDate,
        q::JS_AddIntrinsicEval,
        q::JS_AddIntrinsicRegExp,
        q::JS_AddIntrinsicJSON,
        q::JS_AddIntrinsicProxy,
        q::JS_AddIntrinsicMapSet,
        q::JS_AddIntrinsicTypedArrays,
        q::JS_AddIntrinsicPromise,
        q::JS_AddIntrinsicWeakRef,
    ];
    // SAFETY: as the caller says.
    parts.iter().all(|add| unsafe { add(ctx) } == 0)
}

impl Engine {
    /// An engine over `state`, on a thread with `stack` bytes for it, of which scripts get no more than half.
    pub(crate) fn new(state: Rc<RuntimeState>, stack: usize) -> Result<Self, JsError> {
        let memory = Box::new(Memory::new(Arc::clone(state.watch.account())));
        let no_memory = || {
            let limit = state.watch.limits().memory.map(LimitHit::memory);
            let why = limit.map_or_else(String::new, |hit| format!(": {hit}"));
            JsError::error(format!("the engine did not start{why}"))
        };
        let stack = (stack / 2).min(STACK);
        let asked = state.watch.limits().stack;
        let stack = asked.map_or(stack, |asked| {
            stack.min(usize::try_from(asked).unwrap_or(stack))
        });
        // SAFETY: the pieces are made in the order in which they refer to each other, and freed in `drop` in the reverse one;
        // when one cannot be made, those before it are freed here.
        unsafe {
            let account = std::ptr::from_ref::<Memory>(&memory).cast_mut().cast();
            let rt = q::JS_NewRuntime2(&raw const FUNCTIONS, account);
            if rt.is_null() {
                return Err(no_memory());
            }
            let ctx = q::JS_NewContextRaw(rt);
            if ctx.is_null() || !add_language(ctx) {
                if !ctx.is_null() {
                    q::JS_FreeContext(ctx);
                }
                q::JS_FreeRuntime(rt);
                return Err(no_memory());
            }
            let class = |def: &q::JSClassDef| {
                let mut id = 0;
                let id = q::JS_NewClassID(rt, &raw mut id);
                q::JS_NewClass(rt, id, def);
                id
            };
            let host_class = class(&HOST_CLASS);
            let callee_class = class(&CALLEE_CLASS);
            // The language has no such function: it is a part of the module `timers`.
            let global = q::JS_GetGlobalObject(ctx);
            let name = q::JS_NewAtom(ctx, c"queueMicrotask".as_ptr());
            q::JS_DeleteProperty(ctx, global, name, 0);
            q::JS_FreeAtom(ctx, name);
            q::JS_FreeValue(ctx, global);
            let shared = Box::into_raw(Box::new(Shared {
                state,
                table: Rc::default(),
                modules: Modules::default(),
                originals: Originals::take(ctx),
                host_class,
                callee_class,
                rejected: RefCell::default(),
                memory,
                ctx,
            }));
            let opaque = shared.cast::<c_void>();
            q::JS_SetContextOpaque(ctx, opaque);
            q::JS_SetMaxStackSize(rt, stack as _);
            q::JS_SetInterruptHandler(rt, Some(interrupt), opaque);
            q::JS_SetHostPromiseRejectionTracker(rt, Some(track_rejection), opaque);
            module::install(rt, opaque);
            Ok(Self { ctx, rt, shared })
        }
    }

    fn shared(&self) -> &Shared {
        // SAFETY: it is freed in `drop` alone.
        unsafe { &*self.shared }
    }

    /// Enters the engine. Never from within: pass the token down instead.
    pub(crate) fn enter<R>(&self, f: impl for<'js> FnOnce(&mut Cx<'js>) -> R) -> R {
        let shared = self.shared();
        let _running = shared.state.watch.run();
        // The stack is measured from here: entries may come from different depths.
        // SAFETY: the runtime is alive.
        unsafe { q::JS_UpdateStackTop(self.rt) };
        // SAFETY: the context is alive, and this is the entry: nobody is within.
        let result = f(&mut unsafe { Cx::new(self.ctx) });
        shared.judge_memory();
        result
    }

    /// Runs microtasks until there are none, or until nothing more may run.
    pub(crate) fn drain(&self) {
        let shared = self.shared();
        let _running = shared.state.watch.run();
        // SAFETY: the runtime is alive, and what a job throws is taken.
        unsafe {
            q::JS_UpdateStackTop(self.rt);
            loop {
                // A job that caught a refusal is the last.
                shared.judge_memory();
                if shared.state.fatal().is_some() {
                    break;
                }
                let mut ctx = std::ptr::null_mut();
                let ran = q::JS_ExecutePendingJob(self.rt, &raw mut ctx);
                if ran == 0 {
                    break;
                }
                if ran < 0 {
                    let mut cx = Cx::new(self.ctx);
                    match thrown(&mut cx) {
                        Error::Fatal(fatal) => shared.state.set_fatal(fatal),
                        // Reactions of promises catch what they throw; a finalizer's error has nobody else
                        // to hear of it.
                        error => cx.report(error),
                    }
                }
            }
        }
        shared.judge_memory();
    }

    /// Takes the promises that were rejected and have no handler, oldest first.
    pub(crate) fn take_unhandled<'js>(&self, cx: &mut Cx<'js>) -> Vec<Object<'js>> {
        let rejected = self.shared().rejected.take().into_iter();
        rejected
            .map(|raw| Object::from_value(Value::wrap(cx.ctx, raw)))
            .collect()
    }

    /// Runs the collector until it finds nothing more.
    pub(crate) fn collect(&self) {
        // SAFETY: the runtime is alive, and nothing runs in it.
        unsafe { q::JS_RunGC(self.rt) };
    }

    /// The state beside the engine.
    pub(crate) fn state(&self) -> &Rc<RuntimeState> {
        &self.shared().state
    }
}

impl Drop for Engine {
    fn drop(&mut self) {
        let shared = self.shared();
        // Tasks and timers first: they may refer into the context.
        shared.state.event_loop.clear();
        shared.state.clear();
        for raw in shared.rejected.take() {
            drop(Value::wrap(self.ctx, raw));
        }
        shared.table.clear();
        // SAFETY: no handle is left: those of entries ended with them, and the kept ones were dropped above. The context goes, then
        // the runtime, whose finalizers may still look at what is shared, then that.
        unsafe {
            shared.originals.free(self.ctx);
            shared.memory.close();
            q::JS_FreeContext(self.ctx);
            q::JS_FreeRuntime(self.rt);
            drop(Box::from_raw(self.shared));
        }
    }
}

impl fmt::Debug for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Engine")
    }
}
