//! `TextEncoder`: text as UTF-8. The boundary: strings in, bytes out; lone surrogates were replaced by the conversion.

use runtime_core::Mismatch;
use runtime_core::prelude::*;
use runtime_core::ts::{In, Ts, TsType};
use runtime_core::webidl::{Required, UsvString};

/// Makes UTF-8 of strings.
#[js_class(enumerable)]
#[derive(Debug)]
pub struct TextEncoder {}

/// The array that `encodeInto` writes to. Its memory may be shared.
struct Destination<'js>(Object<'js>);

impl TsType<In> for Destination<'_> {
    const TS: Ts = Ts::Name("Uint8Array");
}

impl<'js> FromJs<'js> for Destination<'js> {
    fn from_js(_cx: &mut Cx<'js>, value: &Value<'js>) -> Result<Self, Error<'js>> {
        let object = value.as_object();
        let name = object.as_ref().and_then(|object| object.typed_array_name());
        match object {
            Some(object) if name == Some("Uint8Array") => Ok(Self(object)),
            _ => {
                let got = name.map_or_else(
                    || value.type_of().with_article().to_owned(),
                    |name| format!("a {name}"),
                );
                Err(Mismatch::new("a Uint8Array", got).into())
            }
        }
    }
}

/// How much `encodeInto` did.
#[derive(IntoJs)]
struct Encoded {
    /// How many UTF-16 code units of the text were read.
    read: u32,
    /// How many bytes were written.
    written: u32,
}

#[js_class]
impl TextEncoder {
    /// Makes an encoder. It always writes UTF-8.
    #[js(constructor)]
    fn new() -> Self {
        Self {}
    }

    /// `"utf-8"`
    #[js(get)]
    fn encoding(&self) -> &'static str {
        "utf-8"
    }

    /// The text as UTF-8.
    ///
    /// ```js
    /// new TextEncoder().encode("é"); // Uint8Array(2) [ 195, 169 ]
    /// ```
    fn encode(&self, #[js(default)] input: UsvString) -> Vec<u8> {
        input.0.into_bytes()
    }

    /// Writes as many whole characters of the text as the array has room for, and says how much it read and wrote.
    fn encode_into<'js>(
        cx: &mut Cx<'js>,
        this: Instance<'js, Self>,
        source: Required<UsvString, 2>,
        destination: Required<Destination<'js>, 2>,
    ) -> Result<Encoded, Error<'js>> {
        // An encoder has nothing in it; that it is one was asked.
        let Self {} = this.get(cx);
        let Required(UsvString(text)) = source;
        let array = destination.0.0;
        let room = array.typed_array_len(cx).unwrap_or(0);
        let (mut read, mut written) = (0, 0);
        for character in text.chars() {
            let next = written + character.len_utf8();
            if next > room {
                break;
            }
            written = next;
            read += character.len_utf16();
        }
        write(cx, &array, &text.as_bytes()[..written])?;
        Ok(Encoded {
            read: read as u32,
            written: written as u32,
        })
    }
}

/// Writes `bytes` to the start of a `Uint8Array`.
fn write<'js>(cx: &mut Cx<'js>, array: &Object<'js>, bytes: &[u8]) -> Result<(), Error<'js>> {
    match array.to_value().view(cx) {
        Ok(view) => {
            if let Some(start) = view.bytes_mut(cx).get_mut(..bytes.len()) {
                start.copy_from_slice(bytes);
            }
            Ok(())
        }
        Err(Error::Fatal(fatal)) => Err(fatal.into()),
        // Shared memory is not lent, so each byte is assigned. A detached array has no room, so there is nothing to assign.
        Err(_) => (0_u32..)
            .zip(bytes)
            .try_for_each(|(index, byte)| array.set(cx, index, Value::int(i32::from(*byte)))),
    }
}
