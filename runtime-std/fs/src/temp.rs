//! Temporary files and folders.

use std::hash::{BuildHasher as _, RandomState};
use std::io;
use std::path::PathBuf;

use runtime_core::permissions::{Granted, Write};
use runtime_core::prelude::*;
use runtime_core::ts::{Ts, TsType};

use super::place::{Place, Target, hold};
use super::port::FileSystem;
use super::view::View;

/// How often another name is tried when one is taken.
const TRIES: usize = 64;

/// Where a temporary file or folder is made, and what it is called.
#[derive(FromJs)]
pub(super) struct TempOptions {
    /// The folder that it is made in: the system's own for such files, or `/tmp` where there are mounts, unless said otherwise. It must be granted for writing.
    dir: TempDir,
    /// What its name starts with.
    #[js(default)]
    prefix: NamePart,
    /// What its name ends with.
    #[js(default)]
    suffix: NamePart,
}

/// The folder for temporary files.
struct TempDir(Place<Target>);

impl<Way> TsType<Way> for TempDir {
    const TS: Ts = Ts::Optional(&Ts::Name("string"));
}

impl<'js> FromJs<'js> for TempDir {
    const OPTIONAL: bool = true;

    fn from_js(cx: &mut Cx<'js>, value: &Value<'js>) -> Result<Self, Error<'js>> {
        let written = Option::<String>::from_js(cx, value)?;
        let own = || View::of(cx).temporary();
        let written = written.unwrap_or_else(own);
        hold(cx, &written)?;
        Ok(Self(Place::of(cx, written)?))
    }
}

/// A part of a name, which cannot lead elsewhere.
#[derive(Default)]
struct NamePart(String);

impl<Way> TsType<Way> for NamePart {
    const TS: Ts = Ts::Name("string");
}

impl<'js> FromJs<'js> for NamePart {
    fn from_js(cx: &mut Cx<'js>, value: &Value<'js>) -> Result<Self, Error<'js>> {
        let text = String::from_js(cx, value)?;
        match text.find(['/', '\\', '\0', ':']) {
            Some(at) => {
                let found = text[at..].chars().next().unwrap_or_default();
                let message = format!("a part of a name cannot contain {found:?}");
                Err(JsError::type_error(message)
                    .with_code("ERR_INVALID_ARG_VALUE")
                    .into())
            }
            None => Ok(Self(text)),
        }
    }
}

/// Makes an empty file with a name of its own, and returns its path, which starts with `dir`. Only its owner
/// may open it.
///
/// ```js
/// const path = await makeTempFile({ dir: "work", suffix: ".txt" });
/// ```
#[js_fn]
pub(super) async fn make_temp_file(options: TempOptions) -> Result<String, JsError> {
    make(options, false).await
}

/// Makes an empty folder with a name of its own, and returns its path, which starts with `dir`. Only its owner
/// may open it.
///
/// ```js
/// const folder = await makeTempDir({ dir: "work", prefix: "build-" });
/// ```
#[js_fn]
pub(super) async fn make_temp_dir(options: TempOptions) -> Result<String, JsError> {
    make(options, true).await
}

async fn make(options: TempOptions, is_folder: bool) -> Result<String, JsError> {
    let TempOptions {
        dir: TempDir(dir),
        prefix: NamePart(prefix),
        suffix: NamePart(suffix),
    } = options;
    let folder = PathBuf::from(dir.written());
    let syscall = if is_folder { "mkdtemp" } else { "mkstemp" };
    let name = dir
        .run(syscall, move |fs, folder| {
            first_free(fs, folder, is_folder, || {
                format!("{prefix}{:016x}{suffix}", random())
            })
        })
        .await?;
    Ok(folder.join(name).to_string_lossy().into_owned())
}

fn first_free(
    fs: &dyn FileSystem,
    folder: &Granted<Write>,
    is_folder: bool,
    name: impl Fn() -> String,
) -> io::Result<String> {
    for _ in 0..TRIES {
        let name = name();
        match fs.make_in(folder, &name, is_folder) {
            Ok(()) => return Ok(name),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
        }
    }
    Err(io::ErrorKind::AlreadyExists.into())
}

/// A number that nobody can foresee: the standard library seeds its hashers from the system's randomness.
fn random() -> u64 {
    RandomState::new().hash_one(())
}
