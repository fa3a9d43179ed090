//! No legacy encodings: the runtime was built without them, so no label names one.

use super::Malformed;

/// What follows the error of an unknown label.
pub(crate) const UNKNOWN: &str = "\nhelp: this runtime leaves out the legacy encodings; it decodes `utf-8`, `utf-16le` and `utf-16be`";

/// There is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Encoding {}

/// There is none.
#[derive(Debug)]
pub(crate) enum Decoder {}

impl Encoding {
    /// No label names one.
    pub(crate) fn of(_label: &str) -> Option<Self> {
        None
    }

    /// Its name.
    pub(crate) fn name(self) -> String {
        match self {}
    }

    /// Its decoder.
    pub(crate) fn decoder(self) -> Box<Decoder> {
        match self {}
    }
}

impl Decoder {
    pub(crate) fn decode(
        &mut self,
        _chunk: &[u8],
        _fatal: bool,
        _is_last: bool,
    ) -> Result<String, Malformed> {
        match *self {}
    }
}
