//! Modules: the engine's side of the loader. It asks the loader where a module is and what its source is, and keeps each
//! module by its URL, so that the engine is given the same one every time.

use std::cell::RefCell;
use std::collections::HashMap;
use std::path::Path;
use std::rc::Rc;

use boa_engine::module::{ModuleLoader, ModuleRequest, Referrer, SyntheticModuleInitializer};
use boa_engine::{Context, JsObject, JsResult, JsString, JsValue, Module};

use super::cx::Cx;
use super::entry;
use super::error::{thrown, to_raw};
use super::object::Object;
use super::syntax::Goal;
use super::value::Value;
use crate::engine::types::Exports;
use crate::engine::{Error, Persistent, Source as Loaded};
use crate::error::JsError;
use crate::limits::Held;
use crate::module_url::ModuleUrl;
use crate::state::RuntimeState;

/// A module that was loaded, linked and is being evaluated.
#[derive(Debug)]
pub(crate) struct ModuleHandle {
    /// The promise of its evaluation.
    pub(crate) done: Persistent,
    namespace: Module,
}

impl ModuleHandle {
    /// Its exports.
    pub(crate) fn namespace<'js>(&self, cx: &mut Cx<'js>) -> Object<'js> {
        Object::wrap(self.namespace.namespace(cx.context))
    }
}

/// The modules of one runtime, by URL.
#[derive(Debug, Default)]
pub(super) struct Modules {
    by_url: RefCell<HashMap<ModuleUrl, Module>>,
    /// What the sources take.
    held: RefCell<Held>,
}

/// The URL of a source, by the path that the engine knows it by: how people read the URL.
fn url_of(path: Option<&Path>) -> Option<ModuleUrl> {
    Some(ModuleUrl::of(path?.to_str()?))
}

fn state(context: &Context) -> Rc<RuntimeState> {
    Rc::clone(
        context
            .get_data::<Rc<RuntimeState>>()
            .expect("the engine inserts the state before anything runs"),
    )
}

impl ModuleLoader for Modules {
    async fn load_imported_module(
        self: Rc<Self>,
        referrer: Referrer,
        request: ModuleRequest,
        context: &RefCell<&mut Context>,
    ) -> JsResult<Module> {
        let state = state(&context.borrow());
        let from = url_of(referrer.path());
        let specifier = request.specifier().to_std_string_lossy();
        let kind = request
            .get_attribute("type")
            .map(JsString::to_std_string_lossy);
        let resolved = state.resolve(&specifier, from.as_ref(), kind.as_deref());
        let raise = |error| {
            to_raw(
                &mut Cx::new(&mut context.borrow_mut()),
                Error::New(Box::new(error)),
            )
        };
        let url = resolved.map_err(raise)?;
        if let Some(module) = self.by_url.borrow().get(&url) {
            return Ok(module.clone());
        }
        let loaded = state.loader.load(&url).map_err(raise)?;
        // The engine keeps the text of a module, and `state.sources` keeps it for errors.
        let held = charge(&mut context.borrow_mut(), loaded.held())?;
        self.held.borrow_mut().add(held);
        let module = make(&url, loaded, &mut context.borrow_mut())?;
        self.by_url.borrow_mut().insert(url, module.clone());
        Ok(module)
    }

    fn init_import_meta(
        self: Rc<Self>,
        import_meta: &JsObject,
        module: &Module,
        context: &mut Context,
    ) {
        let Some(url) = url_of(module.path()) else {
            return;
        };
        let main = state(context).loader.is_main(&url);
        let mut cx = Cx::new(context);
        let meta = Object::wrap(import_meta.clone());
        let mut properties = vec![
            ("url", Value::string(&mut cx, url.as_str())),
            ("main", Value::bool(main)),
        ];
        if let Some(path) = url.to_path() {
            let name = path.to_string_lossy();
            properties.push(("filename", Value::string(&mut cx, &name)));
            let folder = path.parent().unwrap_or(&path).to_string_lossy();
            properties.push(("dirname", Value::string(&mut cx, &folder)));
        }
        if main {
            let args = state(cx.context).loader.args().to_vec();
            let args: Vec<Value<'_>> = args.iter().map(|arg| Value::string(&mut cx, arg)).collect();
            properties.push(("args", Object::array(&mut cx, args).to_value()));
        }
        for (key, value) in properties {
            // `import.meta` is a fresh ordinary object: nothing can refuse.
            let _ = meta.set(&mut cx, key, value);
        }
    }
}

/// Puts on the account what the source of a module takes.
fn charge(context: &mut Context, bytes: usize) -> JsResult<Held> {
    let mut cx = Cx::new(context);
    match cx.charge(bytes) {
        Ok(held) => Ok(held),
        Err(error) => Err(to_raw(&mut cx, error)),
    }
}

fn make(url: &ModuleUrl, loaded: Loaded, context: &mut Context) -> JsResult<Module> {
    match loaded {
        Loaded::JavaScript(text) => {
            let module = Goal::module(&mut Cx::new(context), &url.display(), &text)?;
            state(context).sources.keep(&url.display(), &text);
            Ok(module)
        }
        Loaded::Json(text) => Goal::json(&mut Cx::new(context), &url.display(), &text),
        // Only what was compiled for this engine ships inside a runtime, and this one compiles nothing ahead.
        Loaded::Bytecode(code) => {
            let bytes = code.len();
            let error =
                JsError::error(format!("this engine cannot read {bytes} bytes of bytecode"));
            Err(to_raw(&mut Cx::new(context), error.into()))
        }
        Loaded::Native(exports) => native(exports, context),
    }
}

/// A module whose exports are native: they are made when it is first loaded.
fn native(exports: Exports, context: &mut Context) -> JsResult<Module> {
    let mut cx = Cx::new(context);
    let exports = exports(&mut cx).and_then(|exports| {
        let names = exports.own_keys(&mut cx)?;
        Ok((exports, names))
    });
    let (exports, names) = match exports {
        Ok(made) => made,
        Err(error) => return Err(to_raw(&mut cx, error)),
    };
    let names: Vec<JsString> = names
        .iter()
        .filter_map(|name| name.raw.as_string())
        .collect();
    let fill = |module: &boa_engine::module::SyntheticModule,
                exports: &(JsObject, Vec<JsString>),
                context: &mut Context| {
        for name in &exports.1 {
            let value = exports.0.get(name.clone(), context)?;
            module.set_export(name, value)?;
        }
        Ok(())
    };
    let initializer = SyntheticModuleInitializer::from_copy_closure_with_captures(
        fill,
        (exports.raw, names.clone()),
    );
    Ok(Module::synthetic(
        &names,
        initializer,
        None,
        None,
        cx.context,
    ))
}

impl<'js> Cx<'js> {
    /// Starts the module `source` under `url`; the engine asks the loader for what it imports. Call [`ModuleHandle`]'s promise
    /// settled before looking at the exports.
    pub(crate) fn run_module(
        &mut self,
        url: &ModuleUrl,
        source: Loaded,
    ) -> Result<ModuleHandle, Error<'js>> {
        let module = match entry::run(self.context, |context| make(url, source, context)) {
            Ok(module) => module,
            Err(error) => return Err(thrown(self, error)),
        };
        let modules = self
            .context
            .downcast_module_loader::<Modules>()
            .expect("the engine was built with it");
        modules
            .by_url
            .borrow_mut()
            .insert(url.clone(), module.clone());
        let promise = entry::run(self.context, |context| {
            Ok(module.load_link_evaluate(context))
        });
        let promise = promise.map_err(|error| thrown(self, error))?;
        let done = Persistent::new(self, &Value::wrap(JsValue::from(promise)));
        Ok(ModuleHandle {
            done,
            namespace: module,
        })
    }

    /// Compiles a module ahead of time; this engine cannot.
    pub(crate) fn compile_module(
        &mut self,
        name: &str,
        _text: &str,
    ) -> Result<Vec<u8>, Error<'js>> {
        Err(JsError::error(format!(
            "cannot compile `{name}` ahead: this engine has no bytecode"
        ))
        .into())
    }

    /// Forgets a native module, so that the next import of `url` asks the loader again.
    pub(crate) fn forget_module(&mut self, url: &ModuleUrl) {
        if let Some(modules) = self.context.downcast_module_loader::<Modules>() {
            modules.by_url.borrow_mut().remove(url);
        }
    }
}
