//! UTF-8. The standard library finds the parts that are no text, by the rule that the Encoding Standard has too: the longest start
//! of a character is one of them.

use super::{Malformed, replace};

/// The decoder: the first bytes of a character that is not complete, at most three.
#[derive(Debug, Default)]
pub(crate) struct Decoder {
    waiting: Vec<u8>,
}

impl Decoder {
    pub(crate) fn decode(
        &mut self,
        mut chunk: Vec<u8>,
        fatal: bool,
        is_last: bool,
    ) -> Result<String, Malformed> {
        chunk.splice(..0, self.waiting.drain(..));
        let chunk = match String::from_utf8(chunk) {
            Ok(text) => return Ok(text),
            Err(error) => error.into_bytes(),
        };
        let mut text = String::with_capacity(chunk.len());
        let mut at = 0;
        for part in chunk.utf8_chunks() {
            text.push_str(part.valid());
            let invalid = part.invalid();
            at += part.valid().len() + invalid.len();
            if invalid.is_empty() {
                continue;
            }
            if !is_last && at == chunk.len() && is_start(invalid) {
                self.waiting = invalid.to_vec();
                continue;
            }
            replace(&mut text, fatal)?;
        }
        Ok(text)
    }
}

/// Whether these bytes are the start of a character, and not all of it.
fn is_start(bytes: &[u8]) -> bool {
    std::str::from_utf8(bytes).is_err_and(|error| error.error_len().is_none())
}
