//! The token that runs JavaScript. Everything that can call back into a script takes `&mut Cx`.

use std::any::Any;
use std::ffi::CString;
use std::rc::Rc;

use rquickjs_sys as q;

use super::engine::Shared;
use super::error::{ended, place, thrown};
use super::inspect::Originals;
use super::object::Object;
use super::syntax::Goal;
use super::value::Value;
use crate::engine::{Brand, Error};
use crate::error::Fatal;
use crate::limits::Frame;
use crate::permissions::Permissions;
use crate::state::RuntimeState;

/// The engine's context during one entry. It cannot be stored: `'js` ends with the entry.
#[derive(Debug)]
pub struct Cx<'js> {
    pub(super) ctx: *mut q::JSContext,
    /// What the native call that this is the token of has on the account.
    frame: Frame,
    brand: Brand<'js>,
}

impl<'js> Cx<'js> {
    /// The token of `ctx`.
    ///
    /// # Safety
    /// The context is alive, and the token ends with the entry. While another token is shown to borrow
    /// bytes or a state, this one runs nothing of a script.
    pub(super) unsafe fn new(ctx: *mut q::JSContext) -> Self {
        Self {
            ctx,
            frame: Frame::default(),
            brand: Brand::default(),
        }
    }

    /// What the engine keeps beside the context.
    pub(super) fn shared(&self) -> &Shared {
        // SAFETY: the engine puts it there before anything runs, and frees it after the context.
        unsafe { &*q::JS_GetContextOpaque(self.ctx).cast::<Shared>() }
    }

    pub(super) fn originals(&self) -> &Originals {
        &self.shared().originals
    }

    /// What the engine returned: a value, or an exception that is waiting.
    #[inline]
    pub(super) fn result(&mut self, raw: q::JSValue) -> Result<Value<'js>, Error<'js>> {
        if super::value::tag(raw) == q::JS_TAG_EXCEPTION {
            return Err(thrown(self));
        }
        let value = Value::wrap(self.ctx, raw);
        self.goes_on()?;
        Ok(value)
    }

    /// An error when memory was refused, whatever the script that was told so made of it.
    #[inline]
    pub(super) fn goes_on(&mut self) -> Result<(), Fatal> {
        match self.shared().memory.must_end() {
            true => Err(ended(self)),
            false => Ok(()),
        }
    }

    /// What the engine made, which fails only for want of memory: then it is `undefined`, and the limit is hit.
    #[inline]
    pub(super) fn made(&mut self, raw: q::JSValue) -> Value<'js> {
        self.result(raw).unwrap_or_else(|_| Value::undefined())
    }

    /// Calls a function with borrowed values.
    pub(super) fn call_raw(
        &mut self,
        function: q::JSValue,
        this: q::JSValue,
        args: &[q::JSValue],
    ) -> Result<Value<'js>, Error<'js>> {
        // SAFETY: all values are borrowed for the call; the engine does not write to the arguments of its caller.
        let raw = unsafe {
            let args_start = args.as_ptr().cast_mut();
            q::JS_Call(self.ctx, function, this, args.len() as i32, args_start)
        };
        self.result(raw)
    }

    /// The global object.
    pub fn global(&mut self) -> Object<'js> {
        // SAFETY: a context has a global object.
        let raw = unsafe { q::JS_GetGlobalObject(self.ctx) };
        Object::from_value(Value::wrap(self.ctx, raw))
    }

    /// Evaluates `code` as a script (not a module) named `name`; `name` appears in stacks.
    pub fn eval(&mut self, code: &str, name: &str) -> Result<Value<'js>, Error<'js>> {
        let script = Goal::Script.compile(self, name, code)?;
        // SAFETY: what was compiled is given to the engine.
        let raw = unsafe { q::JS_EvalFunction(self.ctx, script.into_raw()) };
        self.result(raw)
    }

    /// What this runtime's own modules keep for themselves: one value of each type, made on first use.
    pub fn local<T: Any + Default>(&self) -> Rc<T> {
        self.state().local()
    }

    /// What the code that is running now may do.
    pub fn permissions(&self) -> Rc<Permissions> {
        self.state().permissions()
    }

    /// An error when this runtime must end: a limit was hit, or somebody stopped it. Native code that computes for long asks
    /// between its steps and returns the error, which no script can catch.
    pub fn go_on(&mut self) -> Result<(), Error<'js>> {
        if !self.shared().is_over() {
            return Ok(());
        }
        match self.state().fatal() {
            Some(fatal) => Err(Error::Fatal(fatal)),
            None => Ok(()),
        }
    }

    /// What the native call that is running has on the account.
    pub(crate) fn frame(&mut self) -> &mut Frame {
        &mut self.frame
    }

    /// Collects garbage, while a script is running.
    pub(crate) fn collect(&mut self) {
        // SAFETY: within a native call all that the engine uses is referred to.
        unsafe { q::JS_RunGC(q::JS_GetRuntime(self.ctx)) };
    }

    /// Ends the script: the state remembers why and where, and nothing catches the error.
    #[cold]
    pub(crate) fn end(&mut self, fatal: Fatal) -> Error<'js> {
        self.shared().memory.end();
        self.state().set_fatal(fatal);
        place(self);
        Error::Fatal(self.state().fatal().expect("it was just set"))
    }

    /// The engine-neutral state of this runtime.
    pub(crate) fn state(&self) -> &Rc<RuntimeState> {
        &self.shared().state
    }
}

/// A name for C, which ends a string at a zero.
pub(super) fn c_name(name: &str) -> CString {
    let name: Vec<u8> = name.bytes().filter(|byte| *byte != 0).collect();
    CString::new(name).unwrap_or_default()
}
