//! What happens to files and whole folders: removing, moving, copying.

use std::io;

use runtime_core::permissions::{Read, Write};
use runtime_core::prelude::*;

use super::place::{Contents, Found, Moved, NewEntry, Place, Target, Unwanted};
use super::port::WriteOptions;

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
/// It needs `read` and `write` for the old path, and `write` for the new one. From one mount to another is `EXDEV`.
///
/// ```js
/// await rename("draft.txt", "final.txt");
/// ```
#[js_fn]
pub(super) async fn rename(from: Place<Moved>, to: Place<NewEntry>) -> Result<(), JsError> {
    from.run_to(to, "rename", |from, to| match from.shares_mount(to) {
        true => from.file_system.rename(&from.granted, &to.granted),
        false => Err(io::ErrorKind::CrossesDevices.into()),
    })
    .await
}

/// Copies a file. A file that is at `to` already is replaced.
///
/// ```js
/// await copy("config.json", "config.backup.json");
/// ```
#[js_fn]
pub(super) async fn copy(from: Place<Contents>, to: Place<Target>) -> Result<(), JsError> {
    from.run_to(to, "copyfile", |from, to| {
        match from.shares_file_system(to) {
            true => from.file_system.copy(&from.granted, &to.granted),
            false => carry(from, to),
        }
    })
    .await
}

/// Copies a file from one file system to another.
fn carry(from: &Found<Read>, to: &Found<Write>) -> io::Result<()> {
    let stat = from.file_system.stat(&from.granted)?;
    let held = from.account.charge(stat.size as usize);
    let _held = held.ok_or(io::ErrorKind::OutOfMemory)?;
    let bytes = from.file_system.read(&from.granted)?;
    let mode = stat.mode.map(|mode| mode as u32 & 0o777);
    let options = WriteOptions::of_mode(mode);
    to.file_system.write(&to.granted, &bytes, &options)
}
