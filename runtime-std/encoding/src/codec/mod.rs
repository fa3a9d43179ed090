//! From bytes to text, chunk by chunk: which encoding a label names, and a decoder for each.
//!
//! A decoder takes over its chunk and keeps the bytes of a character that is not complete. The boundary: bytes and text alone; byte
//! order marks are characters here.

#[cfg(feature = "legacy")]
mod legacy;
#[cfg(not(feature = "legacy"))]
#[path = "no_legacy.rs"]
mod legacy;
#[cfg(test)]
mod tests;
mod utf16;
mod utf8;

use runtime_core::JsError;

/// An encoding of the web.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Encoding {
    Utf8,
    Utf16Be,
    Utf16Le,
    Legacy(legacy::Encoding),
}

/// A decoder in the midst of a text.
#[derive(Debug)]
pub(crate) enum Decoder {
    Utf8(utf8::Decoder),
    Utf16(utf16::Decoder),
    Legacy(Box<legacy::Decoder>),
}

/// Bytes that are no text, where that is an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Malformed;

/// The labels of the encodings that are always there, as the standard lists them.
const LABELS: &[(&str, Encoding)] = &[
    ("utf-8", Encoding::Utf8),
    ("utf8", Encoding::Utf8),
    ("unicode-1-1-utf-8", Encoding::Utf8),
    ("unicode11utf8", Encoding::Utf8),
    ("unicode20utf8", Encoding::Utf8),
    ("x-unicode20utf8", Encoding::Utf8),
    ("utf-16be", Encoding::Utf16Be),
    ("unicodefffe", Encoding::Utf16Be),
    ("utf-16le", Encoding::Utf16Le),
    ("utf-16", Encoding::Utf16Le),
    ("csunicode", Encoding::Utf16Le),
    ("iso-10646-ucs-2", Encoding::Utf16Le),
    ("ucs-2", Encoding::Utf16Le),
    ("unicode", Encoding::Utf16Le),
    ("unicodefeff", Encoding::Utf16Le),
];

/// How much of an unknown label an error shows.
const SHOWN: usize = 40;

impl Encoding {
    /// The encoding that `label` names, whatever its case and the white space around it.
    pub(crate) fn of(label: &str) -> Result<Self, JsError> {
        let label = label.trim_matches(['\t', '\n', '\u{c}', '\r', ' ']);
        LABELS
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(label))
            .map(|(_, encoding)| *encoding)
            .or_else(|| legacy::Encoding::of(label).map(Self::Legacy))
            .ok_or_else(|| {
                let shown: String = label.chars().take(SHOWN).collect();
                let help = legacy::UNKNOWN;
                JsError::range_error(format!("`{shown}` is not the label of an encoding{help}"))
            })
    }

    /// Its name, in lowercase as the web shows it.
    pub(crate) fn name(self) -> String {
        match self {
            Self::Utf8 => "utf-8".to_owned(),
            Self::Utf16Be => "utf-16be".to_owned(),
            Self::Utf16Le => "utf-16le".to_owned(),
            Self::Legacy(legacy) => legacy.name(),
        }
    }

    /// Whether a text in it may begin with a byte order mark.
    pub(crate) fn is_unicode(self) -> bool {
        !matches!(self, Self::Legacy(_))
    }

    /// A decoder at the start of a text.
    pub(crate) fn decoder(self) -> Decoder {
        match self {
            Self::Utf8 => Decoder::Utf8(utf8::Decoder::default()),
            Self::Utf16Be => Decoder::Utf16(utf16::Decoder::new(u16::from_be_bytes)),
            Self::Utf16Le => Decoder::Utf16(utf16::Decoder::new(u16::from_le_bytes)),
            Self::Legacy(legacy) => Decoder::Legacy(legacy.decoder()),
        }
    }
}

impl Decoder {
    /// At most how many bytes a decoded chunk takes beside the chunk itself.
    pub(crate) fn room(&self, chunk: &[u8]) -> usize {
        match self {
            // It becomes the text where it stands.
            Self::Utf8(_) if std::str::from_utf8(chunk).is_ok() => 0,
            // A byte becomes at most one character of the basic plane.
            _ => chunk.len().saturating_mul(3),
        }
    }

    /// The text of the next chunk. What is no text is an error where it is `fatal`, and U+FFFD where not.
    pub(crate) fn decode(
        &mut self,
        chunk: Vec<u8>,
        fatal: bool,
        is_last: bool,
    ) -> Result<String, Malformed> {
        match self {
            Self::Utf8(decoder) => decoder.decode(chunk, fatal, is_last),
            Self::Utf16(decoder) => decoder.decode(chunk, fatal, is_last),
            Self::Legacy(decoder) => decoder.decode(&chunk, fatal, is_last),
        }
    }
}

/// Writes U+FFFD for bytes that are no text, unless they are an error.
fn replace(text: &mut String, fatal: bool) -> Result<(), Malformed> {
    if fatal {
        return Err(Malformed);
    }
    text.push(char::REPLACEMENT_CHARACTER);
    Ok(())
}
