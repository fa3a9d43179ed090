//! A program around the engine and nothing else, as somebody writes it who knows the engine well: what a runtime of ours is
//! compared with.
//!
//! It runs one script. `add`, `concat`, `copy` and `mirror` are what `native.rs` beside it says in one line each, written by hand.

use std::path::Path;
use std::process::ExitCode;

use boa_engine::object::builtins::{AlignedVec, JsArrayBuffer, JsUint8Array};
use boa_engine::object::{JsObject, ObjectInitializer};
use boa_engine::property::Attribute;
use boa_engine::{
    Context, JsArgs, JsNativeError, JsResult, JsString, JsValue, NativeFunction, Source, js_string,
};

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
    let path = std::env::args_os().nth(1).ok_or("usage: bare-boa FILE")?;
    let source = Source::from_filepath(Path::new(&path)).map_err(|error| error.to_string())?;
    let mut context = Context::default();
    define(&mut context).map_err(|error| error.to_string())?;
    context.eval(source).map_err(|error| error.to_string())?;
    context.run_jobs().map_err(|error| error.to_string())
}

fn define(context: &mut Context) -> JsResult<()> {
    let console = ObjectInitializer::new(context)
        .function(NativeFunction::from_fn_ptr(log), js_string!("log"), 1)
        .build();
    context.register_global_property(js_string!("console"), console, Attribute::all())?;
    context.register_global_callable(js_string!("add"), 2, NativeFunction::from_fn_ptr(add))?;
    context.register_global_callable(
        js_string!("concat"),
        2,
        NativeFunction::from_fn_ptr(concat),
    )?;
    context.register_global_callable(js_string!("copy"), 1, NativeFunction::from_fn_ptr(copy))?;
    context.register_global_callable(js_string!("mirror"), 1, NativeFunction::from_fn_ptr(mirror))
}

fn log(_: &JsValue, args: &[JsValue], context: &mut Context) -> JsResult<JsValue> {
    let text = args.get_or_undefined(0).to_string(context)?;
    println!("{}", text.to_std_string_lossy());
    Ok(JsValue::undefined())
}

fn add(_: &JsValue, args: &[JsValue], _: &mut Context) -> JsResult<JsValue> {
    let (Some(a), Some(b)) = (
        args.get_or_undefined(0).as_number(),
        args.get_or_undefined(1).as_number(),
    ) else {
        return Err(JsNativeError::typ()
            .with_message("add takes two numbers")
            .into());
    };
    Ok(JsValue::rational(a + b))
}

fn concat(_: &JsValue, args: &[JsValue], _: &mut Context) -> JsResult<JsValue> {
    let (Some(a), Some(b)) = (
        args.get_or_undefined(0).as_string(),
        args.get_or_undefined(1).as_string(),
    ) else {
        return Err(JsNativeError::typ()
            .with_message("concat takes two strings")
            .into());
    };
    // On Rust strings, as the other side has them: what is compared is the way there and back.
    let joined = a.to_std_string_lossy() + &b.to_std_string_lossy();
    Ok(JsString::from(joined).into())
}

fn copy(_: &JsValue, args: &[JsValue], context: &mut Context) -> JsResult<JsValue> {
    let Some(object) = args.get_or_undefined(0).as_object() else {
        return Err(JsNativeError::typ()
            .with_message("copy takes a Uint8Array")
            .into());
    };
    // As a vector, as the other side has it.
    let bytes = JsUint8Array::from_object(object)?.to_vec(context)?;
    let block = AlignedVec::from_slice(0, &bytes);
    let buffer = JsArrayBuffer::from_byte_block(block, context)?;
    Ok(JsUint8Array::from_array_buffer(buffer, context)?.into())
}

fn mirror(_: &JsValue, args: &[JsValue], context: &mut Context) -> JsResult<JsValue> {
    let Some(place) = args.get_or_undefined(0).as_object() else {
        return Err(JsNativeError::typ()
            .with_message("mirror takes a place")
            .into());
    };
    let x = place.get(js_string!("x"), context)?.to_number(context)?;
    let y = place.get(js_string!("y"), context)?.to_number(context)?;
    let mirrored = JsObject::with_object_proto(context.intrinsics());
    mirrored.create_data_property_or_throw(js_string!("x"), y, context)?;
    mirrored.create_data_property_or_throw(js_string!("y"), x, context)?;
    Ok(mirrored.into())
}
