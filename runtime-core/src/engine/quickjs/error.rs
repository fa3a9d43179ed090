//! Crossing between the engine's errors and the port's.

use rquickjs_sys as q;

use super::cx::Cx;
use super::object::Object;
use super::value::Value;
use crate::engine::{Complaint, Error, Kind};
use crate::error::Fatal;
use crate::module_text::column_of_byte;

/// What the engine threw, as the port's error. What no script may catch is fatal, and the state remembers it.
#[cold]
pub(super) fn thrown<'js>(cx: &mut Cx<'js>) -> Error<'js> {
    // SAFETY: the exception is taken over; there is none left behind.
    let value = Value::wrap(cx.ctx, unsafe { q::JS_GetException(cx.ctx) });
    cx.shared().judge_memory();
    // SAFETY: it reads a flag of an object, if it is one.
    let is_uncatchable = unsafe { q::JS_IsUncatchableError(value.raw) };
    let fatal = cx.state().fatal();
    match fatal {
        Some(fatal) => Error::Fatal(fatal),
        None if is_uncatchable => Error::Fatal(Fatal::Engine(
            "it stopped the script and does not say why".to_owned(),
        )),
        None => Error::Thrown(value),
    }
}

/// The end of a script that was refused memory.
#[cold]
pub(super) fn ended(cx: &mut Cx<'_>) -> Fatal {
    cx.shared().judge_memory();
    place(cx);
    cx.state().fatal().expect("the limit was hit")
}

/// Remembers where the script was when it was ended.
pub(super) fn place(cx: &mut Cx<'_>) {
    // SAFETY: the token is at hand; it is only lent while the memory is looked at.
    let mut again = unsafe { Cx::new(cx.ctx) };
    let at = cx.shared().memory.look(|| position(&mut again));
    if let Some(at) = at {
        cx.state().place_fatal(at);
    }
}

/// Lets the engine throw the port's error: what a native function returns then.
#[cold]
pub(super) fn raise<'js>(cx: &mut Cx<'js>, error: Error<'js>) -> q::JSValue {
    let made = error.into_value(cx);
    // The error may have come of a refusal, or what it takes to make it was refused.
    match made.and_then(|value| cx.goes_on().map(|()| value)) {
        // SAFETY: the reference is given to the engine.
        Ok(value) => unsafe { q::JS_Throw(cx.ctx, value.into_raw()) },
        Err(fatal) => raise_fatal(cx, fatal),
    }
}

/// Ends the script: the state remembers why, and the engine throws what no script can catch.
#[cold]
pub(super) fn raise_fatal(cx: &mut Cx<'_>, fatal: Fatal) -> q::JSValue {
    cx.state().set_fatal(fatal);
    cx.shared().memory.end();
    // SAFETY: the fresh error is marked while it is owned here, and then given to the engine.
    unsafe {
        let error = q::JS_NewError(cx.ctx);
        q::JS_SetUncatchableError(cx.ctx, error);
        q::JS_Throw(cx.ctx, error)
    }
}

/// Makes the engine's own error object of class `name`, with the stack of the script that is running: its constructor takes it.
pub(crate) fn make<'js>(cx: &mut Cx<'js>, name: &str, message: &str) -> Value<'js> {
    let class = cx.originals().error_class(name);
    let message = Value::string(cx, message);
    let mut args = [message.raw];
    // SAFETY: the class and the message are borrowed for the call.
    let raw = unsafe { q::JS_CallConstructor(cx.ctx, class, 1, args.as_mut_ptr()) };
    match cx.result(raw) {
        Ok(error) => error,
        // It fails only when calls are nested too deep or memory is out: that error says so.
        Err(Error::Thrown(error)) => error,
        Err(_) => Value::undefined(),
    }
}

/// What the engine calls the code outside every function.
const TOP: &str = "    at <eval> (";

/// The frame of a text that `JSON.parse` was given.
const INPUT: &str = "    at <input>:";

/// The stack of an error object, one frame a line, without a header.
pub(crate) fn stack<'js>(cx: &mut Cx<'js>, error: &Object<'js>) -> Option<String> {
    // A script that assigned to `stack` made a property of its own.
    let own = error
        .own_property(cx, "stack")
        .ok()?
        .and_then(|property| property.value);
    let is_own = own.is_some();
    let stack = match own {
        Some(value) => value,
        None => {
            let read = cx.originals().error_stack;
            cx.call_raw(read, error.raw(), &[]).ok()?
        }
    };
    let stack = stack.as_string()?;
    let frames: Vec<String> = stack
        .trim_end()
        .lines()
        // The place in a text that `JSON.parse` was given is in the message, too.
        .filter(|frame| is_own || !frame.starts_with(INPUT))
        .map(|frame| match frame.strip_prefix(TOP) {
            Some(place) => format!("    at <main> ({place}"),
            None => frame.to_owned(),
        })
        .map(|frame| match is_own {
            true => frame,
            false => in_characters(cx, &frame).unwrap_or(frame),
        })
        .collect();
    Some(frames.join("\n")).filter(|stack| !stack.is_empty())
}

/// A frame whose column is one in characters, where that is another one: the engine counts bytes.
fn in_characters(cx: &Cx<'_>, frame: &str) -> Option<String> {
    let (inside, end) = match frame.strip_suffix(')') {
        Some(inside) => (inside, ")"),
        None => (frame, ""),
    };
    let (before, column) = inside.rsplit_once(':')?;
    let (head, line) = before.rsplit_once(':')?;
    let file = match end {
        "" => head.trim_start().strip_prefix("at ")?,
        _ => head.rsplit_once(" (")?.1,
    };
    let source = cx.state().sources.get(file)?;
    let column = column_of_byte(&source, line.parse().ok()?, column.parse().ok()?);
    Some(format!("{before}:{column}{end}"))
}

/// The name in what the engine says of an import that the module does not export.
pub(crate) fn missing_export(message: &str) -> Option<&str> {
    let name = message.strip_prefix("Could not find export '")?;
    name.split_once("' in module '").map(|(name, _)| name)
}

/// What a message of the engine complains of, when it does not name the expression.
pub(crate) fn complaint(message: &str) -> Option<Complaint<'_>> {
    if message == "not a function" {
        return Some(Complaint::NotCallable);
    }
    let ways = ["cannot read property '", "cannot set property '"];
    let rest = ways.iter().find_map(|way| message.strip_prefix(way))?;
    let (name, of) = rest.rsplit_once("' of ")?;
    matches!(of, "null" | "undefined").then_some(Complaint::NoProperties(Some(name)))
}

/// The file of the function that is running, or of a caller near it. Unlike [`position`] it is cheap and runs nothing of a script's
/// own, so it can be asked at any time.
pub(super) fn file(cx: &mut Cx<'_>) -> Option<String> {
    // A native function has none.
    let mut levels = 0..NEAR;
    levels.find_map(|level| {
        // SAFETY: the name is owned here, and is nothing where there is no such function.
        let name = unsafe {
            let atom = q::JS_GetScriptOrModuleName(cx.ctx, level);
            if atom == q::JS_ATOM_NULL as q::JSAtom {
                return None;
            }
            let name = Value::wrap(cx.ctx, q::JS_AtomToString(cx.ctx, atom));
            q::JS_FreeAtom(cx.ctx, atom);
            name
        };
        name.as_string()
    })
}

/// How many callers are looked at.
const NEAR: i32 = 4;

/// Where the script is now, as the first frame of a stack says it.
fn position(cx: &mut Cx<'_>) -> Option<String> {
    let error = make(cx, "Error", "").as_object()?;
    if error.kind() != Kind::Error {
        return None;
    }
    let stack = stack(cx, &error)?;
    // A native function and a frame that was only just entered have no place.
    let mut frames = stack.lines().filter(|frame| frame.contains(':'));
    let frame = frames.next()?.trim_start();
    Some(frame.strip_prefix("at ").unwrap_or(frame).to_owned())
}
