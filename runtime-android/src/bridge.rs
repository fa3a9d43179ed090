//! What is called on Java's side: the methods of `Bridge.java`, one object of which belongs to each runtime.
//!
//! Each call has a frame of its own for local references, so a loop of any length keeps none. No method of the bridge throws: what Java's
//! code threw comes back as bytes. An exception that comes nevertheless is Java's own trouble, such as no memory, and is an error here.

use std::sync::{Arc, OnceLock};

use jni::objects::{JByteArray, JClass, JMethodID, JObject};
use jni::signature::{Primitive, ReturnType};
use jni::sys::jvalue;
use jni::{Env, JavaVM, jni_sig, jni_str};
use runtime_core::JsError;

use crate::log;
use crate::wire::{self, Answer};

/// The methods of the bridge, looked up once.
#[derive(Debug)]
struct Methods {
    began: JMethodID,
    call: JMethodID,
    settle: JMethodID,
    #[cfg(feature = "console")]
    write: JMethodID,
    uncaught: JMethodID,
    forget: JMethodID,
    retain: JMethodID,
    release: JMethodID,
    over: JMethodID,
}

static METHODS: OnceLock<Methods> = OnceLock::new();

/// Looks the methods up. `bridge` is the class, which lives as long as the native methods do, for Java keeps both by the class loader.
pub(crate) fn look_up(env: &mut Env<'_>, bridge: &JClass<'_>) -> jni::errors::Result<()> {
    let methods = Methods {
        began: env.get_method_id(bridge, jni_str!("began"), jni_sig!("()V"))?,
        call: env.get_method_id(bridge, jni_str!("call"), jni_sig!("(I[B)[B"))?,
        settle: env.get_method_id(bridge, jni_str!("settle"), jni_sig!("(J[B)V"))?,
        #[cfg(feature = "console")]
        write: env.get_method_id(bridge, jni_str!("write"), jni_sig!("(Z[B)[B"))?,
        uncaught: env.get_method_id(bridge, jni_str!("uncaught"), jni_sig!("([B)Z"))?,
        forget: env.get_method_id(bridge, jni_str!("forget"), jni_sig!("(I)V"))?,
        retain: env.get_method_id(bridge, jni_str!("retain"), jni_sig!("(J)V"))?,
        release: env.get_method_id(bridge, jni_str!("release"), jni_sig!("(J)V"))?,
        over: env.get_method_id(bridge, jni_str!("over"), jni_sig!("()V"))?,
    };
    // The library may be loaded again by the same class loader: the methods are the same then.
    let _ = METHODS.set(methods);
    Ok(())
}

/// The object on Java's side of one runtime.
#[derive(Clone, Debug)]
pub(crate) struct Bridge(Arc<jni::refs::Global<JObject<'static>>>);

impl Bridge {
    pub(crate) fn new(env: &Env<'_>, object: &JObject<'_>) -> jni::errors::Result<Self> {
        env.new_global_ref(object)
            .map(|global| Self(Arc::new(global)))
    }

    /// Calls a function of the host's.
    pub(crate) fn call(&self, function: i32, args: &[u8]) -> Result<Answer, JsError> {
        let bytes = self.bytes(
            args,
            |methods| methods.call,
            |args| [jvalue { i: function }, args],
        )?;
        wire::read_answer(&bytes)
    }

    /// Gives the answer to whoever holds `ticket`.
    pub(crate) fn settle(&self, ticket: i64, answer: &[u8]) {
        let settled = self.with(|env, methods, object| {
            let answer = env.byte_array_from_slice(answer)?;
            let args = [jvalue { j: ticket }, array(&answer)];
            // SAFETY: the method and its signature are those of `look_up`.
            unsafe { env.call_method_unchecked(object, methods.settle, VOID, &args) }.map(drop)
        });
        // An array that cannot be made leaves somebody waiting, who is told so.
        if settled.is_err() && answer.len() > SHORT {
            let error = JsError::range_error("the result is too large for Java's memory");
            self.settle(ticket, &wire::answer(Err(error.into())));
        }
    }

    /// Hands lines of the console on.
    #[cfg(feature = "console")]
    pub(crate) fn write(&self, is_error: bool, lines: &str) -> Result<(), JsError> {
        let bytes = self.bytes(
            lines.as_bytes(),
            |methods| methods.write,
            |lines| [jvalue { z: is_error }, lines],
        )?;
        match wire::read_answer(&bytes)? {
            Answer::Error(failure) => Err(failure.error),
            Answer::Value(_) | Answer::Promise(_) => Ok(()),
        }
    }

    /// Tells of an error that no script handled; whether somebody listens.
    pub(crate) fn uncaught(&self, error: &[u8]) -> bool {
        let heard = self.with(|env, methods, object| {
            let error = env.byte_array_from_slice(error)?;
            let (args, to) = ([array(&error)], ReturnType::Primitive(Primitive::Boolean));
            // SAFETY: the method and its signature are those of `look_up`.
            unsafe { env.call_method_unchecked(object, methods.uncaught, to, &args) }?.z()
        });
        heard.unwrap_or(false)
    }

    /// Says that this is the runtime's thread.
    pub(crate) fn began(&self) {
        self.say(|methods| methods.began, &[]);
    }

    /// Says that no script knows the function with this number any more.
    pub(crate) fn forget(&self, function: i32) {
        self.say(|methods| methods.forget, &[jvalue { i: function }]);
    }

    /// Says that the exception with this number is on its way to Java: it is kept until it is there.
    pub(crate) fn retain(&self, exception: i64) {
        self.say(|methods| methods.retain, &[jvalue { j: exception }]);
    }

    /// Says that no script knows the exception with this number any more.
    pub(crate) fn release(&self, exception: i64) {
        self.say(|methods| methods.release, &[jvalue { j: exception }]);
    }

    /// Says that the runtime's thread does nothing more.
    pub(crate) fn over(&self) {
        self.say(|methods| methods.over, &[]);
    }

    /// Calls a method that gives nothing.
    fn say(&self, method: impl FnOnce(&Methods) -> JMethodID, args: &[jvalue]) {
        let said = self.with(|env, methods, object| {
            // SAFETY: the method and its signature are those of `look_up`.
            unsafe { env.call_method_unchecked(object, method(methods), VOID, args) }.map(drop)
        });
        if let Err(error) = said {
            log::error(&format!("a call into Java failed: {error}"));
        }
    }

    /// Calls a method that takes bytes last and gives bytes.
    fn bytes(
        &self,
        given: &[u8],
        method: impl FnOnce(&Methods) -> JMethodID,
        args: impl FnOnce(jvalue) -> [jvalue; 2],
    ) -> Result<Vec<u8>, JsError> {
        let result = self.with(|env, methods, object| {
            let given = env.byte_array_from_slice(given)?;
            let args = args(array(&given));
            // SAFETY: the method and its signature are those of `look_up`.
            let made = unsafe {
                env.call_method_unchecked(object, method(methods), ReturnType::Array, &args)
            }?;
            let made = env.cast_local::<JByteArray<'_>>(made.l()?)?;
            env.convert_byte_array(made)
        });
        result.map_err(|error| JsError::error(format!("a call into Java failed: {error}")))
    }

    /// Runs `f` in a frame of its own, attached to Java.
    fn with<R>(
        &self,
        f: impl FnOnce(&mut Env<'_>, &Methods, &JObject<'_>) -> jni::errors::Result<R>,
    ) -> jni::errors::Result<R> {
        let methods = METHODS
            .get()
            .ok_or(jni::errors::Error::UninitializedJavaVM)?;
        JavaVM::singleton()?.attach_current_thread(|env| f(env, methods, self.0.as_ref()))
    }
}

const VOID: ReturnType = ReturnType::Primitive(Primitive::Void);

/// The length of an answer beyond which it may be its length that was too much.
const SHORT: usize = 4096;

fn array(array: &JByteArray<'_>) -> jvalue {
    jvalue { l: array.as_raw() }
}

/// While it lives, this thread is one of Java's that no program waits for when it ends.
#[derive(Debug)]
pub(crate) struct Daemon(JavaVM);

impl Daemon {
    /// Attaches this thread.
    pub(crate) fn attach(vm: JavaVM) -> Result<Self, JsError> {
        let raw = vm.get_raw();
        let mut env = std::ptr::null_mut();
        let mut args = jni::sys::JavaVMAttachArgs {
            version: jni::sys::JNI_VERSION_1_6,
            name: c"js".as_ptr().cast_mut(),
            group: std::ptr::null_mut(),
        };
        // SAFETY: the machine's own pointer; the arguments are read during the call. It is its function since version 1.4.
        let status = unsafe {
            ((**raw).v1_4.AttachCurrentThreadAsDaemon)(raw, &raw mut env, (&raw mut args).cast())
        };
        match status {
            jni::sys::JNI_OK => Ok(Self(vm)),
            _ => Err(JsError::error(format!(
                "cannot make the runtime's thread one of Java's (status {status})"
            ))),
        }
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        let raw = self.0.get_raw();
        // SAFETY: the machine's own pointer. What was attached here goes here, when nothing of Java's is in use on this thread.
        unsafe { ((**raw).v1_4.DetachCurrentThread)(raw) };
    }
}
