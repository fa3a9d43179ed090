//! Errors as plain data.
//!
//! [`JsError`] is what native code returns and what crosses a thread (`Send`, no handles).
//! [`Fatal`] says why nothing more may run, [`Mismatch`] what a conversion wanted and what it
//! found. The boundary: no engine. An error in flight inside a call, which may hold a value of a
//! script, is [`Error`](crate::engine::Error).

mod fatal;
mod mismatch;
mod value;

use std::any::Any;
use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

pub use fatal::{Fatal, LimitHit};
pub use mismatch::Mismatch;
pub use value::ErrorValue;

/// A JavaScript error as plain data: what a native function throws, and what an embedder gets.
///
/// One that a script threw remembers what was thrown: when it is thrown again in the same runtime,
/// the script gets that very object. An error that was changed by one of the methods below is a new
/// one.
#[derive(Clone, Debug)]
pub struct JsError {
    pub(crate) name: Cow<'static, str>,
    pub(crate) message: Box<str>,
    pub(crate) code: Option<Cow<'static, str>>,
    pub(crate) properties: Vec<(Cow<'static, str>, ErrorValue)>,
    pub(crate) class: Option<Box<ClassRow>>,
    pub(crate) thrown: Option<Box<Thrown>>,
    pub(crate) cause: Option<Box<JsError>>,
    is_from_runtime: bool,
}

/// The native class that an error is of, by a table of the port: `engine::natives::ErrorDef`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ClassRow(pub(crate) &'static (dyn Any + Send + Sync));

/// Where an error was thrown, and as what.
#[derive(Clone, Debug, Default)]
pub(crate) struct Thrown {
    pub(crate) stack: Option<String>,
    pub(crate) origin: Option<Arc<Ticket>>,
}

/// The number of a value that was thrown. As long as there is one, the runtime keeps the value.
#[derive(Debug)]
pub(crate) struct Ticket(pub(crate) u64);

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
    /// An error whose `name` is given: one of JavaScript's own classes, or a name of yours on an
    /// `Error`.
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
    pub(crate) fn of_class(mut self, class: ClassRow) -> Self {
        self.class = Some(Box::new(class));
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

    /// The error as the type `E` names it, when it has no name of its own: that of the type,
    /// without its path. A type that says nothing (`Box<dyn Error>`, one that is called `Error`)
    /// names nothing.
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

    /// Says that the runtime itself made it: that a limit ended the script, for example, or that
    /// the runtime is over.
    #[must_use]
    pub fn from_runtime(mut self) -> Self {
        self.is_from_runtime = true;
        self
    }

    /// Whether the runtime itself made it. No script can: what one throws is none of these,
    /// whatever `code` it has.
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
