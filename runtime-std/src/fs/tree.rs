//! What happens to files and whole folders: removing, moving, copying.

use runtime_core::prelude::*;

use super::place::{Contents, Moved, NewEntry, Place, Target, Unwanted};

/// How something is removed.
#[derive(FromJs)]
pub(super) struct RemoveOptions {
    /// Removes a folder with all that is in it.
    #[js(default)]
    recursive: bool,
}

/// Removes a file, a link or a folder. A folder must be empty, unless `recursive` is set.
///
/// ```js
/// await remove("old.txt");
/// await remove("cache", { recursive: true });
/// ```
#[js_fn]
pub(super) async fn remove(path: Place<Unwanted>, options: RemoveOptions) -> Result<(), JsError> {
    path.run("rm", move |fs, at| fs.remove(at, options.recursive))
        .await
}

/// Moves a file or folder. A file that is at `to` already is replaced.
///
/// It needs `read` and `write` for the old path, and `write` for the new one.
///
/// ```js
/// await rename("draft.txt", "final.txt");
/// ```
#[js_fn]
pub(super) async fn rename(from: Place<Moved>, to: Place<NewEntry>) -> Result<(), JsError> {
    from.run_to(to, "rename", |fs, from, to| fs.rename(from, to))
        .await
}

/// Copies a file. A file that is at `to` already is replaced.
///
/// ```js
/// await copy("config.json", "config.backup.json");
/// ```
#[js_fn]
pub(super) async fn copy(from: Place<Contents>, to: Place<Target>) -> Result<(), JsError> {
    from.run_to(to, "copyfile", |fs, from, to| fs.copy(from, to))
        .await
}
