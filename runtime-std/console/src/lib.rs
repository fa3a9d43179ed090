//! `console`: the Console Standard over the inspector. Where lines go is the sink's; what values look like is `runtime_core::inspect`'s.
//!
//! Nothing here calls what a script could have replaced, so tampering with the builtins does not break logging. Reading order:
//! `sink`, `state`, `text`, `format`, `table`.

mod format;
mod sink;
mod state;
mod table;
mod text;

#[cfg(test)]
mod tests;

use std::rc::Rc;
use std::time::Duration;

use runtime_core::engine::{Property, Type, WellKnown};
use runtime_core::inspect::{Options, inspect};
use runtime_core::prelude::*;
use runtime_core::ts::{In, Ts, TsType};

pub use sink::{Sink, Stream, redirect};
use state::Console;
use text::Text;

/// What counts and timers are called: any value as text, `default` when there is none.
struct Label(String);

impl TsType<In> for Label {
    const TS: Ts = Ts::Name("string");
}

impl<'js> FromJs<'js> for Label {
    const OPTIONAL: bool = true;

    fn from_js(cx: &mut Cx<'js>, value: &Value<'js>) -> Result<Self, Error<'js>> {
        if value.is_undefined() {
            return Ok(Self("default".to_owned()));
        }
        if value.type_of() == Type::String {
            return String::from_js(cx, value).map(Self);
        }
        let text = value.to_text(cx)?;
        cx.hold(text.len())?;
        Ok(Self(text))
    }
}

fn console(cx: &Cx<'_>) -> Rc<Console> {
    cx.local()
}

/// Prints values for people to read, groups, counts and times them.
#[js_module(namespace = "console", setup = set_up)]
#[allow(
    clippy::module_inception,
    reason = "the inner one gives the module its name"
)]
mod console {
    use super::*;

    /// Prints its arguments to standard output. A first argument with `%s`, `%d`, `%i`, `%f`, `%o`, `%O` or `%c` formats those behind it.
    #[js_fn]
    fn log<'js>(cx: &mut Cx<'js>, data: Rest<Value<'js>>) -> Result<(), Error<'js>> {
        super::console(cx).log(cx, Stream::Out, &data)
    }

    /// The same as `log`.
    #[js_fn]
    fn info<'js>(cx: &mut Cx<'js>, data: Rest<Value<'js>>) -> Result<(), Error<'js>> {
        super::console(cx).log(cx, Stream::Out, &data)
    }

    /// The same as `log`.
    #[js_fn]
    fn debug<'js>(cx: &mut Cx<'js>, data: Rest<Value<'js>>) -> Result<(), Error<'js>> {
        super::console(cx).log(cx, Stream::Out, &data)
    }

    /// Prints its arguments to standard error.
    #[js_fn]
    fn warn<'js>(cx: &mut Cx<'js>, data: Rest<Value<'js>>) -> Result<(), Error<'js>> {
        super::console(cx).log(cx, Stream::Err, &data)
    }

    /// Prints its arguments to standard error.
    #[js_fn]
    fn error<'js>(cx: &mut Cx<'js>, data: Rest<Value<'js>>) -> Result<(), Error<'js>> {
        super::console(cx).log(cx, Stream::Err, &data)
    }

    /// Prints its arguments and the stack of the call to standard error.
    #[js_fn]
    fn trace<'js>(cx: &mut Cx<'js>, data: Rest<Value<'js>>) -> Result<(), Error<'js>> {
        let console = super::console(cx);
        let text = format::format(cx, &data, &console.options(Stream::Err))?;
        let mut trace = Text::default();
        trace.push(cx, "Trace")?;
        if !text.as_str().is_empty() {
            trace.push(cx, ": ")?;
            trace.push(cx, text.as_str())?;
        }
        let stack = stack(cx)?;
        trace.push(cx, &stack)?;
        console.print(cx, Stream::Err, trace.as_str())
    }

    /// Prints `Assertion failed` and its further arguments to standard error when `condition` is not true.
    #[js_fn]
    fn assert<'js>(
        cx: &mut Cx<'js>,
        condition: Option<Value<'js>>,
        data: Rest<Value<'js>>,
    ) -> Result<(), Error<'js>> {
        if condition.is_some_and(|condition| condition.to_boolean()) {
            return Ok(());
        }
        let mut data = data.0;
        match data.first().filter(|first| first.type_of() == Type::String) {
            Some(format) => {
                let format = String::from_js(cx, format)?;
                cx.hold(format.len())?;
                data[0] = Value::string(cx, &format!("Assertion failed: {format}"));
            }
            None if data.is_empty() => data.push(Value::string(cx, "Assertion failed")),
            None => data.insert(0, Value::string(cx, "Assertion failed:")),
        }
        super::console(cx).log(cx, Stream::Err, &data)
    }

    /// Closes all groups and clears the screen, when standard output is one.
    #[js_fn]
    fn clear<'js>(cx: &mut Cx<'js>) -> Result<(), Error<'js>> {
        super::console(cx).clear()
    }

    /// Prints how often it was called with this label.
    #[js_fn]
    fn count<'js>(cx: &mut Cx<'js>, label: Label) -> Result<(), Error<'js>> {
        let console = super::console(cx);
        let count = console.count(cx, &label.0)?;
        cx.hold(label.0.len())?;
        console.print(cx, Stream::Out, &format!("{}: {count}", label.0))
    }

    /// Sets the count of this label back to nothing.
    #[js_fn]
    fn count_reset<'js>(cx: &mut Cx<'js>, label: Label) -> Result<(), Error<'js>> {
        let console = super::console(cx);
        if console.reset_count(&label.0) {
            return Ok(());
        }
        cx.hold(label.0.len())?;
        console.print(
            cx,
            Stream::Err,
            &format!("Count for '{}' does not exist", label.0),
        )
    }

    /// Prints a value, strings in quotes. `options` may have `depth` (a number, or `null` for all), `colors` and `showHidden`.
    #[js_fn]
    fn dir<'js>(
        cx: &mut Cx<'js>,
        item: Value<'js>,
        options: Option<Object<'js>>,
    ) -> Result<(), Error<'js>> {
        let console = super::console(cx);
        let options = inspect_options(cx, options, console.options(Stream::Out));
        let text = inspect(cx, &item, &options);
        cx.hold(text.len())?;
        console.print(cx, Stream::Out, &text)
    }

    /// The same as `log`: there is no markup to show.
    #[js_fn]
    fn dirxml<'js>(cx: &mut Cx<'js>, data: Rest<Value<'js>>) -> Result<(), Error<'js>> {
        super::console(cx).log(cx, Stream::Out, &data)
    }

    /// Prints rows and columns from an array, an object, a map or a set. `properties` says which columns.
    #[js_fn]
    fn table<'js>(
        cx: &mut Cx<'js>,
        data: Value<'js>,
        properties: Option<Object<'js>>,
    ) -> Result<(), Error<'js>> {
        let console = super::console(cx);
        let options = console.options(Stream::Out);
        let only = match properties {
            Some(properties) => Some(names(cx, &properties)?),
            None => None,
        };
        match super::table::table(cx, &data, only.as_deref(), &options)? {
            Some(text) => console.print(cx, Stream::Out, text.as_str()),
            None => console.log(cx, Stream::Out, &[data]),
        }
    }

    /// Prints its arguments and indents what follows, until `groupEnd`.
    #[js_fn]
    fn group<'js>(cx: &mut Cx<'js>, data: Rest<Value<'js>>) -> Result<(), Error<'js>> {
        open_group(cx, &data)
    }

    /// The same as `group`: what was printed cannot be collapsed.
    #[js_fn]
    fn group_collapsed<'js>(cx: &mut Cx<'js>, data: Rest<Value<'js>>) -> Result<(), Error<'js>> {
        open_group(cx, &data)
    }

    /// Ends the innermost group.
    #[js_fn]
    fn group_end(cx: &mut Cx<'_>) {
        super::console(cx).close_group();
    }

    /// Starts a timer.
    #[js_fn]
    fn time<'js>(cx: &mut Cx<'js>, label: Label) -> Result<(), Error<'js>> {
        let console = super::console(cx);
        if console.start_timer(cx, &label.0)? {
            return Ok(());
        }
        cx.hold(label.0.len())?;
        console.print(
            cx,
            Stream::Err,
            &format!("Timer '{}' already exists", label.0),
        )
    }

    /// Prints how long a timer has run, and further values.
    #[js_fn]
    fn time_log<'js>(
        cx: &mut Cx<'js>,
        label: Label,
        data: Rest<Value<'js>>,
    ) -> Result<(), Error<'js>> {
        timed(cx, &label.0, &data, false)
    }

    /// Prints how long a timer has run, and forgets it.
    #[js_fn]
    fn time_end<'js>(cx: &mut Cx<'js>, label: Label) -> Result<(), Error<'js>> {
        timed(cx, &label.0, &[], true)
    }
}

fn set_up<'js>(cx: &mut Cx<'js>, exports: &Object<'js>) -> Result<(), Error<'js>> {
    // A namespace object, as the standard has it: its prototype is an empty object, and it says what it is.
    let prototype = Object::new(cx);
    exports.set_proto(cx, Some(&prototype));
    let tag = Property {
        writable: false,
        ..Property::hidden(Value::string(cx, "console"))
    };
    exports.define(cx, WellKnown::ToStringTag, tag)
}

fn open_group<'js>(cx: &mut Cx<'js>, data: &[Value<'js>]) -> Result<(), Error<'js>> {
    let console = console(cx);
    if !data.is_empty() {
        console.log(cx, Stream::Out, data)?;
    }
    console.open_group();
    Ok(())
}

fn timed<'js>(
    cx: &mut Cx<'js>,
    label: &str,
    data: &[Value<'js>],
    stops: bool,
) -> Result<(), Error<'js>> {
    let console = console(cx);
    cx.hold(label.len())?;
    let Some(elapsed) = console.timer(label, stops) else {
        return console.print(cx, Stream::Err, &format!("Timer '{label}' does not exist"));
    };
    let mut text = Text::default();
    text.push(cx, &format!("{label}: {}", duration(elapsed)))?;
    let options = console.options(Stream::Out);
    for value in data {
        text.push(cx, " ")?;
        format::show(cx, &mut text, value, &options)?;
    }
    console.print(cx, Stream::Out, text.as_str())
}

/// A duration in the unit that suits it: `1.234ms`, `1.234s`, `1:02.345 (m:ss.mmm)`.
fn duration(duration: Duration) -> String {
    let seconds = duration.as_secs();
    let millis = duration.subsec_millis();
    match seconds {
        0 => format!("{:.3}ms", duration.as_secs_f64() * 1e3),
        1..60 => format!("{:.3}s", duration.as_secs_f64()),
        60..3600 => format!(
            "{}:{:02}.{millis:03} (m:ss.mmm)",
            seconds / 60,
            seconds % 60
        ),
        _ => {
            let (hours, minutes) = (seconds / 3600, seconds / 60 % 60);
            format!("{hours}:{minutes:02}:{:02} (h:mm:ss)", seconds % 60)
        }
    }
}

/// The stack of the script that calls, one frame a line.
fn stack<'js>(cx: &mut Cx<'js>) -> Result<String, Error<'js>> {
    let error = Error::from(JsError::error(""))
        .into_value(cx)
        .map_err(Error::Fatal)?;
    let error = JsError::from_value(cx, &error);
    let frames = error.stack().unwrap_or_default().lines();
    // The first frames are this function's own.
    let frames = frames.skip_while(|frame| frame.ends_with("(native)"));
    Ok(frames.map(|frame| format!("\n{frame}")).collect())
}

/// What `dir` was told, from data properties alone.
fn inspect_options<'js>(
    cx: &mut Cx<'js>,
    told: Option<Object<'js>>,
    mut options: Options,
) -> Options {
    let Some(told) = told.filter(|told| !told.is_proxy()) else {
        return options;
    };
    let mut get = |key: &str| {
        told.own_property(cx, key)
            .ok()
            .flatten()
            .and_then(|property| property.value)
    };
    if let Some(depth) = get("depth").filter(|depth| !depth.is_undefined()) {
        #[allow(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "what is too large is as good as no bound, what is negative or no number as none at all"
        )]
        let levels = |depth: f64| depth as usize;
        options.depth = depth
            .as_number()
            .filter(|depth| depth.is_finite())
            .map(levels);
    }
    if let Some(colours) = get("colors") {
        options.colours = colours.to_boolean();
    }
    if let Some(hidden) = get("showHidden") {
        options.hidden = hidden.to_boolean();
    }
    options
}

/// The strings and numbers in an array, as property names.
fn names<'js>(cx: &mut Cx<'js>, array: &Object<'js>) -> Result<Vec<String>, Error<'js>> {
    let mut names = Vec::new();
    for index in array.first_indices(usize::from(u16::MAX)) {
        let property = array.own_property(cx, index).ok().flatten();
        let value = property.and_then(|property| property.value);
        let is_name = |value: &Value<'js>| matches!(value.type_of(), Type::String | Type::Number);
        if let Some(value) = value.filter(is_name) {
            cx.hold(value.units().unwrap_or_default() + size_of::<String>())?;
            // Of a primitive this runs nothing.
            names.push(value.to_text(cx)?);
        }
    }
    Ok(names)
}
