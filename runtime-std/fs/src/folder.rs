//! Folders: listing and making them.

use runtime_core::Charged;
use runtime_core::prelude::*;

use super::place::{Contents, Place, Target};
use super::port::Entry;

/// How a folder is made.
#[derive(FromJs)]
pub(super) struct MakeDirOptions {
    /// Makes the folders above it, too, and takes one that exists as it is.
    #[js(default)]
    recursive: bool,
    /// Its mode, `0o777` unless said otherwise; the system's mask applies. Windows has none.
    #[js(default = 0o777)]
    mode: u32,
}

/// Lists a folder, ordered by name.
///
/// ```js
/// for (const entry of await readDir("data")) {
///   console.log(entry.name, entry.isDirectory);
/// }
/// ```
#[js_fn]
pub(super) async fn read_dir(path: Place<Contents>) -> Result<Charged<Vec<Entry>>, JsError> {
    let mut entries = path.list("scandir").await?;
    entries.value.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(entries)
}

/// Makes a folder.
///
/// ```js
/// await makeDir("out/logs", { recursive: true });
/// ```
#[js_fn]
pub(super) async fn make_dir(path: Place<Target>, options: MakeDirOptions) -> Result<(), JsError> {
    path.run("mkdir", move |fs, at| {
        fs.make_dir(at, options.recursive, options.mode)
    })
    .await
}
