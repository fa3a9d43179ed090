//! The text of a script, from the file that it is in.
//!
//! The boundary: a real path in, text out. Only regular files are read, and none that is larger than scripts may ever hold.

use std::io;
use std::path::{Path, PathBuf};

use crate::error::JsError;
use crate::files::{Unread, What, read_regular};
use crate::tables::show_bytes;

/// What is said of a link that was not there when a path was judged.
pub(super) const LINK: &str = "is a symbolic link that was put there after the path was judged";

/// What is said of a pipe, a socket or a device.
pub(super) const NO_FILE: &str = "is a pipe or a device, and not a file";

/// The real path of a script that a person named; links are followed, as nobody but that person has chosen the path.
pub(crate) fn resolved(path: &Path) -> Result<PathBuf, JsError> {
    let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf());
    crate::permissions::real(&absolute).map_err(|error| unread(&absolute, None, error.into()))
}

/// Reads the script at a real path, of at most `most` bytes, and says what is wrong with a file that is none.
pub(crate) fn read(path: &Path, most: Option<u64>) -> Result<String, JsError> {
    let bytes = read_regular(path, most.unwrap_or(u64::MAX));
    let bytes = bytes.map_err(|why| unread(path, most, why))?;
    let mut text = utf8(bytes, &format!("`{}`", path.display()))?;
    if text.starts_with('\u{feff}') {
        text.remove(0);
    }
    Ok(text)
}

fn unread(path: &Path, most: Option<u64>, why: Unread) -> JsError {
    let shown = path.display();
    match why {
        Unread::Is(What::Folder) => JsError::error(format!(
            "cannot run `{shown}`: it is a folder; name a file in it"
        ))
        .with_code("ERR_UNSUPPORTED_DIR_IMPORT"),
        Unread::Is(What::Link) => {
            JsError::error(format!("cannot read `{shown}`: it {LINK}")).with_code("ERR_MODULE")
        }
        Unread::Is(What::File | What::Other) => JsError::error(format!(
            "cannot read `{shown}`: it {NO_FILE}\n    help: give a script that is in no file to standard input, and name `-`"
        ))
        .with_code("ERR_MODULE"),
        Unread::TooLarge(len) => {
            let (len, most) = (show_bytes(len), show_bytes(most.unwrap_or(u64::MAX)));
            JsError::error(format!(
                "cannot read `{shown}`: it has {len}, and `limits.memory = \"{most}\"` allows no more"
            ))
            .with_code("ENOMEM")
        }
        Unread::System(error) if error.kind() == io::ErrorKind::NotFound => {
            JsError::error(format!("cannot find `{shown}`: no such file"))
                .with_code("ERR_MODULE_NOT_FOUND")
        }
        Unread::System(error) => JsError::error(format!("cannot read `{shown}`"))
            .with_code("ERR_MODULE")
            .with_cause(JsError::from_std(&error)),
    }
}

/// A script's text; `subject` is what an error calls it.
pub(crate) fn utf8(bytes: Vec<u8>, subject: &str) -> Result<String, JsError> {
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        let line = error.as_bytes()[..at]
            .iter()
            .filter(|byte| **byte == b'\n')
            .count()
            + 1;
        JsError::new(
            "SyntaxError",
            format!("{subject} is not UTF-8: line {line} has a byte that is no character"),
        )
    })
}
