//! `TextDecoder`: bytes as text, in one piece or in chunks. The boundary: options, byte order marks and when a decoder starts
//! anew; which bytes make which text is `codec`'s.

use runtime_core::prelude::*;
use runtime_core::ts::{In, Ts, TsType};
use runtime_core::webidl::{BufferSource, Dictionary, UsvString};

use crate::codec::{Decoder, Encoding};

/// Makes text of bytes.
#[js_class(enumerable)]
#[derive(Debug)]
pub struct TextDecoder {
    encoding: Encoding,
    fatal: bool,
    ignore_bom: bool,
    /// What the chunks of a stream left.
    decoder: Decoder,
    /// Whether the stream has given a character, so that a byte order mark is one of its own.
    has_begun: bool,
}

/// How a decoder is made.
#[derive(Default)]
struct DecoderOptions {
    fatal: bool,
    ignore_bom: bool,
}

impl TsType<In> for DecoderOptions {
    const TS: Ts = Ts::Name("{ fatal?: boolean; ignoreBOM?: boolean }");
}

impl<'js> FromJs<'js> for DecoderOptions {
    fn from_js(cx: &mut Cx<'js>, value: &Value<'js>) -> Result<Self, Error<'js>> {
        let given = Dictionary::from_js(cx, value)?;
        Ok(Self {
            fatal: given.flag(cx, "fatal")?,
            ignore_bom: given.flag(cx, "ignoreBOM")?,
        })
    }
}

/// How a chunk is decoded.
#[derive(Default)]
struct DecodeOptions {
    stream: bool,
}

impl TsType<In> for DecodeOptions {
    const TS: Ts = Ts::Name("{ stream?: boolean }");
}

impl<'js> FromJs<'js> for DecodeOptions {
    fn from_js(cx: &mut Cx<'js>, value: &Value<'js>) -> Result<Self, Error<'js>> {
        let given = Dictionary::from_js(cx, value)?;
        Ok(Self {
            stream: given.flag(cx, "stream")?,
        })
    }
}

#[js_class]
impl TextDecoder {
    /// Makes a decoder for the encoding of this label, such as `"utf-8"` or `"shift_jis"`; an unknown one is a RangeError.
    ///
    /// With `fatal`, bytes that are no text are a TypeError and not U+FFFD. With `ignoreBOM`, a byte order mark stays in the text.
    #[js(constructor)]
    fn new(
        #[js(default = UsvString("utf-8".to_owned()))] label: UsvString,
        #[js(default)] options: DecoderOptions,
    ) -> Result<Self, JsError> {
        let encoding = Encoding::of(&label.0)?;
        Ok(Self {
            encoding,
            fatal: options.fatal,
            ignore_bom: options.ignore_bom,
            decoder: encoding.decoder(),
            has_begun: false,
        })
    }

    /// The name of the encoding, in lowercase.
    #[js(get)]
    fn encoding(&self) -> String {
        self.encoding.name()
    }

    /// Whether bytes that are no text are an error.
    #[js(get)]
    fn fatal(&self) -> bool {
        self.fatal
    }

    /// Whether a byte order mark stays in the text.
    #[js(get, name = "ignoreBOM")]
    fn ignore_bom(&self) -> bool {
        self.ignore_bom
    }

    /// The text of these bytes.
    ///
    /// With `stream`, a character whose bytes are not all there yet waits for those of the next call; the call without it
    /// ends the text.
    ///
    /// ```js
    /// const decoder = new TextDecoder();
    /// decoder.decode(new Uint8Array([0xc3]), { stream: true }); // ""
    /// decoder.decode(new Uint8Array([0xa9])); // "é"
    /// ```
    fn decode<'js>(
        cx: &mut Cx<'js>,
        this: Instance<'js, Self>,
        #[js(default)] input: BufferSource<'js>,
        #[js(default)] options: DecodeOptions,
    ) -> Result<String, Error<'js>> {
        let bytes = input.copied(cx)?;
        cx.hold(this.get(cx).decoder.room(&bytes))?;
        let text = this.get_mut(cx).chunk(bytes, !options.stream)?;
        Ok(text)
    }
}

impl TextDecoder {
    /// The text of the next chunk, which may be the last one.
    fn chunk(&mut self, bytes: Vec<u8>, is_last: bool) -> Result<String, JsError> {
        let decoded = self.decoder.decode(bytes, self.fatal, is_last);
        let has_begun = self.has_begun;
        match &decoded {
            Ok(text) if !is_last => self.has_begun |= !text.is_empty(),
            _ => {
                self.decoder = self.encoding.decoder();
                self.has_begun = false;
            }
        }
        let Ok(mut text) = decoded else {
            let name = self.encoding.name();
            return Err(JsError::type_error(format!("the bytes are not `{name}`")));
        };
        let keeps_mark = has_begun || self.ignore_bom || !self.encoding.is_unicode();
        if !keeps_mark && text.starts_with('\u{feff}') {
            text.drain(..'\u{feff}'.len_utf8());
        }
        Ok(text)
    }
}
