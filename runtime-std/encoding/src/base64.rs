//! `atob` and `btoa`: base64 as the web forgives it, and strings whose characters stand for bytes.

use runtime_core::prelude::*;
use runtime_core::webidl::{Required, UsvString};

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// The bytes of a base64 text, as a string with one character for each.
///
/// White space is skipped, and the `=` at the end may be left out. What is no base64 is an InvalidCharacterError.
#[js_fn]
pub(crate) fn atob<'js>(cx: &mut Cx<'js>, data: Required<UsvString>) -> Result<String, Error<'js>> {
    let Required(UsvString(text)) = data;
    // Its digits, and a byte as a character of up to two bytes for three in four of them.
    cx.hold(text.len().saturating_mul(3))?;
    decode(&text).ok_or_else(|| invalid("the text is not base64").into())
}

/// The base64 text of a string whose characters stand for bytes.
///
/// A character beyond U+00FF is an InvalidCharacterError.
#[js_fn]
pub(crate) fn btoa<'js>(cx: &mut Cx<'js>, data: Required<UsvString>) -> Result<String, Error<'js>> {
    let Required(UsvString(text)) = data;
    // Its bytes, and four digits for three of them.
    cx.hold(text.len().saturating_mul(3))?;
    let bytes: Option<Vec<u8>> = text.chars().map(|c| u8::try_from(c).ok()).collect();
    let bytes = bytes.ok_or_else(|| invalid("the text has a character beyond U+00FF"))?;
    Ok(encode(&bytes))
}

/// The error of both.
fn invalid(message: &str) -> JsError {
    JsError::new("InvalidCharacterError", message)
}

fn encode(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for group in bytes.chunks(3) {
        let byte = |index: usize| u32::from(group.get(index).copied().unwrap_or(0));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for index in 0..4 {
            text.push(match index <= group.len() {
                true => char::from(ALPHABET[(bits >> (18 - 6 * index) & 63) as usize]),
                false => '=',
            });
        }
    }
    text
}

/// The "forgiving-base64 decode" of the Infra Standard; each byte as a character.
fn decode(text: &str) -> Option<String> {
    let is_space = |byte: &u8| matches!(byte, b'\t' | b'\n' | b'\x0c' | b'\r' | b' ');
    let mut digits: Vec<u8> = text.bytes().filter(|byte| !is_space(byte)).collect();
    if digits.len().is_multiple_of(4) {
        for _ in 0..2 {
            if digits.last() == Some(&b'=') {
                digits.pop();
            }
        }
    }
    if digits.len() % 4 == 1 {
        return None;
    }
    let mut bytes = String::with_capacity(digits.len());
    for group in digits.chunks(4) {
        let mut bits = 0;
        for digit in group {
            bits = bits << 6 | value(*digit)?;
        }
        bits <<= 6 * (4 - group.len());
        // The bits of a last group that make no whole byte are dropped.
        let whole = [bits >> 16, bits >> 8, bits].map(|byte| char::from(byte as u8));
        bytes.extend(&whole[..group.len() - 1]);
    }
    Some(bytes)
}

/// The six bits that a digit stands for.
fn value(digit: u8) -> Option<u32> {
    Some(u32::from(match digit {
        b'A'..=b'Z' => digit - b'A',
        b'a'..=b'z' => digit - b'a' + 26,
        b'0'..=b'9' => digit - b'0' + 52,
        b'+' => 62,
        b'/' => 63,
        _ => return None,
    }))
}

#[cfg(test)]
mod tests {
    use super::{decode, encode};

    #[test]
    fn what_is_encoded_is_decoded() {
        let bytes: Vec<u8> = (0..=255).chain([1, 2]).collect();
        for len in 0..bytes.len() {
            let text = encode(&bytes[..len]);
            assert_eq!(text.len(), len.div_ceil(3) * 4);
            let back: Option<Vec<u8>> = decode(&text).map(|text| {
                text.chars()
                    .map(|c| u8::try_from(c).expect("it is a byte"))
                    .collect()
            });
            assert_eq!(back.as_deref(), Some(&bytes[..len]));
        }
    }

    #[test]
    fn what_is_no_base64_is_refused() {
        for text in [
            "a", "a===", "ab=", "ab===", "=", "====", "abc=d", "ab-_", "é", "ab\u{b}c",
        ] {
            assert_eq!(decode(text), None, "{text:?}");
        }
        for (text, bytes) in [
            ("", ""),
            (" a\tb\n", "i"),
            ("YQ==", "a"),
            ("YQ", "a"),
            ("YR", "a"),
        ] {
            assert_eq!(decode(text).as_deref(), Some(bytes), "{text:?}");
        }
    }
}
