//! What is in a file: reading, writing, appending, cutting.

use runtime_core::engine::Type;
use runtime_core::prelude::*;
use runtime_core::ts::{In, Ts, TsType};
use runtime_core::{Charged, JsError, Mismatch};

use super::place::{Contents, Place, Target};
use super::port::WriteOptions;

/// Text, as UTF-8, or bytes.
pub(super) struct Content(Vec<u8>);

impl<Way> TsType<Way> for Content {
    const TS: Ts = Ts::Union(&[Ts::Name("string"), <Vec<u8> as TsType<In>>::TS]);
}

impl<'js> FromJs<'js> for Content {
    fn from_js(cx: &mut Cx<'js>, value: &Value<'js>) -> Result<Self, Error<'js>> {
        if value.type_of() == Type::String {
            return Ok(Self(String::from_js(cx, value)?.into_bytes()));
        }
        match Vec::<u8>::from_js(cx, value) {
            Ok(bytes) => Ok(Self(bytes)),
            Err(Error::Mismatch(_)) => {
                let got = value.type_of().with_article();
                Err(Mismatch::new("a string or bytes", got).into())
            }
            Err(error) => Err(error),
        }
    }
}

/// Reads a file as text.
///
/// The text is taken as UTF-8; what is none becomes U+FFFD.
///
/// ```js
/// const config = JSON.parse(await readText("config.json"));
/// ```
#[js_fn]
pub(super) async fn read_text(path: Place<Contents>) -> Result<Charged<String>, JsError> {
    let Charged { value, held } = path.read().await?;
    let value = String::from_utf8(value)
        .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned());
    Ok(Charged { value, held })
}

/// Reads a file as bytes.
///
/// ```js
/// const image = await read("logo.png"); // a Uint8Array
/// ```
#[js_fn]
pub(super) async fn read(path: Place<Contents>) -> Result<Charged<Vec<u8>>, JsError> {
    path.read().await
}

/// Writes text to a file, as UTF-8. A file that exists is replaced.
///
/// ```js
/// await writeText("greeting.txt", "hello\n");
/// ```
#[js_fn]
pub(super) async fn write_text(
    path: Place<Target>,
    text: String,
    options: WriteOptions,
) -> Result<(), JsError> {
    put(path, text.into_bytes(), options).await
}

/// Writes bytes or text to a file. A file that exists is replaced.
///
/// ```js
/// await write("data.bin", new Uint8Array([1, 2, 3]));
/// await write("once.txt", "first", { createNew: true }); // EEXIST when there is one
/// ```
#[js_fn]
pub(super) async fn write(
    path: Place<Target>,
    data: Content,
    options: WriteOptions,
) -> Result<(), JsError> {
    put(path, data.0, options).await
}

/// Adds text or bytes to the end of a file, which is created when there is none.
///
/// ```js
/// await append("app.log", `${new Date().toISOString()} started\n`);
/// ```
#[js_fn]
pub(super) async fn append(path: Place<Target>, data: Content) -> Result<(), JsError> {
    let options = WriteOptions {
        append: true,
        ..WriteOptions::default()
    };
    put(path, data.0, options).await
}

/// Cuts a file to `length` bytes, or makes it longer with zeros.
///
/// ```js
/// await truncate("app.log"); // now it is empty
/// ```
#[js_fn]
pub(super) async fn truncate(
    path: Place<Target>,
    #[js(default)] length: usize,
) -> Result<(), JsError> {
    path.run("truncate", move |fs, at| fs.truncate(at, length as u64))
        .await
}

async fn put(path: Place<Target>, data: Vec<u8>, options: WriteOptions) -> Result<(), JsError> {
    path.run("open", move |fs, at| fs.write(at, &data, &options))
        .await
}
