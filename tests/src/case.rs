//! What a case says: `case.toml`.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;

/// One case. Whatever it does not say is not looked at, but for the exit status, which is 0 unless it says otherwise, and
/// standard error, which must be empty when the status is 0 and nothing is said of it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Case {
    /// What the case shows, as a sentence.
    pub about: String,
    /// The arguments; `["main.js"]` when none are given.
    pub args: Option<Vec<String>>,
    /// What standard input holds.
    #[serde(default)]
    pub stdin: String,
    /// The exit status.
    #[serde(default)]
    pub status: Status,
    /// All of standard output; a newline at the very start is not part of it.
    pub stdout: Option<String>,
    /// Parts of standard output.
    #[serde(default)]
    pub stdout_has: Vec<String>,
    /// Parts of standard error.
    #[serde(default)]
    pub stderr_has: Vec<String>,
    /// What standard error must not have.
    #[serde(default)]
    pub stderr_lacks: Vec<String>,
    /// Files that are made first: a text, or bytes.
    #[serde(default)]
    pub files: BTreeMap<PathBuf, Contents>,
    /// Folders that are made first.
    #[serde(default)]
    pub folders: Vec<PathBuf>,
    /// Symbolic links that are made first, and where they point.
    #[serde(default)]
    pub links: BTreeMap<PathBuf, PathBuf>,
    /// Files of the case that stand elsewhere when it runs.
    #[serde(default, rename = "move")]
    pub moves: BTreeMap<PathBuf, PathBuf>,
    /// Environment variables.
    #[serde(default)]
    pub env: BTreeMap<String, String>,
    /// Whether nobody reads standard output.
    #[serde(default)]
    pub close_stdout: bool,
}

/// The status that a case ends with.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub enum Status {
    /// This one.
    Exactly(i32),
    /// `"any"`, but not a signal's.
    Any(AnyStatus),
}

/// The word `any`.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AnyStatus {
    /// Any status at all.
    Any,
}

impl Default for Status {
    fn default() -> Self {
        Self::Exactly(0)
    }
}

/// What a file holds.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub enum Contents {
    /// A text.
    Text(String),
    /// Bytes.
    Bytes(Vec<u8>),
}

impl Case {
    /// Reads the case in `folder`.
    pub fn read(folder: &Path) -> Result<Self, String> {
        let path = folder.join("case.toml");
        let text = fs::read_to_string(&path)
            .map_err(|error| format!("cannot read {}: {error}", path.display()))?;
        toml::from_str(&text).map_err(|error| format!("{}: {error}", path.display()))
    }

    /// Makes what the case needs in `folder`, a copy of its own.
    pub fn prepare(&self, folder: &Path) -> std::io::Result<()> {
        for (from, to) in &self.moves {
            let to = folder.join(to);
            fs::create_dir_all(to.parent().unwrap_or(folder))?;
            fs::rename(folder.join(from), to)?;
        }
        for made in &self.folders {
            fs::create_dir_all(folder.join(made))?;
        }
        for (name, contents) in &self.files {
            let path = folder.join(name);
            fs::create_dir_all(path.parent().unwrap_or(folder))?;
            match contents {
                Contents::Text(text) => fs::write(path, text)?,
                Contents::Bytes(bytes) => fs::write(path, bytes)?,
            }
        }
        for (link, target) in &self.links {
            let link = folder.join(link);
            fs::create_dir_all(link.parent().unwrap_or(folder))?;
            std::os::unix::fs::symlink(target, link)?;
        }
        Ok(())
    }

    /// What is wrong with a run, a line each; empty when nothing is.
    pub fn judge(&self, status: Option<i32>, stdout: &str, stderr: &str) -> Vec<String> {
        let mut wrong = Vec::new();
        match (&self.status, status) {
            (_, None) => wrong.push("it was ended by a signal".to_owned()),
            (Status::Exactly(expect), Some(status)) if *expect != status => {
                wrong.push(format!("the status is {status}, not {expect}"));
            }
            _ => {}
        }
        if let Some(expect) = &self.stdout
            && expect.strip_prefix('\n').unwrap_or(expect) != stdout
        {
            wrong.push(format!("standard output should be:\n{expect}"));
        }
        let lacks = |text: &str, part: &String| !text.contains(part.as_str());
        wrong.extend(
            self.stdout_has
                .iter()
                .filter(|part| lacks(stdout, part))
                .map(|part| format!("standard output lacks {part:?}")),
        );
        wrong.extend(
            self.stderr_has
                .iter()
                .filter(|part| lacks(stderr, part))
                .map(|part| format!("standard error lacks {part:?}")),
        );
        wrong.extend(
            self.stderr_lacks
                .iter()
                .filter(|part| !lacks(stderr, part))
                .map(|part| format!("standard error has {part:?}")),
        );
        let quiet = self.stderr_has.is_empty() && self.stderr_lacks.is_empty();
        if quiet && status == Some(0) && !stderr.is_empty() {
            wrong.push("standard error should be empty".to_owned());
        }
        wrong
    }
}
