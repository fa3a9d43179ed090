//! One runtime for the host: what its class is made of. Its loop runs beside the host's own, as a task of it.

use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;

use js_sys::{Function, Promise, Reflect};
use runtime_core::definition::RuntimeDef;
use runtime_core::permissions::Flag;
use runtime_core::{JsError, JsHandle, JsRuntime, Limits, Plain, RuntimeConfig, Uncaught};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{future_to_promise, spawn_local};

use crate::errors::{self, error_to_host, own_error_to_host};
use crate::host;
#[cfg(feature = "dom")]
use crate::page::HostPage;
#[cfg(feature = "dom")]
use crate::values::from_host;
use crate::values::to_host;

thread_local! {
    static RUNTIME: Cell<Option<&'static RuntimeDef>> = const { Cell::new(None) };
}

/// Says what the runtimes of this module are made of. The generated crate calls it when the module starts.
pub fn set_runtime(def: &'static RuntimeDef) {
    RUNTIME.set(Some(def));
}

#[wasm_bindgen]
extern "C" {
    /// What the package's JavaScript passes on, checked and complete.
    pub type Options;

    #[wasm_bindgen(method, getter)]
    fn stdout(this: &Options) -> Function;
    #[wasm_bindgen(method, getter)]
    fn stderr(this: &Options) -> Function;
    #[wasm_bindgen(method, getter, js_name = onError)]
    fn on_error(this: &Options) -> Function;
    #[wasm_bindgen(method, getter, js_name = onEnd)]
    fn on_end(this: &Options) -> Function;
    #[wasm_bindgen(method, getter)]
    fn deny(this: &Options) -> Vec<String>;
    #[wasm_bindgen(method, getter)]
    fn args(this: &Options) -> Vec<String>;
    #[wasm_bindgen(method, getter)]
    fn limits(this: &Options) -> JsValue;
    #[wasm_bindgen(method, getter, js_name = makeError)]
    fn make_error(this: &Options) -> Function;
    #[cfg(feature = "dom")]
    #[wasm_bindgen(method, getter)]
    fn page(this: &Options) -> Option<HostPage>;
}

/// A runtime.
#[wasm_bindgen]
#[derive(Debug)]
pub struct WasmRuntime {
    runtime: Rc<JsRuntime>,
    handle: JsHandle,
    #[cfg(feature = "dom")]
    page: Option<Rc<module_dom::Given>>,
    #[cfg(feature = "fs")]
    pub(crate) files: module_fs::Files,
}

#[wasm_bindgen]
impl WasmRuntime {
    /// Makes a runtime and starts its loop.
    #[wasm_bindgen(constructor)]
    pub fn new(options: &Options) -> Result<WasmRuntime, JsValue> {
        errors::made_by(options.make_error());
        let runtime = build(options).map_err(refused)?;
        let runtime = Rc::new(runtime);
        host::serves(&runtime);
        #[cfg(feature = "dom")]
        let page = give(&runtime, options).map_err(refused)?;
        #[cfg(feature = "fs")]
        let files = runtime.enter(|cx| module_fs::Files::of(cx));
        let handle = runtime.handle();
        let served = serve(Rc::clone(&runtime), options.on_error(), options.on_end());
        spawn_local(served);
        Ok(Self {
            runtime,
            handle,
            #[cfg(feature = "dom")]
            page,
            #[cfg(feature = "fs")]
            files,
        })
    }

    /// Evaluates a script and the microtasks that it queues.
    pub fn eval(&self, code: &str) -> Result<JsValue, JsValue> {
        let result = self.turn(|cx| {
            let value = cx.eval(code, "<eval>");
            let value = value.and_then(|value| Plain::from_value(cx, &value));
            let value = value.map_err(|error| JsError::from_error(cx, error))?;
            to_host(&value)
        });
        result.map_err(|error| error_to_host(&error))
    }

    /// Evaluates a script; when its result is a promise, what that settles to.
    #[wasm_bindgen(js_name = evalAsync)]
    pub fn eval_async(&self, code: String) -> Promise {
        let handle = self.handle.clone();
        let runtime = Rc::clone(&self.runtime);
        future_to_promise(async move { answer(&runtime, handle.eval_async(code).await) })
    }

    /// Runs `code` as the module at `path` of the app; its exports.
    #[wasm_bindgen(js_name = runCode)]
    pub fn run_code(&self, code: String, path: String) -> Promise {
        let runtime = Rc::clone(&self.runtime);
        future_to_promise(async move {
            inside()?;
            answer(&runtime, runtime.import_code(&code, &path).await)
        })
    }

    /// Runs the file at `path` of the app as a module; its exports.
    #[wasm_bindgen(js_name = runFile)]
    pub fn run_file(&self, path: String) -> Promise {
        let runtime = Rc::clone(&self.runtime);
        future_to_promise(async move {
            inside()?;
            answer(&runtime, runtime.import_app_file(&path).await)
        })
    }

    /// The path of what the app runs, when there is an app inside.
    #[wasm_bindgen(getter)]
    pub fn entry(&self) -> Option<String> {
        let app = RUNTIME.get()?.app?;
        Some(app.entry.to_owned())
    }

    /// Adds a file to the app.
    #[wasm_bindgen(js_name = addFile)]
    pub fn add_file(&self, path: &str, text: &str) {
        self.runtime.add_app_file(path, text);
    }

    /// Defines a global function of the host's.
    pub fn register(&self, name: &str, function: Function) -> Result<(), JsValue> {
        let result = self.turn(|cx| {
            let defined = host::register(cx, name, function);
            defined.map_err(|error| JsError::from_error(cx, error))
        });
        result.map_err(|error| error_to_host(&error))
    }

    /// Tells a listener of the script's what happened in the page. The script hears of it at the loop's next turn.
    #[cfg(feature = "dom")]
    pub fn fire(&self, listener: u32, event: &JsValue) -> Result<(), JsValue> {
        let event = from_host(event).map_err(|error| error_to_host(&error))?;
        if let Some(page) = &self.page {
            page.fire(listener, &event);
        }
        Ok(())
    }

    /// Ends the script that is running and the loop. The instance goes with the runtime, so nothing of it is freed.
    pub fn stop(&self) {
        self.handle.stop();
    }

    fn turn<R>(
        &self,
        f: impl for<'js> FnOnce(&mut runtime_core::engine::Cx<'js>) -> Result<R, JsError>,
    ) -> Result<R, JsError> {
        if host::is_inside() {
            return Err(busy());
        }
        self.runtime.turn(f)
    }
}

fn busy() -> JsError {
    JsError::error(
        "a script is running: a function that it called cannot run another one; use `evalAsync`",
    )
    .with_code("ERR_BUSY")
    .from_runtime()
}

fn inside() -> Result<(), JsValue> {
    match host::is_inside() {
        true => Err(error_to_host(&busy())),
        false => Ok(()),
    }
}

/// The host's copy of what a script gave. It is made on a turn, which the limits of the runtime count.
fn answer(runtime: &JsRuntime, result: Result<Plain, JsError>) -> Result<JsValue, JsValue> {
    let copied = result.and_then(|value| runtime.turn(|_| to_host(&value)));
    copied.map_err(|error| error_to_host(&error))
}

/// The error of options that cannot be: there is no script yet that could have thrown it.
fn refused(error: JsError) -> JsValue {
    match error.is_from_runtime() {
        true => error_to_host(&error),
        false => own_error_to_host(&error),
    }
}

fn build(options: &Options) -> Result<JsRuntime, JsError> {
    let def = RUNTIME.get();
    let def = def.ok_or_else(|| JsError::error("the module was not started"))?;
    let kinds = runtime_core::tables::PERMISSIONS;
    let denied = options.deny();
    if let Some(unknown) = denied
        .iter()
        .find(|denied| kinds.iter().all(|kind| kind.key != **denied))
    {
        let known: Vec<&str> = kinds.iter().map(|kind| kind.key).collect();
        return Err(JsError::type_error(format!(
            "there is no permission `{unknown}` to deny; there are {}",
            known.join(", ")
        )));
    }
    let flags: Vec<Flag> = kinds
        .iter()
        .filter(|kind| denied.iter().any(|denied| denied == kind.key))
        .map(|kind| Flag::deny(kind.key, Vec::new()))
        .collect();
    let limits = limits(&def.limits, &options.limits());
    runtime_core::guard_instance(&limits)?;
    let runtime = RuntimeConfig::of(def)?
        .narrow(&flags)?
        .limits(limits)
        .best_effort()
        .script_args(options.args())
        .build()?;
    #[cfg(feature = "console")]
    runtime.enter(|cx| {
        let lines = host::Lines {
            out: options.stdout(),
            err: options.stderr(),
        };
        module_console::redirect(cx, lines);
    });
    Ok(runtime)
}

/// Gives the runtime what it may see of the page, if anything was passed on.
#[cfg(feature = "dom")]
fn give(runtime: &JsRuntime, options: &Options) -> Result<Option<Rc<module_dom::Given>>, JsError> {
    let Some(page) = options.page() else {
        return Ok(None);
    };
    let part = match page.part().as_str() {
        "document" => "document",
        _ => "root",
    };
    let given = runtime.enter(|cx| module_dom::give(cx, page, part));
    given.map(Some)
}

/// The limits of the build, each lowered by what the host asks for.
fn limits(built: &Limits, asked: &JsValue) -> Limits {
    let number = |key: &str| {
        let value = Reflect::get(asked, &JsValue::from_str(key)).ok()?;
        value.as_f64().filter(|number| *number >= 0.0)
    };
    let time = |key| number(key).map(|millis| Duration::from_secs_f64(millis / 1e3));
    let count = |key| number(key).map(|number| number as u64);
    built.lowered(&Limits {
        memory: count("memory"),
        cpu: time("cpu"),
        wall: time("wall"),
        stack: count("stack"),
        timers_max: count("timers"),
        ..Limits::NONE
    })
}

/// Runs the loop until the runtime is disposed of or over. An error that no script handled is the host's to hear of; the
/// runtime goes on.
async fn serve(runtime: Rc<JsRuntime>, on_error: Function, on_end: Function) {
    while let Err(uncaught) = runtime.serve_async().await {
        if runtime.fatal().is_some() {
            return tell(&on_end, &uncaught);
        }
        tell(&on_error, &uncaught);
    }
}

fn tell(listener: &Function, uncaught: &Uncaught) {
    let error = error_to_host(uncaught.error());
    // A handler that throws has nobody to tell but the host's own console.
    let _ = host::call(
        listener,
        &js_sys::Array::of2(&error, &uncaught.text().into()),
    );
}
