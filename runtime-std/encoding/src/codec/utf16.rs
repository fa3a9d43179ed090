//! UTF-16, in either order of its bytes.

use super::{Malformed, replace};

/// The decoder: the bytes of a code unit or of a pair of surrogates that is not complete, at most three.
#[derive(Debug)]
pub(crate) struct Decoder {
    unit: fn([u8; 2]) -> u16,
    waiting: Vec<u8>,
}

impl Decoder {
    /// A decoder whose code units are put together by `unit`.
    pub(crate) fn new(unit: fn([u8; 2]) -> u16) -> Self {
        Self {
            unit,
            waiting: Vec::new(),
        }
    }

    pub(crate) fn decode(
        &mut self,
        mut chunk: Vec<u8>,
        fatal: bool,
        is_last: bool,
    ) -> Result<String, Malformed> {
        chunk.splice(..0, self.waiting.drain(..));
        let mut complete = chunk.len() / 2 * 2;
        // A leading surrogate at the end waits for the other half, with the byte that may follow it.
        if complete >= 2 {
            let last = (self.unit)([chunk[complete - 2], chunk[complete - 1]]);
            if (0xd800..0xdc00).contains(&last) {
                complete -= 2;
            }
        }
        let (complete, rest) = chunk.split_at(complete);
        let mut text = String::with_capacity(complete.len());
        let units = complete
            .chunks_exact(2)
            .map(|unit| (self.unit)([unit[0], unit[1]]));
        for character in char::decode_utf16(units) {
            match character {
                Ok(character) => text.push(character),
                Err(_) => replace(&mut text, fatal)?,
            }
        }
        match (rest.is_empty(), is_last) {
            (true, _) => {}
            (false, true) => replace(&mut text, fatal)?,
            (false, false) => self.waiting = rest.to_vec(),
        }
        Ok(text)
    }
}
