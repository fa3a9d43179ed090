//! Errors that no script handled.

use std::fmt;

use crate::engine::Cx;
use crate::error::{Error, Fatal, JsError};
use crate::report;

/// An error that no script handled, with the text that a person reads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Uncaught {
    error: Box<JsError>,
    text: String,
    fatal: Option<Fatal>,
}

impl Uncaught {
    /// The error.
    pub fn error(&self) -> &JsError {
        &self.error
    }

    /// Its report: message, position, stack and causes, on several lines.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// What ended the runtime, when it was nothing that a script could have caught.
    pub fn fatal(&self) -> Option<&Fatal> {
        self.fatal.as_ref()
    }

    /// Whether it is no failure: somebody asked the runtime to stop, or nobody reads its output any more.
    pub fn is_stop(&self) -> bool {
        self.error.code() == Some("ERR_STOPPED")
    }

    /// An error of the host, which has no stack.
    pub(super) fn plain(error: JsError) -> Self {
        Self {
            text: format!("error: {}", error.message()),
            error: Box::new(error),
            fatal: None,
        }
    }

    /// An error that no script may catch.
    pub(super) fn ended(fatal: Fatal) -> Self {
        Self {
            fatal: Some(fatal.clone()),
            ..Self::plain(fatal.into())
        }
    }

    pub(crate) fn new<'js>(cx: &mut Cx<'js>, error: Error<'js>, is_rejection: bool) -> Self {
        match error.into_value(cx) {
            Ok(value) => {
                let text = report::report(cx, &value, is_rejection);
                Self {
                    error: Box::new(JsError::from_value(cx, &value)),
                    text,
                    fatal: None,
                }
            }
            Err(fatal) => Self::ended(fatal),
        }
    }
}

impl fmt::Display for Uncaught {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl std::error::Error for Uncaught {}

impl From<Uncaught> for JsError {
    fn from(uncaught: Uncaught) -> Self {
        *uncaught.error
    }
}
