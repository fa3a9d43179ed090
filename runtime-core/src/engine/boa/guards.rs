//! Guards: functions of the engine that would abort or panic the process, or never come back, when a script asks for too much.
//!
//! The boundary: a table of functions, each put in the place of the engine's own with its name, length and attributes. A guard judges
//! the arguments, and then lets the engine's own function do the work. What it must convert in order to judge, it hands on
//! converted, so that a script's conversions run once, and in the same order.

use boa_engine::context::intrinsics::Intrinsics;
use boa_engine::object::builtins::JsFunction;
use boa_engine::object::{FunctionObjectBuilder, JsObject};
use boa_engine::property::{PropertyDescriptor, PropertyKey};
use boa_engine::{Context, JsResult, JsString, JsValue, NativeFunction};

use super::{entry, sort};
use crate::limits::Limits;

#[cfg(feature = "boa-guards")]
mod asked;
#[cfg(feature = "boa-guards")]
use asked::GUARDS as ASKED;

/// Nothing else is guarded where nothing is limited.
#[cfg(not(feature = "boa-guards"))]
static ASKED: &[Guard] = &[];

/// What stands in for a function: with `this`, the arguments, and the engine's own.
type Instead = fn(&JsValue, &[JsValue], &JsFunction, &mut Context) -> JsResult<JsValue>;

/// Whose property it is.
type Holder = fn(&Intrinsics) -> JsObject;

struct Guard {
    of: Holder,
    names: &'static [&'static str],
    instead: Instead,
    /// Whether it is needed for limits alone.
    for_limits: bool,
}

const fn always(of: Holder, names: &'static [&'static str], instead: Instead) -> Guard {
    Guard {
        of,
        names,
        instead,
        for_limits: false,
    }
}

/// The guards that every runtime has: these panic when a comparator contradicts itself.
static SORTS: &[Guard] = &[
    always(arrays, &["sort"], sort::array),
    always(arrays, &["toSorted"], sort::array_copy),
    always(typed_arrays, &["sort"], sort::typed),
    always(typed_arrays, &["toSorted"], sort::typed_copy),
];

fn arrays(of: &Intrinsics) -> JsObject {
    of.constructors().array().prototype()
}

fn typed_arrays(of: &Intrinsics) -> JsObject {
    of.constructors().typed_array().prototype()
}

/// Puts the guards in their places, before any script runs.
pub(super) fn install(context: &mut Context, limits: &Limits) -> JsResult<()> {
    let is_limited = limits.memory.is_some()
        || limits.stack.is_some()
        || limits.cpu.is_some()
        || limits.wall.is_some();
    let needed = |guard: &&Guard| is_limited || !guard.for_limits;
    for guard in SORTS.iter().chain(ASKED).filter(needed) {
        let holder = (guard.of)(context.intrinsics());
        for name in guard.names {
            put(&holder, name, guard.instead, context)?;
        }
    }
    Ok(())
}

fn put(holder: &JsObject, name: &str, instead: Instead, context: &mut Context) -> JsResult<()> {
    let name = JsString::from(name);
    let key = PropertyKey::from(name.clone());
    let found = holder.borrow().properties().get(&key);
    let original = found
        .as_ref()
        .and_then(|found| found.value()?.as_function());
    let Some((found, original)) = found.zip(original) else {
        // This engine was built without it.
        return Ok(());
    };
    let length = original.get(JsString::from("length"), context)?;
    let length = length.to_length(context)? as usize;
    let native = NativeFunction::from_copy_closure_with_captures(
        move |this, args, original: &JsFunction, context| {
            entry::look(context)?;
            instead(this, args, original, context)
        },
        original.clone(),
    );
    let function = nameless(native, length, context);
    let named = PropertyDescriptor::builder()
        .value(name)
        .writable(false)
        .enumerable(false)
        .configurable(true);
    function.define_property_or_throw(JsString::from("name"), named, context)?;
    let placed = |found: &PropertyDescriptor| {
        PropertyDescriptor::builder()
            .value(function.clone())
            .writable(found.expect_writable())
            .enumerable(found.expect_enumerable())
            .configurable(found.expect_configurable())
    };
    holder.define_property_or_throw(key.clone(), placed(&found), context)?;
    // Typed arrays share `toString` with arrays: they still do.
    let sharing = typed_arrays(context.intrinsics());
    let shared = sharing.borrow().properties().get(&key);
    if let Some(shared) = shared
        && shared.value() == Some(&JsValue::from(original))
    {
        sharing.define_property_or_throw(key, placed(&shared), context)?;
    }
    Ok(())
}

/// A function that is no frame in the stacks of errors, since it has no name of its own. It is said here that it has none: the
/// builder's default would bring another copy of all the engine's constant texts into the binary.
fn nameless(native: NativeFunction, length: usize, context: &mut Context) -> JsFunction {
    FunctionObjectBuilder::new(context.realm(), native)
        .name(JsString::from(""))
        .length(length)
        .build()
}

/// `LengthOfArrayLike`
pub(super) fn length(object: &JsObject, context: &mut Context) -> JsResult<u64> {
    object
        .get(JsString::from("length"), context)?
        .to_length(context)
}
