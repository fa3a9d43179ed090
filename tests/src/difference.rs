//! Where an engine does a thing in its own way: `specs/differences.toml`.
//!
//! The boundary: a line says what one case ends with on one engine instead, and gives the reason. A line that the case does not
//! need any more is an error.

use std::fs;
use std::path::Path;

use serde::Deserialize;

use crate::case::{Case, Status};

/// One difference. What it does not say stays as the case says it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Difference {
    /// The case: `area/name`.
    pub case: String,
    /// The kind of engine.
    pub engine: String,
    /// Why that is right.
    pub reason: String,
    /// The exit status.
    pub status: Option<Status>,
    /// All of standard output.
    pub stdout: Option<String>,
    /// Parts of standard error.
    pub stderr_has: Option<Vec<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct List {
    difference: Vec<Difference>,
}

impl Difference {
    /// Reads the list.
    pub fn read(path: &Path) -> Result<Vec<Self>, String> {
        let text = fs::read_to_string(path)
            .map_err(|error| format!("cannot read {}: {error}", path.display()))?;
        let list: List =
            toml::from_str(&text).map_err(|error| format!("{}: {error}", path.display()))?;
        let mut lines = list.difference.iter();
        match lines.find(|line| line.reason.trim().is_empty()) {
            Some(line) => Err(format!("{line} gives no reason")),
            None => Ok(list.difference),
        }
    }

    /// The case as it is on this engine.
    pub fn apply(&self, case: &Case) -> Case {
        let mut case = case.clone();
        if let Some(status) = &self.status {
            case.status = status.clone();
        }
        if let Some(stdout) = &self.stdout {
            case.stdout = Some(stdout.clone());
        }
        if let Some(stderr_has) = &self.stderr_has {
            case.stderr_has.clone_from(stderr_has);
        }
        case
    }
}

impl std::fmt::Display for Difference {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { case, engine, .. } = self;
        write!(
            f,
            "the line of {case} on {engine} in specs/differences.toml"
        )
    }
}
