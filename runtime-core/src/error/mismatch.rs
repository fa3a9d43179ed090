//! What a conversion wanted and what it found.

use std::borrow::Cow;

use super::JsError;

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

    /// A whole value that is out of range, whatever part of it was looked at: a `RangeError`
    /// without a path.
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
