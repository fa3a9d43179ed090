//! What is known of a path without opening it.

use runtime_core::prelude::*;

use super::place::{Contents, Itself, Place};
use super::port::Stat;

/// Says what a file or folder is: its kind, size and times. A link is followed.
///
/// ```js
/// const { size, modified } = await stat("report.pdf");
/// ```
#[js_fn]
pub(super) async fn stat(path: Place<Contents>) -> Result<Stat, JsError> {
    path.stat("stat").await
}

/// Says the same of the link itself, when the path is one.
///
/// ```js
/// if ((await lstat("current")).isSymlink) console.log(await readLink("current"));
/// ```
#[js_fn]
pub(super) async fn lstat(path: Place<Itself>) -> Result<Stat, JsError> {
    path.lstat("lstat").await
}

/// Says whether there is anything at a path. A path that may not be read is an error, not `false`.
///
/// ```js
/// if (!(await exists("config.json"))) await writeText("config.json", "{}");
/// ```
#[js_fn]
pub(super) async fn exists(path: Place<Contents>) -> Result<bool, JsError> {
    match path.stat("access").await {
        Ok(_) => Ok(true),
        Err(error) if ABSENT.contains(&error.code().unwrap_or_default()) => Ok(false),
        Err(error) => Err(error),
    }
}

/// The codes that say that a path leads to nothing.
const ABSENT: &[&str] = &["ENOENT", "ENOTDIR", "ELOOP", "ENAMETOOLONG"];

/// The absolute path of a file or folder, with links and `..` resolved.
///
/// ```js
/// console.log(await realPath("./current/../logo.png"));
/// ```
#[js_fn]
pub(super) async fn real_path(path: Place<Contents>) -> Result<String, JsError> {
    let seen = path.seen();
    path.stat("realpath").await?;
    Ok(seen)
}

/// The target of a symbolic link, as it was written.
#[js_fn]
pub(super) async fn read_link(path: Place<Itself>) -> Result<String, JsError> {
    let target = path.run("readlink", |fs, at| fs.read_link(at)).await?;
    Ok(target.to_string_lossy().into_owned())
}
