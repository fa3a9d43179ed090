//! Errors on their way between Rust and JavaScript.
//!
//! [`JsError`] is plain data (`Send`, no handles): what native code returns and what crosses a thread. [`Error`] is an error
//! in flight inside a call. [`Fatal`] is one that no script may catch.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use crate::definition::ErrorDef;
use crate::engine::{Cx, Key, Kind, Object, Property, Value};
use crate::inspect;
use crate::limits::LimitHit;
use crate::thrown::Ticket;

/// A JavaScript error as plain data: what a native function throws, and what an embedder gets.
///
/// One that a script threw remembers what was thrown: when it is thrown again in the same runtime, the script gets that very object. An
/// error that was changed by one of the methods below is a new one.
#[derive(Clone, Debug)]
pub struct JsError {
    name: Cow<'static, str>,
    message: Box<str>,
    code: Option<Cow<'static, str>>,
    properties: Vec<(Cow<'static, str>, ErrorValue)>,
    class: Option<&'static ErrorDef>,
    thrown: Option<Box<Thrown>>,
    cause: Option<Box<JsError>>,
    is_from_runtime: bool,
}

/// What a property of an error may be.
#[derive(Clone, Debug)]
pub enum ErrorValue {
    /// A string.
    Text(String),
    /// A number.
    Number(f64),
    /// A boolean.
    Bool(bool),
}

impl PartialEq for ErrorValue {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Text(one), Self::Text(other)) => one == other,
            (Self::Number(one), Self::Number(other)) => one.to_bits() == other.to_bits(),
            (Self::Bool(one), Self::Bool(other)) => one == other,
            _ => false,
        }
    }
}

impl Eq for ErrorValue {}

impl From<&str> for ErrorValue {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for ErrorValue {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<Cow<'_, str>> for ErrorValue {
    fn from(text: Cow<'_, str>) -> Self {
        Self::Text(text.into_owned())
    }
}

impl From<f64> for ErrorValue {
    fn from(number: f64) -> Self {
        Self::Number(number)
    }
}

impl From<i32> for ErrorValue {
    fn from(number: i32) -> Self {
        Self::Number(number.into())
    }
}

impl From<u32> for ErrorValue {
    fn from(number: u32) -> Self {
        Self::Number(number.into())
    }
}

impl From<bool> for ErrorValue {
    fn from(bool: bool) -> Self {
        Self::Bool(bool)
    }
}

/// The codes by which a runtime says how it ended or failed. A script's error that claims to have one arrives without it.
const OF_RUNTIME: &[&str] = &[
    "ERR_DISPOSED",
    "ERR_ENGINE",
    "ERR_ENGINE_LOST",
    "ERR_LIMIT",
    "ERR_LIMIT_NOT_KEPT",
    "ERR_NEVER_SETTLED",
    "ERR_PANIC",
    "ERR_RUNTIME_ENDED",
    "ERR_STOPPED",
];

/// Where an error was thrown, and as what.
#[derive(Clone, Debug, Default)]
struct Thrown {
    stack: Option<String>,
    origin: Option<Arc<Ticket>>,
}

impl PartialEq for JsError {
    /// Whether both say the same, whatever was thrown.
    fn eq(&self, other: &Self) -> bool {
        (&self.name, &self.message, &self.code) == (&other.name, &other.message, &other.code)
            && self.properties == other.properties
            && self.stack() == other.stack()
            && self.cause == other.cause
            && self.is_from_runtime == other.is_from_runtime
    }
}

impl Eq for JsError {}

impl JsError {
    /// An error whose `name` is given: one of JavaScript's own classes, or a name of yours on an `Error`.
    pub fn new(name: impl Into<Cow<'static, str>>, message: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            message: message.into().into_boxed_str(),
            code: None,
            properties: Vec::new(),
            class: None,
            thrown: None,
            cause: None,
            is_from_runtime: false,
        }
    }

    /// An `Error`.
    pub fn error(message: impl Into<String>) -> Self {
        Self::new("Error", message)
    }

    /// A `TypeError`: the value has the wrong type.
    pub fn type_error(message: impl Into<String>) -> Self {
        Self::new("TypeError", message)
    }

    /// A `RangeError`: the type is right, the value is not.
    pub fn range_error(message: impl Into<String>) -> Self {
        Self::new("RangeError", message)
    }

    /// Gives it a `code`, by which a script tells errors apart.
    #[must_use]
    pub fn with_code(mut self, code: impl Into<Cow<'static, str>>) -> Self {
        self.code = Some(code.into());
        self.changed()
    }

    /// Makes it an instance of a native class, which it becomes when a script gets it.
    pub(crate) fn of_class(mut self, class: &'static ErrorDef) -> Self {
        self.class = Some(class);
        self.changed()
    }

    /// Gives it one more own property: a text, a number or a boolean.
    #[must_use]
    pub fn with_property(
        mut self,
        key: impl Into<Cow<'static, str>>,
        value: impl Into<ErrorValue>,
    ) -> Self {
        self.properties.push((key.into(), value.into()));
        self.changed()
    }

    /// Gives it a cause.
    #[must_use]
    pub fn with_cause(mut self, cause: JsError) -> Self {
        self.cause = Some(Box::new(cause));
        self.changed()
    }

    /// Gives it the stack of the place where it was thrown.
    #[must_use]
    pub fn with_stack(mut self, stack: impl Into<String>) -> Self {
        self.thrown = Some(Box::new(Thrown {
            stack: Some(stack.into()),
            origin: None,
        }));
        self
    }

    /// It is no longer what was thrown.
    fn changed(mut self) -> Self {
        if let Some(thrown) = &mut self.thrown {
            thrown.origin = None;
        }
        self
    }

    /// The error as the type `E` names it, when it has no name of its own: that of the type, without its path. A type that says nothing
    /// (`Box<dyn Error>`, one that is called `Error`) names nothing.
    pub(crate) fn named_after<E>(mut self) -> Self {
        let path = std::any::type_name::<E>();
        let path = path.split_once('<').map_or(path, |(path, _)| path);
        let name = path.rsplit("::").next().unwrap_or(path);
        let says_nothing = matches!(name, "Box" | "Arc" | "Rc" | "Error" | "Report" | "String")
            || !name.starts_with(char::is_alphabetic);
        if self.name == "Error" && !says_nothing {
            self.name = Cow::Borrowed(name);
        }
        self
    }

    /// Says that the runtime itself made it: that a limit ended the script, for example, or that the runtime is over.
    #[must_use]
    pub fn from_runtime(mut self) -> Self {
        self.is_from_runtime = true;
        self
    }

    /// Whether the runtime itself made it. No script can: what one throws is none of these, whatever `code` it has.
    pub fn is_from_runtime(&self) -> bool {
        self.is_from_runtime
    }

    /// Any Rust error, its sources kept as causes. An I/O error gets the code that Node gives it.
    pub fn from_std(error: &(dyn std::error::Error + 'static)) -> Self {
        if let Some(own) = error.downcast_ref::<Self>() {
            return own.clone();
        }
        let mut made = Self::error(error.to_string());
        if let Some(io) = error.downcast_ref::<std::io::Error>() {
            made.code = crate::io_code::code(io).map(Cow::Borrowed);
        }
        made.cause = error
            .source()
            .map(|source| Box::new(Self::from_std(source)));
        made
    }

    /// The plain form of what a script threw. Only data properties are read, so no getter runs.
    pub fn from_value<'js>(cx: &mut Cx<'js>, value: &Value<'js>) -> Self {
        let mut error = Self::describe(cx, value);
        if value.as_object().is_some() {
            let ticket = cx.state().thrown.keep(cx, value);
            error.thrown.get_or_insert_default().origin = Some(ticket);
        }
        error
    }

    /// The plain form of a value that is only looked at. What [`from_value`](Self::from_value) gives can be thrown again as the
    /// value that it was; this cannot.
    pub(crate) fn describe<'js>(cx: &mut Cx<'js>, value: &Value<'js>) -> Self {
        describe(cx, value, 0)
    }

    /// The plain form of an error in flight.
    pub fn from_error<'js>(cx: &mut Cx<'js>, error: Error<'js>) -> Self {
        match error.into_value(cx) {
            Ok(value) => Self::from_value(cx, &value),
            Err(fatal) => fatal.into(),
        }
    }

    /// About how many bytes it takes with its causes.
    pub(crate) fn weight(&self) -> usize {
        let own = size_of::<Self>() + self.name.len() + self.message.len();
        let stack = self.stack().map_or(0, str::len);
        let cause = self.cause.as_deref().map_or(0, Self::weight);
        own + stack + cause
    }

    /// `error.name`.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// `error.message`.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// `error.code`.
    pub fn code(&self) -> Option<&str> {
        self.code.as_deref()
    }

    /// `error.stack` without its header line: one frame a line.
    pub fn stack(&self) -> Option<&str> {
        self.thrown.as_ref()?.stack.as_deref()
    }

    /// `error.cause`, when it is an error.
    pub fn cause(&self) -> Option<&JsError> {
        self.cause.as_deref()
    }

    /// What was thrown, or a new error object with the engine's stack.
    pub(crate) fn into_value<'js>(mut self, cx: &mut Cx<'js>) -> Value<'js> {
        let thrown = self.thrown.take();
        let thrown = thrown.map(|thrown| *thrown).unwrap_or_default();
        if let Some(origin) = thrown.origin
            && let Some(value) = cx.state().thrown.get(cx, &origin)
        {
            return value;
        }
        let made = match self.class {
            Some(class) => (class.make)(cx, &self),
            None => Ok(crate::engine::make_error(cx, &self.name, &self.message)),
        };
        let value = match made {
            Ok(value) | Err(Error::Thrown(value)) => value,
            Err(_) => Value::undefined(),
        };
        let Some(object) = value.as_object() else {
            return value;
        };
        // A fresh error object is extensible and has no setter: defining on it cannot fail.
        let define = |cx: &mut Cx<'js>, object: &Object<'js>, key: &str, value: Value<'js>| {
            let _ = object.define(cx, Key::Name(key), Property::hidden(value));
        };
        if self.class.is_none() && !is_builtin(&self.name) {
            let name = Value::string(cx, &self.name);
            define(cx, &object, "name", name);
        }
        for (key, value) in self
            .code
            .map(|code| (Cow::Borrowed("code"), code.into()))
            .into_iter()
            .chain(self.properties)
        {
            let value = match value {
                ErrorValue::Text(text) => Value::string(cx, &text),
                ErrorValue::Number(number) => Value::number(number),
                ErrorValue::Bool(bool) => Value::bool(bool),
            };
            let _ = object.define(cx, Key::Name(&key), Property::plain(value));
        }
        if let Some(cause) = self.cause {
            let cause = cause.into_value(cx);
            define(cx, &object, "cause", cause);
        }
        // Where a script made the call, when that is not the script that is running now.
        if let Some(stack) = thrown.stack {
            let stack = Value::string(cx, &stack);
            define(cx, &object, "stack", stack);
        }
        value
    }
}

impl fmt::Display for JsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.name.is_empty(), self.message.is_empty()) {
            (true, _) => f.write_str(&self.message),
            (false, true) => f.write_str(&self.name),
            (false, false) => write!(f, "{}: {}", self.name, self.message),
        }
    }
}

impl std::error::Error for JsError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.cause.as_deref().map(|cause| cause as _)
    }
}

/// Why nothing more may run: no `catch` sees it, and the runtime remembers it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fatal {
    /// The engine gave up: its recursion limit, its stack, or a panic of its own.
    Engine(String),
    /// A limit was hit.
    Limit(Box<LimitHit>),
    /// The host asked the runtime to stop.
    Stopped,
}

impl fmt::Display for Fatal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Engine(what) => write!(f, "the engine gave up: {what}"),
            Self::Limit(hit) => write!(f, "{hit}"),
            Self::Stopped => f.write_str("the runtime was stopped"),
        }
    }
}

impl From<Fatal> for JsError {
    fn from(fatal: Fatal) -> Self {
        let error = Self::error(fatal.to_string()).from_runtime();
        match fatal {
            Fatal::Engine(_) => error.with_code("ERR_ENGINE"),
            Fatal::Limit(hit) => error.with_code("ERR_LIMIT").with_property("limit", hit.key),
            Fatal::Stopped => error.with_code("ERR_STOPPED"),
        }
    }
}

/// An error in flight.
#[derive(Debug)]
pub enum Error<'js> {
    /// A value that a script threw.
    Thrown(Value<'js>),
    /// An error that native code made; it becomes an object when it reaches a script.
    New(Box<JsError>),
    /// A conversion that found the wrong thing; the call that asked for it adds which argument it was.
    Mismatch(Box<Mismatch>),
    /// One that no script may catch.
    Fatal(Fatal),
}

impl<'js> Error<'js> {
    /// A `TypeError`.
    pub fn type_error(message: impl Into<String>) -> Self {
        JsError::type_error(message).into()
    }

    /// A `RangeError`.
    pub fn range_error(message: impl Into<String>) -> Self {
        JsError::range_error(message).into()
    }

    /// Gives an error that native code made the stack of the call that it answers.
    pub(crate) fn with_stack(self, stack: String) -> Self {
        let error = match self {
            Self::New(error) => *error,
            Self::Mismatch(mismatch) => mismatch.into_error(""),
            Self::Thrown(_) | Self::Fatal(_) => return self,
        };
        match &error.thrown {
            Some(_) => error.into(),
            None => error.with_stack(stack).into(),
        }
    }

    /// The value to throw; fatal errors have none.
    pub fn into_value(self, cx: &mut Cx<'js>) -> Result<Value<'js>, Fatal> {
        match self {
            Self::Thrown(value) => Ok(value),
            Self::New(error) => Ok(error.into_value(cx)),
            Self::Mismatch(mismatch) => Ok(mismatch.into_error("").into_value(cx)),
            Self::Fatal(fatal) => Err(fatal),
        }
    }
}

impl From<Fatal> for Error<'_> {
    fn from(fatal: Fatal) -> Self {
        Self::Fatal(fatal)
    }
}

impl From<JsError> for Error<'_> {
    fn from(error: JsError) -> Self {
        Self::New(Box::new(error))
    }
}

/// What a conversion wanted and what it found, and where inside the value: `.retries`, `[2]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mismatch {
    want: Cow<'static, str>,
    got: String,
    path: String,
    range: bool,
    is_of_whole: bool,
}

impl Mismatch {
    /// The wrong type: `must be {want}, got {got}`.
    pub fn new(want: impl Into<Cow<'static, str>>, got: impl Into<String>) -> Self {
        Self {
            want: want.into(),
            got: got.into(),
            path: String::new(),
            range: false,
            is_of_whole: false,
        }
    }

    /// The right type with a value out of its range: a `RangeError`.
    pub fn out_of_range(want: impl Into<Cow<'static, str>>, got: impl Into<String>) -> Self {
        Self {
            range: true,
            ..Self::new(want, got)
        }
    }

    /// A whole value that is out of range, whatever part of it was looked at: a `RangeError` without a path.
    pub(crate) fn of_whole(want: impl Into<Cow<'static, str>>, got: impl Into<String>) -> Self {
        Self {
            is_of_whole: true,
            ..Self::out_of_range(want, got)
        }
    }

    /// Puts a step in front of the path: the conversion of a part failed.
    #[must_use]
    pub fn within(mut self, step: &str) -> Self {
        if !self.is_of_whole {
            self.path.insert_str(0, step);
        }
        self
    }

    /// The error, said of `subject` (`argument 1 (name)`).
    pub fn into_error(self, subject: &str) -> JsError {
        let path = shortened(&self.path);
        let subject = match (subject.is_empty(), path.is_empty()) {
            (true, true) => "value".to_owned(),
            (true, false) => format!("`{}`", path.trim_start_matches('.')),
            (false, _) => format!("{subject}{path}"),
        };
        let message = format!("{subject} must be {}, got {}", self.want, self.got);
        if self.range {
            JsError::range_error(message)
        } else {
            JsError::type_error(message)
        }
    }
}

impl From<Mismatch> for Error<'_> {
    fn from(mismatch: Mismatch) -> Self {
        Self::Mismatch(Box::new(mismatch))
    }
}

/// How many characters of a path are shown at its start and at its end.
const SHOWN: usize = 60;

/// A path, without the middle of a long one.
fn shortened(path: &str) -> Cow<'_, str> {
    let characters = path.chars().count();
    if characters <= 2 * SHOWN {
        return Cow::Borrowed(path);
    }
    let at = |count| {
        path.char_indices()
            .nth(count)
            .map_or(path.len(), |(at, _)| at)
    };
    let (start, end) = (&path[..at(SHOWN)], &path[at(characters - SHOWN)..]);
    Cow::Owned(format!("{start}…{end}"))
}

/// Whether `name` is the name of an error class that every script has.
fn is_builtin(name: &str) -> bool {
    matches!(
        name,
        "Error"
            | "TypeError"
            | "RangeError"
            | "SyntaxError"
            | "ReferenceError"
            | "EvalError"
            | "URIError"
    )
}

/// How many causes are followed.
const CAUSES: usize = 16;

fn describe<'js>(cx: &mut Cx<'js>, value: &Value<'js>, depth: usize) -> JsError {
    let is_error = value
        .as_object()
        .is_some_and(|object| object.kind() == Kind::Error);
    let Some(object) = value.as_object().filter(|_| is_error) else {
        let text = inspect::inspect(cx, value, &inspect::Options::default());
        return JsError::new("", value.as_string().unwrap_or(text));
    };
    let (name, message) = said(cx, &object);
    let name = name.unwrap_or_else(|| "Error".to_owned());
    let mut error = JsError::new(name, message.unwrap_or_default());
    error.class = object.as_host().and_then(|host| host.class.error);
    error.code = data(cx, &object, "code")
        .and_then(|value| value.as_string())
        .filter(|code| !OF_RUNTIME.contains(&code.as_str()))
        .map(Cow::Owned);
    error.thrown = crate::engine::error_stack(cx, &object).map(|stack| {
        Box::new(Thrown {
            stack: Some(stack),
            origin: None,
        })
    });
    if let Some(cause) =
        data(cx, &object, "cause").filter(|cause| !cause.is_undefined() && depth < CAUSES)
    {
        error.cause = Some(Box::new(describe(cx, &cause, depth + 1)));
    }
    error
}

/// The name and the message of an error: its properties, or what the state of a native class says where
/// those are getters of that class.
pub(crate) fn said<'js>(cx: &mut Cx<'js>, error: &Object<'js>) -> (Option<String>, Option<String>) {
    let own = crate::classes::error_text(error, cx);
    let (name, message) = own.map_or((None, None), |(name, message)| (Some(name), Some(message)));
    let text = |cx: &mut Cx<'js>, key: &str| data(cx, error, key)?.as_string();
    (text(cx, "name").or(name), text(cx, "message").or(message))
}

/// A data property of an object or its prototypes: what `object.key` is when no getter and no proxy is on the way.
pub(crate) fn data<'js>(cx: &mut Cx<'js>, object: &Object<'js>, key: &str) -> Option<Value<'js>> {
    let mut at = object.clone();
    loop {
        if at.kind() == Kind::Proxy {
            return None;
        }
        if let Some(property) = at.own_property(cx, key).ok()? {
            return property.value;
        }
        at = at.proto()?;
    }
}
