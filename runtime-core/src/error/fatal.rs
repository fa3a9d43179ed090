//! Why a runtime is over: errors that no script may catch, and the limits among them.

use std::fmt;
use std::time::Duration;

use super::JsError;
use crate::tables::{limit, show_bytes, show_duration};

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

/// A limit that was hit and that ended the runtime.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LimitHit {
    /// Its key below `[limits]`: `memory`.
    pub key: &'static str,
    /// Its value, as it would be written in the spec: `64MiB`.
    pub value: String,
    /// Where the script was when it was noticed, when the engine knows: `main.js:3:7`.
    pub at: Option<String>,
}

impl LimitHit {
    /// The memory limit of `bytes`.
    pub(crate) fn memory(bytes: u64) -> Self {
        Self::bytes("memory", bytes)
    }

    /// The limit `key` of a number of bytes.
    pub(crate) fn bytes(key: &'static str, limit: u64) -> Self {
        Self::new(key, show_bytes(limit))
    }

    /// The limit `key` of a length of time.
    pub(crate) fn time(key: &'static str, limit: Duration) -> Self {
        Self::new(key, show_duration(limit))
    }

    fn new(key: &'static str, value: String) -> Self {
        Self {
            key,
            value,
            at: None,
        }
    }

    /// The status with which a process ends whose runtime hit it.
    pub fn status(&self) -> u8 {
        limit(self.key).and_then(|row| row.status).unwrap_or(1)
    }
}

impl fmt::Display for LimitHit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let used = match self.key {
            "memory" => "the script used more memory",
            "cpu" => "the script computed for longer",
            "wall" => "the script ran for longer",
            "stack" => "the script nested calls or data deeper",
            _ => "the script used more",
        };
        write!(
            f,
            "{used} than `limits.{} = \"{}\"` allows",
            self.key, self.value
        )?;
        match &self.at {
            Some(at) => write!(f, "\n    at {at}"),
            None => Ok(()),
        }
    }
}

impl From<LimitHit> for Fatal {
    fn from(hit: LimitHit) -> Self {
        Self::Limit(Box::new(hit))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hit_says_which_limit_it_was_and_where() {
        let mut hit = LimitHit::memory(64 << 20);
        assert_eq!(
            hit.to_string(),
            "the script used more memory than `limits.memory = \"64MiB\"` allows"
        );
        hit.at = Some("f (main.js:3:7)".to_owned());
        assert!(hit.to_string().ends_with("allows\n    at f (main.js:3:7)"));
        let hit = LimitHit::time("wall", Duration::from_millis(1500));
        assert_eq!(
            hit.to_string(),
            "the script ran for longer than `limits.wall = \"1.5s\"` allows"
        );
    }

    #[test]
    fn every_limit_that_ends_a_process_has_a_status_of_its_own() {
        let mut statuses = Vec::new();
        for row in crate::tables::LIMITS {
            let Some(status) = row.status else { continue };
            let hit = LimitHit::new(row.key, String::new());
            assert_eq!(hit.status(), status);
            assert!(!statuses.contains(&status), "{}", row.key);
            assert!(![0, 1, 2, 70].contains(&status), "{}", row.key);
            statuses.push(status);
        }
    }
}
