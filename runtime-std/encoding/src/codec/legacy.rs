//! The legacy encodings, by a crate that has their tables.

use encoding_rs::DecoderResult;

use super::{Malformed, replace};

/// What follows the error of an unknown label.
pub(crate) const UNKNOWN: &str = "";

/// An encoding that is neither UTF-8 nor UTF-16.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Encoding(&'static encoding_rs::Encoding);

/// Its decoder.
#[derive(Debug)]
pub(crate) struct Decoder(encoding_rs::Decoder);

impl Encoding {
    /// The encoding that `label` names. The one that only replaces has no decoder on the web.
    pub(crate) fn of(label: &str) -> Option<Self> {
        encoding_rs::Encoding::for_label_no_replacement(label.as_bytes()).map(Self)
    }

    /// Its name, in lowercase.
    pub(crate) fn name(self) -> String {
        self.0.name().to_ascii_lowercase()
    }

    /// A decoder at the start of a text.
    pub(crate) fn decoder(self) -> Box<Decoder> {
        Box::new(Decoder(self.0.new_decoder_without_bom_handling()))
    }
}

impl Decoder {
    pub(crate) fn decode(
        &mut self,
        chunk: &[u8],
        fatal: bool,
        is_last: bool,
    ) -> Result<String, Malformed> {
        let mut text = String::new();
        let mut rest = chunk;
        loop {
            let room = self
                .0
                .max_utf8_buffer_length_without_replacement(rest.len());
            text.reserve(room.unwrap_or(rest.len()));
            let decoder = &mut self.0;
            let (result, read) =
                decoder.decode_to_string_without_replacement(rest, &mut text, is_last);
            rest = &rest[read..];
            match result {
                DecoderResult::InputEmpty => return Ok(text),
                DecoderResult::OutputFull => {}
                DecoderResult::Malformed(..) => replace(&mut text, fatal)?,
            }
        }
    }
}
