//! Errors that no script handled.

use std::fmt;

use crate::engine::{Cx, Error, Value};
use crate::error::{Fatal, JsError};
use crate::excerpt::visible;
use crate::report;

/// How many rejections are reported at once.
const REPORTED: usize = 10;

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
    pub(crate) fn plain(error: JsError) -> Self {
        Self {
            text: visible(&format!("error: {}", error.message())).into_owned(),
            error: Box::new(error),
            fatal: None,
        }
    }

    /// An error that no script may catch.
    pub(crate) fn ended(fatal: Fatal) -> Self {
        Self {
            fatal: Some(fatal.clone()),
            ..Self::plain(fatal.into())
        }
    }

    /// Promises that were rejected and that nobody handled, oldest first: the error is the first one's, the report tells of all.
    pub(crate) fn rejections<'js>(cx: &mut Cx<'js>, reasons: Vec<Value<'js>>) -> Option<Self> {
        let mut reasons = reasons.into_iter();
        let mut uncaught = Self::new(cx, Error::Thrown(reasons.next()?), true);
        let more = reasons.len().saturating_sub(REPORTED - 1);
        for reason in reasons.take(REPORTED - 1) {
            uncaught.text.push('\n');
            uncaught.text.push_str(&report::report(cx, &reason, true));
        }
        match more {
            0 => {}
            1 => uncaught.text.push_str("\n… and 1 more rejection"),
            more => uncaught
                .text
                .push_str(&format!("\n… and {more} more rejections")),
        }
        Some(uncaught)
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
