//! What compiles Java.
//!
//! The boundary: the program and its version. What it compiles is said by who drives it.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::machine::toolchain::in_path;

/// What compiles Java.
#[derive(Clone, Debug)]
pub(crate) struct Javac {
    /// The program.
    pub(crate) program: PathBuf,
    /// Its version: `17.0.9`.
    pub(crate) version: String,
}

/// The first version that knows `--release`.
const OLDEST: u32 = 9;

/// What gets a compiler.
pub(crate) const GET: &str =
    "install a JDK, as `apt-get install openjdk-17-jdk-headless` does, or set JAVA_HOME to one";

impl Javac {
    /// The one of `JAVA_HOME`, else the one in the path; or why there is none.
    pub(crate) fn find() -> Result<Self, String> {
        let name = format!("javac{}", std::env::consts::EXE_SUFFIX);
        let home = std::env::var_os("JAVA_HOME").filter(|home| !home.is_empty());
        let program = match home {
            Some(home) => {
                let program = Path::new(&home).join("bin").join(&name);
                let found = program.is_file().then_some(program);
                found.ok_or(format!(
                    "JAVA_HOME is `{}`, and there is no `bin/{name}`",
                    home.display()
                ))?
            }
            None => in_path(&name).ok_or(format!("there is no `{name}`"))?,
        };
        let output = Command::new(&program).arg("-version").output();
        let output = output.map_err(|error| format!("`{}`: {error}", program.display()))?;
        // Old ones say it to the other stream.
        let said = [output.stdout, output.stderr].concat();
        let said = String::from_utf8_lossy(&said);
        let version = said.trim().strip_prefix("javac ").unwrap_or_default();
        let number = |part: &str| part.parse::<u32>().ok();
        match version.split(['.', '-']).next().and_then(number) {
            Some(first) if first >= OLDEST => Ok(Self {
                program,
                version: version.to_owned(),
            }),
            _ => Err(format!(
                "`{}` is `{}`, and {OLDEST} or newer is needed",
                program.display(),
                said.trim()
            )),
        }
    }
}
