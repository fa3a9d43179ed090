//! A program around the engine and nothing else, as somebody writes it who knows the engine well: what a runtime of ours is
//! compared with.
//!
//! It runs one script. `add`, `concat`, `copy` and `mirror` are what `native.rs` beside it says in one line each, written by hand.

use std::ffi::{CStr, CString, c_char, c_int};
use std::process::ExitCode;
use std::ptr::null_mut;

use rquickjs_sys as q;

/// The engine's own kind of function.
type Native =
    unsafe extern "C" fn(*mut q::JSContext, q::JSValue, c_int, *mut q::JSValue) -> q::JSValue;

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("{message}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), String> {
    let path = std::env::args().nth(1).ok_or("usage: bare-quickjs FILE")?;
    let source = std::fs::read_to_string(&path).map_err(|error| error.to_string())?;
    let length = source.len();
    let source = CString::new(source).map_err(|error| error.to_string())?;
    let path = CString::new(path).map_err(|error| error.to_string())?;
    // SAFETY: the runtime outlives the context, which outlives its values; the source ends with a zero.
    unsafe {
        let rt = q::JS_NewRuntime();
        let ctx = q::JS_NewContext(rt);
        define(ctx);
        let flags = q::JS_EVAL_TYPE_GLOBAL as c_int;
        let value = q::JS_Eval(ctx, source.as_ptr(), length as _, path.as_ptr(), flags);
        let mut result = taken(ctx, value);
        let mut of_job = null_mut();
        while result.is_ok() {
            match q::JS_ExecutePendingJob(rt, &raw mut of_job) {
                0 => break,
                1.. => {}
                _ => result = Err(message(of_job)),
            }
        }
        q::JS_FreeContext(ctx);
        q::JS_FreeRuntime(rt);
        result
    }
}

unsafe fn taken(ctx: *mut q::JSContext, value: q::JSValue) -> Result<(), String> {
    if unsafe { q::JS_IsException(value) } {
        return Err(unsafe { message(ctx) });
    }
    unsafe { q::JS_FreeValue(ctx, value) };
    Ok(())
}

unsafe fn message(ctx: *mut q::JSContext) -> String {
    unsafe {
        let error = q::JS_GetException(ctx);
        let text = text(ctx, error);
        q::JS_FreeValue(ctx, error);
        text.unwrap_or_else(|_| "an error that has no text".to_owned())
    }
}

unsafe fn define(ctx: *mut q::JSContext) {
    unsafe {
        let global = q::JS_GetGlobalObject(ctx);
        let console = q::JS_NewObject(ctx);
        set(ctx, console, c"log", log, 1);
        q::JS_SetPropertyStr(ctx, global, c"console".as_ptr(), console);
        set(ctx, global, c"add", add, 2);
        set(ctx, global, c"concat", concat, 2);
        set(ctx, global, c"copy", copy, 1);
        set(ctx, global, c"mirror", mirror, 1);
        q::JS_FreeValue(ctx, global);
    }
}

unsafe fn set(ctx: *mut q::JSContext, on: q::JSValue, name: &CStr, native: Native, length: c_int) {
    unsafe {
        let function = q::JS_NewCFunction2(ctx, Some(native), name.as_ptr(), length, q::JSCFunctionEnum_JS_CFUNC_generic, 0);
        q::JS_SetPropertyStr(ctx, on, name.as_ptr(), function);
    }
}

/// The text of a value; an exception is pending when it has none.
unsafe fn text(ctx: *mut q::JSContext, value: q::JSValue) -> Result<String, ()> {
    unsafe {
        let mut length = 0;
        let start = q::JS_ToCStringLen(ctx, &raw mut length, value);
        if start.is_null() {
            return Err(());
        }
        let bytes = std::slice::from_raw_parts(start.cast::<u8>(), length as usize);
        let text = String::from_utf8_lossy(bytes).into_owned();
        q::JS_FreeCString(ctx, start);
        Ok(text)
    }
}

unsafe fn wrong(ctx: *mut q::JSContext, what: &CStr) -> q::JSValue {
    unsafe { q::JS_ThrowTypeError(ctx, c"%s".as_ptr(), what.as_ptr()) }
}

unsafe extern "C" fn log(
    ctx: *mut q::JSContext,
    _: q::JSValue,
    _: c_int,
    args: *mut q::JSValue,
) -> q::JSValue {
    unsafe {
        match text(ctx, *args) {
            Ok(text) => println!("{text}"),
            Err(()) => return q::JS_EXCEPTION,
        }
    }
    q::JS_UNDEFINED
}

unsafe extern "C" fn add(
    ctx: *mut q::JSContext,
    _: q::JSValue,
    _: c_int,
    args: *mut q::JSValue,
) -> q::JSValue {
    unsafe {
        let (mut a, mut b) = (0.0, 0.0);
        if q::JS_ToFloat64(ctx, &raw mut a, *args) < 0
            || q::JS_ToFloat64(ctx, &raw mut b, *args.add(1)) < 0
        {
            return q::JS_EXCEPTION;
        }
        q::JS_NewFloat64(a + b)
    }
}

unsafe extern "C" fn concat(
    ctx: *mut q::JSContext,
    _: q::JSValue,
    _: c_int,
    args: *mut q::JSValue,
) -> q::JSValue {
    unsafe {
        // On Rust strings, as the other side has them: what is compared is the way there and back.
        let (Ok(a), Ok(b)) = (text(ctx, *args), text(ctx, *args.add(1))) else {
            return q::JS_EXCEPTION;
        };
        let joined = a + &b;
        q::JS_NewStringLen(ctx, joined.as_ptr().cast::<c_char>(), joined.len() as _)
    }
}

unsafe extern "C" fn copy(
    ctx: *mut q::JSContext,
    _: q::JSValue,
    _: c_int,
    args: *mut q::JSValue,
) -> q::JSValue {
    unsafe {
        let mut length = 0;
        let start = q::JS_GetUint8Array(ctx, &raw mut length, *args);
        if start.is_null() {
            return wrong(ctx, c"copy takes a Uint8Array");
        }
        // As a vector, as the other side has it.
        let bytes = std::slice::from_raw_parts(start, length as usize).to_vec();
        q::JS_NewUint8ArrayCopy(ctx, bytes.as_ptr(), bytes.len() as _)
    }
}

unsafe extern "C" fn mirror(
    ctx: *mut q::JSContext,
    _: q::JSValue,
    _: c_int,
    args: *mut q::JSValue,
) -> q::JSValue {
    unsafe {
        let x = q::JS_GetPropertyStr(ctx, *args, c"x".as_ptr());
        let y = q::JS_GetPropertyStr(ctx, *args, c"y".as_ptr());
        let (mut from_x, mut from_y) = (0.0, 0.0);
        if q::JS_ToFloat64(ctx, &raw mut from_x, x) < 0 || q::JS_ToFloat64(ctx, &raw mut from_y, y) < 0 {
            return q::JS_EXCEPTION;
        }
        let place = q::JS_NewObject(ctx);
        q::JS_SetPropertyStr(ctx, place, c"x".as_ptr(), q::JS_NewFloat64(from_y));
        q::JS_SetPropertyStr(ctx, place, c"y".as_ptr(), q::JS_NewFloat64(from_x));
        place
    }
}
