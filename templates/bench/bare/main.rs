//! A program around the engine and nothing else, as somebody writes it who knows the engine well: what a runtime of ours is
//! compared with.
//!
//! It runs one script. `add` and `concat` are what `native.rs` beside it says in one line each, written by hand.

use std::path::Path;
use std::process::ExitCode;

use boa_engine::object::ObjectInitializer;
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
    context.register_global_callable(js_string!("concat"), 2, NativeFunction::from_fn_ptr(concat))
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
