//! The native methods of `Native.java`, and the function that binds them.
//!
//! Each takes the number of a runtime and bytes, and gives bytes or nothing. None throws and none lets a panic out: an error is an answer.

use std::ffi::c_void;
use std::sync::{OnceLock, mpsc};

use jni::objects::{JByteArray, JClass, JObject};
use jni::sys::{JNI_ERR, JNI_VERSION_1_6, jboolean, jint, jlong};
use jni::{Env, EnvUnowned, JavaVM, NativeMethod, Outcome, jni_str};
use runtime_core::definition::RuntimeDef;
use runtime_core::engine::{Cx, Value};
use runtime_core::{Error, JsError, Plain};

use crate::bridge::{self, Bridge};
use crate::options::Options;
use crate::registry::{self, Runtime};
use crate::wire::{self, Failure};
use crate::{host, log};

/// The Java virtual machine, as it names itself.
pub type RawVm = jni::sys::JavaVM;

static RUNTIME: OnceLock<&'static RuntimeDef> = OnceLock::new();

/// Binds the native methods: what `JNI_OnLoad` does, with its result. Runtimes will be made of `def`.
///
/// # Safety
/// `vm` is the pointer that `JNI_OnLoad` was given.
pub unsafe fn load(vm: *mut RawVm, def: &'static RuntimeDef) -> jint {
    let _ = RUNTIME.set(def);
    // SAFETY: the caller's.
    let vm = unsafe { JavaVM::from_raw(vm) };
    match vm.attach_current_thread(bind) {
        Ok(()) => JNI_VERSION_1_6,
        Err(error) => {
            log::error(&format!(
                "error: the native methods cannot be bound: {error}\n\
                 help: the package's classes and its library must be of one build"
            ));
            JNI_ERR
        }
    }
}

fn bind(env: &mut Env<'_>) -> jni::errors::Result<()> {
    let bridge = env.find_class(jni_str!("dev/tailor/runtime/Bridge"))?;
    bridge::look_up(env, &bridge)?;
    let natives = env.find_class(jni_str!("dev/tailor/runtime/Native"))?;
    // SAFETY: each is a static method of this name and signature.
    let methods = unsafe {
        [
            NativeMethod::from_raw_parts(
                jni_str!("create"),
                jni_str!("(JLdev/tailor/runtime/Bridge;[B)[B"),
                create as *mut c_void,
            ),
            NativeMethod::from_raw_parts(jni_str!("ask"), jni_str!("(JI[B)[B"), ask as *mut c_void),
            NativeMethod::from_raw_parts(
                jni_str!("submit"),
                jni_str!("(JI[BJ)Z"),
                submit as *mut c_void,
            ),
            NativeMethod::from_raw_parts(
                jni_str!("settle"),
                jni_str!("(JJ[B)V"),
                settle as *mut c_void,
            ),
            NativeMethod::from_raw_parts(jni_str!("close"), jni_str!("(J)V"), close as *mut c_void),
        ]
    };
    // SAFETY: as above.
    unsafe { env.register_native_methods(&natives, &methods) }
}

extern "system" fn create<'local>(
    mut env: EnvUnowned<'local>,
    _: JClass<'local>,
    number: jlong,
    bridge: JObject<'local>,
    options: JByteArray<'local>,
) -> JByteArray<'local> {
    answered(&mut env, |env| {
        let said = wire::read_value(&bytes(env, &options)?)?;
        let def = *RUNTIME.get().ok_or_else(unloaded)?;
        let bridge = Bridge::new(env, &bridge).map_err(|error| JsError::from_std(&error))?;
        registry::create(number, def, bridge, Options::new(said))?;
        Ok(wire::answer(Ok(Plain::Undefined)))
    })
}

extern "system" fn ask<'local>(
    mut env: EnvUnowned<'local>,
    _: JClass<'local>,
    number: jlong,
    what: jint,
    payload: JByteArray<'local>,
) -> JByteArray<'local> {
    answered(&mut env, |env| {
        let payload = bytes(env, &payload)?;
        let runtime = registry::find(number).ok_or_else(ended)?;
        let (sender, receiver) = mpsc::channel();
        let reply = Reply::new(runtime, move |answer| {
            // Whoever asked waits for it below.
            let _ = sender.send(answer);
        });
        start(what, &payload, reply);
        receiver.recv().map_err(|_| ended())
    })
}

extern "system" fn submit<'local>(
    mut env: EnvUnowned<'local>,
    _: JClass<'local>,
    number: jlong,
    what: jint,
    payload: JByteArray<'local>,
    ticket: jlong,
) -> jboolean {
    quietly(&mut env, |env| {
        let payload = bytes(env, &payload)?;
        let Some(runtime) = registry::find(number) else {
            return Ok(false);
        };
        let bridge = runtime.bridge.clone();
        let reply = Reply::new(runtime, move |answer| bridge.settle(ticket, &answer));
        start(what, &payload, reply);
        Ok(true)
    })
}

extern "system" fn settle<'local>(
    mut env: EnvUnowned<'local>,
    _: JClass<'local>,
    number: jlong,
    ticket: jlong,
    answer: JByteArray<'local>,
) {
    quietly(&mut env, |env| {
        let answer = wire::read_answer(&bytes(env, &answer)?)
            .unwrap_or_else(|error| wire::Answer::Error(error.into()));
        if let Some(Runtime { handle, bridge, .. }) = registry::find(number) {
            handle.send(move |cx| host::settle(cx, &bridge, ticket, answer));
        }
        Ok(())
    });
}

extern "system" fn close<'local>(mut env: EnvUnowned<'local>, _: JClass<'local>, number: jlong) {
    quietly(&mut env, |_| {
        registry::close(number);
        Ok(())
    });
}

/// Who gets an answer: exactly one. Dropped unanswered, because its runtime is gone, it says why.
struct Reply {
    to: Option<Box<dyn FnOnce(Vec<u8>) + Send>>,
    runtime: Runtime,
}

impl Reply {
    fn new(runtime: Runtime, to: impl FnOnce(Vec<u8>) + Send + 'static) -> Self {
        Self {
            to: Some(Box::new(to)),
            runtime,
        }
    }

    fn give(mut self, result: Result<Plain, Failure>) {
        if let Some(to) = self.to.take() {
            to(wire::answer(result));
        }
    }
}

impl Drop for Reply {
    fn drop(&mut self) {
        if let Some(to) = self.to.take() {
            to(wire::answer(Err(self.runtime.why().into())));
        }
    }
}

/// What a runtime can be asked for: the numbers of `Native.java`.
const EVAL: jint = 0;
const CODE: jint = 1;
const FILE: jint = 2;
const ENTRY: jint = 3;
const ADD_FILE: jint = 4;
const REGISTER: jint = 5;

/// Asks the runtime for something; the reply is given on its thread.
fn start(what: jint, payload: &[u8], reply: Reply) {
    let Runtime { handle, bridge, .. } = reply.runtime.clone();
    let payload = match wire::read_value(payload) {
        Ok(payload) => payload,
        Err(error) => return reply.give(Err(error.into())),
    };
    let parts = payload.as_array().unwrap_or_default();
    let text = |at: usize| parts.get(at).and_then(Plain::as_str).unwrap_or_default();
    match what {
        EVAL => handle.eval_then(text(0), then(reply)),
        CODE => handle.import_code_then(text(0), text(1), then(reply)),
        FILE => handle.import_app_file_then(text(0), then(reply)),
        ENTRY => match RUNTIME.get().and_then(|def| def.app) {
            Some(app) => handle.import_app_file_then(app.entry, then(reply)),
            None => reply.give(Err(JsError::error(
                "this runtime has no app inside\nhelp: write `entry` in `[runtime]` of its runtime.toml, or run a module of the host's",
            )
            .into())),
        },
        ADD_FILE => {
            handle.add_app_file(text(0), text(1));
            handle.send(move |_| reply.give(Ok(Plain::Undefined)));
        }
        REGISTER => {
            let name = text(0).to_owned();
            let number = parts.get(1).and_then(Plain::as_f64).unwrap_or_default() as i32;
            handle.send(move |cx| {
                let result = host::register(cx, &bridge, &name, number);
                let result = result.map(|()| Plain::Undefined);
                let result = result.map_err(|error| host::failure(cx, error));
                reply.give(result);
            });
        }
        _ => reply.give(Err(unloaded().into())),
    }
}

/// Gives a script's value, or what it threw, as the reply.
fn then(
    reply: Reply,
) -> impl for<'a> FnOnce(&mut Cx<'a>, Result<Value<'a>, Error<'a>>) + Send + 'static {
    move |cx, result| {
        let result = result.and_then(|value| Plain::from_value(cx, &value));
        reply.give(result.map_err(|error| host::failure(cx, error)));
    }
}

/// Runs a native method that answers; whatever goes wrong in it is the answer.
fn answered<'local>(
    env: &mut EnvUnowned<'local>,
    f: impl FnOnce(&mut Env<'local>) -> Result<Vec<u8>, JsError>,
) -> JByteArray<'local> {
    let outcome = env.with_env(|env| {
        let answer = f(env).unwrap_or_else(|error| wire::answer(Err(error.into())));
        env.byte_array_from_slice(&answer)
    });
    let what = match outcome.into_outcome() {
        Outcome::Ok(array) => return array,
        Outcome::Err(error) => {
            JsError::range_error(format!("the result cannot be given to Java: {error}"))
        }
        Outcome::Panic(panic) => registry::panicked(&*panic),
    };
    let answer = wire::answer(Err(what.into()));
    let told = env.with_env(|env| env.byte_array_from_slice(&answer));
    match told.into_outcome() {
        Outcome::Ok(array) => array,
        // Java takes null for an answer that could not be given at all.
        Outcome::Err(_) | Outcome::Panic(_) => JByteArray::default(),
    }
}

/// Runs a native method that has nobody to answer; what goes wrong in it is said in the log.
fn quietly<'local, T: Default>(
    env: &mut EnvUnowned<'local>,
    f: impl FnOnce(&mut Env<'local>) -> Result<T, JsError>,
) -> T {
    let outcome = env.with_env(|env| Ok::<_, jni::errors::Error>(f(env)));
    let error = match outcome.into_outcome() {
        Outcome::Ok(Ok(result)) => return result,
        Outcome::Ok(Err(error)) => error,
        Outcome::Err(error) => JsError::from_std(&error),
        Outcome::Panic(panic) => registry::panicked(&*panic),
    };
    log::error(error.message());
    T::default()
}

fn bytes(env: &Env<'_>, array: &JByteArray<'_>) -> Result<Vec<u8>, JsError> {
    let bytes = env.convert_byte_array(array);
    bytes.map_err(|error| JsError::from_std(&error))
}

fn ended() -> JsError {
    JsError::error("the runtime has ended")
        .with_code("ERR_RUNTIME_ENDED")
        .from_runtime()
}

fn unloaded() -> JsError {
    JsError::error(
        "the package's classes and its library are of different builds\nhelp: take both from one build",
    )
}
