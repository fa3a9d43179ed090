//! Modules: the engine's side of the loader. It asks the loader where a module is and what its
//! source is; the engine itself keeps each module by the name that is given here.

use std::cell::RefCell;
use std::collections::HashMap;
use std::ffi::{CStr, c_char, c_int, c_void};
use std::rc::Rc;

use rquickjs_sys as q;

use super::cx::{Cx, c_name};
use super::error::raise;
use super::object::Object;
use super::syntax::{self, Goal};
use super::value::Value;
use crate::engine::{Error, Persistent, Property, Source};
use crate::error::JsError;
use crate::module_url::{ModuleUrl, attribute_missing};

/// A module that was loaded, linked and is being evaluated.
#[derive(Debug)]
pub(crate) struct ModuleHandle {
    /// The promise of its evaluation.
    pub(crate) done: Persistent,
    module: *mut q::JSModuleDef,
}

impl ModuleHandle {
    /// Its exports.
    pub(crate) fn namespace<'js>(&self, cx: &mut Cx<'js>) -> Object<'js> {
        // A module lives as long as its runtime, and the promise says whether this is its runtime.
        if self.done.get(cx).is_err() {
            return Object::new(cx);
        }
        // SAFETY: as was just found, the module is one of this context.
        let raw = unsafe { q::JS_GetModuleNamespace(cx.ctx, self.module) };
        Object::from_value(cx.made(raw))
    }
}

/// The modules of one runtime, by the name that the engine and its stacks call them.
#[derive(Debug, Default)]
pub(super) struct Modules {
    by_name: RefCell<HashMap<String, ModuleUrl>>,
    /// How often a native module was unloaded: the engine forgets none, so the next one needs another name.
    unloaded: RefCell<HashMap<ModuleUrl, u32>>,
}

impl Modules {
    /// The name of the module at `url`.
    fn name(&self, url: &ModuleUrl) -> String {
        let mut name = url.display().into_owned();
        if url.is_json() {
            name.push_str(" as JSON");
        }
        if let Some(times) = self.unloaded.borrow().get(url) {
            name.push_str(&format!(" #{times}"));
        }
        self.by_name.borrow_mut().insert(name.clone(), url.clone());
        name
    }

    fn url(&self, name: &str) -> Option<ModuleUrl> {
        self.by_name.borrow().get(name).cloned()
    }
}

/// Puts the functions below in charge of imports.
///
/// # Safety
/// `shared` is what the context's opaque pointer says, and outlives the runtime.
pub(super) unsafe fn install(rt: *mut q::JSRuntime, shared: *mut c_void) {
    // SAFETY: as the caller says.
    unsafe {
        q::JS_SetModuleLoaderFunc2(rt, None, Some(load), None, shared);
        q::JS_SetModuleNormalizeFunc2(rt, Some(resolve));
    }
}

/// The name of the module that a specifier means, or null with an exception waiting.
///
/// # Safety
/// The engine calls it, with C strings that are alive during the call.
unsafe extern "C" fn resolve(
    ctx: *mut q::JSContext,
    base: *const c_char,
    specifier: *const c_char,
    attributes: q::JSValue,
    _opaque: *mut c_void,
) -> *mut c_char {
    // SAFETY: the engine calls with a context that is alive, from an import.
    let mut cx = unsafe { Cx::new(ctx) };
    // SAFETY: as the caller says.
    let bytes = unsafe { CStr::from_ptr(specifier) }.count_bytes();
    if let Err(error) = cx.hold(bytes) {
        raise(&mut cx, error);
        return std::ptr::null_mut();
    }
    // SAFETY: as the caller says.
    let (base, specifier) = unsafe { (text(base), text(specifier)) };
    let kind = kind_of(&mut cx, attributes);
    let state = Rc::clone(cx.state());
    let from = cx.shared().modules.url(&base);
    let resolved = cx.goes_on().map_err(Error::from).and_then(|()| {
        let url = state.resolve(&specifier, from.as_ref(), kind.as_deref());
        url.map_err(Error::from)
    });
    match resolved {
        Ok(url) => {
            let name = cx.shared().modules.name(&url);
            // SAFETY: the engine copies the name and frees its copy.
            unsafe { q::js_strndup(ctx, name.as_ptr().cast(), name.len() as _) }
        }
        Err(error) => {
            raise(&mut cx, error);
            std::ptr::null_mut()
        }
    }
}

/// The import attribute `type`.
fn kind_of(cx: &mut Cx<'_>, attributes: q::JSValue) -> Option<String> {
    let attributes = Value::borrow(cx.ctx, attributes).as_object()?;
    let kind = attributes.own_property(cx, "type").ok()??;
    kind.value?.as_string()
}

/// The module of a name that [`resolve`] gave, or null with an exception waiting.
///
/// # Safety
/// As of [`resolve`].
unsafe extern "C" fn load(
    ctx: *mut q::JSContext,
    name: *const c_char,
    _opaque: *mut c_void,
    _attributes: q::JSValue,
) -> *mut q::JSModuleDef {
    // SAFETY: the engine calls with a context that is alive, from an import.
    let mut cx = unsafe { Cx::new(ctx) };
    // SAFETY: as the caller says.
    let name = unsafe { text(name) };
    let made = match cx.shared().modules.url(&name) {
        Some(url) => cx.goes_on().map_err(Error::from).and_then(|()| {
            let source = cx.state().loader.load(&url)?;
            cx.hold(source.held())?;
            make(&mut cx, &url, &name, source)
        }),
        None => Err(JsError::error(format!("cannot find module `{name}`")).into()),
    };
    made.unwrap_or_else(|error| {
        raise(&mut cx, error);
        std::ptr::null_mut()
    })
}

unsafe fn text(start: *const c_char) -> String {
    // SAFETY: it is a C string, as the callers say.
    unsafe { CStr::from_ptr(start) }
        .to_string_lossy()
        .into_owned()
}

fn make<'js>(
    cx: &mut Cx<'js>,
    url: &ModuleUrl,
    name: &str,
    source: Source,
) -> Result<*mut q::JSModuleDef, Error<'js>> {
    match source {
        Source::JavaScript(text) => {
            // The engine looks for what it imports while it compiles it, and an error of that shows
            // the import.
            cx.state().sources.keep(name, &text);
            let module = Goal::Module.compile(cx, name, &text)?;
            // SAFETY: what was compiled as a module is one; the context keeps it when this handle is gone.
            let module = unsafe { q::JS_VALUE_GET_PTR(module.raw) }.cast();
            describe(cx, url, module);
            Ok(module)
        }
        Source::Json(text) => {
            let value = syntax::json(cx, &url.display(), &text)?;
            let exports = Object::with_proto(cx, None);
            exports.define(cx, "default", Property::plain(value))?;
            synthetic(cx, name, &exports)
        }
        Source::Bytecode(code) => {
            // SAFETY: the bytes are a part of this program, written by `compile` below for this version of the engine.
            let raw = unsafe {
                let flags = q::JS_READ_OBJ_BYTECODE as i32;
                q::JS_ReadObject(cx.ctx, code.as_ptr(), code.len() as _, flags)
            };
            let value = cx.result(raw)?;
            // SAFETY: it is a module, as that was written; the context keeps it when this handle is gone.
            let module: *mut q::JSModuleDef = unsafe { q::JS_VALUE_GET_PTR(value.raw) }.cast();
            // SAFETY: the module is one of this context.
            let resolved = unsafe { q::JS_ResolveModule(cx.ctx, value.raw) };
            super::object::succeeded(cx, resolved)?;
            describe(cx, url, module);
            Ok(module)
        }
        Source::Native(exports) => {
            let exports = exports(cx)?;
            synthetic(cx, name, &exports)
        }
    }
}

/// A module that exports the properties of `exports`.
fn synthetic<'js>(
    cx: &mut Cx<'js>,
    name: &str,
    exports: &Object<'js>,
) -> Result<*mut q::JSModuleDef, Error<'js>> {
    let names = exports.own_keys(cx)?;
    let name = c_name(name);
    // SAFETY: the engine copies the names, and takes the reference to the exports.
    unsafe {
        let module = q::JS_NewCModule(cx.ctx, name.as_ptr(), Some(fill));
        if module.is_null() {
            return Err(super::error::thrown(cx));
        }
        for name in names.iter().filter_map(Value::as_string) {
            let added = q::JS_AddModuleExport(cx.ctx, module, c_name(&name).as_ptr());
            super::object::succeeded(cx, added)?;
        }
        q::JS_SetModulePrivateValue(cx.ctx, module, exports.to_value().into_raw());
        Ok(module)
    }
}

/// Gives a synthetic module its values.
///
/// # Safety
/// The engine calls it once, when the module is evaluated.
unsafe extern "C" fn fill(ctx: *mut q::JSContext, module: *mut q::JSModuleDef) -> c_int {
    // SAFETY: the engine calls with a context that is alive, from an import.
    let mut cx = unsafe { Cx::new(ctx) };
    // SAFETY: the module is one that `synthetic` made; the value is owned.
    let exports = Value::wrap(ctx, unsafe { q::JS_GetModulePrivateValue(ctx, module) });
    let Some(exports) = exports.as_object() else {
        return 0;
    };
    let filled = exports.own_keys(&mut cx).and_then(|names| {
        for key in names {
            let value = exports.get(&mut cx, &key)?;
            let Some(name) = key.as_string() else {
                continue;
            };
            let name = c_name(&name);
            // SAFETY: the name was declared; the reference to the value is given to the engine.
            let set =
                unsafe { q::JS_SetModuleExport(ctx, module, name.as_ptr(), value.into_raw()) };
            super::object::succeeded(&mut cx, set)?;
        }
        Ok(())
    });
    match filled {
        Ok(()) => 0,
        Err(error) => {
            raise(&mut cx, error);
            -1
        }
    }
}

/// A specifier stays what it is, until the module is loaded. Its attributes do not: bytecode has none, so they are judged here.
///
/// # Safety
/// As of [`resolve`].
unsafe extern "C" fn as_written(
    ctx: *mut q::JSContext,
    _base: *const c_char,
    specifier: *const c_char,
    attributes: q::JSValue,
    _opaque: *mut c_void,
) -> *mut c_char {
    // SAFETY: the engine calls with a context that is alive, from an import.
    let mut cx = unsafe { Cx::new(ctx) };
    // SAFETY: as the caller says.
    let text = unsafe { text(specifier) };
    if text.ends_with(".json") && kind_of(&mut cx, attributes).is_none() {
        raise(&mut cx, attribute_missing(&text).into());
        return std::ptr::null_mut();
    }
    // SAFETY: the engine copies the name and frees its copy.
    unsafe { q::js_strdup(ctx, specifier) }
}

/// A module in name only, which stands for what is imported while the importer is compiled.
///
/// # Safety
/// As of [`resolve`].
unsafe extern "C" fn promise(
    ctx: *mut q::JSContext,
    name: *const c_char,
    _opaque: *mut c_void,
    _attributes: q::JSValue,
) -> *mut q::JSModuleDef {
    // SAFETY: the engine copies the name; nothing evaluates the module.
    unsafe { q::JS_NewCModule(ctx, name, Some(fill)) }
}

/// Fills `import.meta`.
fn describe(cx: &mut Cx<'_>, url: &ModuleUrl, module: *mut q::JSModuleDef) {
    let state = Rc::clone(cx.state());
    let main = state.loader.is_main(url);
    // SAFETY: the module is one of this context.
    let raw = unsafe { q::JS_GetImportMeta(cx.ctx, module) };
    let meta = Object::from_value(cx.made(raw));
    let mut properties = vec![
        ("url", Value::string(cx, url.as_str())),
        ("main", Value::bool(main)),
    ];
    if let Some(path) = url.to_path() {
        properties.push(("filename", Value::string(cx, &path.to_string_lossy())));
        let folder = path.parent().unwrap_or(&path).to_string_lossy();
        properties.push(("dirname", Value::string(cx, &folder)));
    }
    if main {
        let args = state.loader.args().iter();
        let args: Vec<Value<'_>> = args.map(|arg| Value::string(cx, arg)).collect();
        properties.push(("args", Object::array(cx, args).to_value()));
    }
    for (key, value) in properties {
        // `import.meta` is a fresh ordinary object: nothing can refuse.
        let _ = meta.set(cx, key, value);
    }
}

impl<'js> Cx<'js> {
    /// Starts the module `source` under `url`; the engine asks the loader for what it imports. Call [`ModuleHandle`]'s promise
    /// settled before looking at the exports.
    pub(crate) fn run_module(
        &mut self,
        url: &ModuleUrl,
        source: Source,
    ) -> Result<ModuleHandle, Error<'js>> {
        let name = self.shared().modules.name(url);
        let module = make(self, url, &name, source)?;
        // SAFETY: the module is one of this context; evaluation takes the reference that is made for it.
        let raw = unsafe {
            let value = q::JS_MKPTR(q::JS_TAG_MODULE, module.cast());
            q::JS_EvalFunction(self.ctx, q::JS_DupValue(self.ctx, value))
        };
        let promise = self.result(raw)?;
        let done = Persistent::new(self, &promise);
        Ok(ModuleHandle { done, module })
    }

    /// Compiles the module `text`, which stacks call `name`, to bytecode. What it imports is looked for when it is loaded: this
    /// runtime loads nothing from then on.
    pub(crate) fn compile_module(&mut self, name: &str, text: &str) -> Result<Vec<u8>, Error<'js>> {
        // SAFETY: the functions take what the engine gives them.
        unsafe {
            let rt = q::JS_GetRuntime(self.ctx);
            q::JS_SetModuleLoaderFunc2(rt, None, Some(promise), None, std::ptr::null_mut());
            q::JS_SetModuleNormalizeFunc2(rt, Some(as_written));
        }
        let module = Goal::Module.compile(self, name, text)?;
        let mut len = 0;
        // SAFETY: the module is borrowed; the bytes are copied, and freed as the engine wants it.
        unsafe {
            let flags = q::JS_WRITE_OBJ_BYTECODE as i32;
            let start = q::JS_WriteObject(self.ctx, &raw mut len, module.raw, flags);
            if start.is_null() {
                return Err(super::error::thrown(self));
            }
            let code = std::slice::from_raw_parts(start, len as usize).to_vec();
            q::js_free(self.ctx, start.cast());
            Ok(code)
        }
    }

    /// Forgets a native module, so that the next import of `url` asks the loader again.
    pub(crate) fn forget_module(&mut self, url: &ModuleUrl) {
        let modules = &self.shared().modules;
        *modules
            .unloaded
            .borrow_mut()
            .entry(url.clone())
            .or_default() += 1;
    }
}
