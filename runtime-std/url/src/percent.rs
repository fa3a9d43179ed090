//! Percent-encoding: the standard's sets of characters, and the way there and back.

/// A set of ASCII characters that are encoded. What is not ASCII is encoded by every set.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Set(u128);

impl Set {
    const fn with(self, characters: &str) -> Self {
        let bytes = characters.as_bytes();
        let mut bits = self.0;
        let mut index = 0;
        while index < bytes.len() {
            bits |= 1 << bytes[index];
            index += 1;
        }
        Self(bits)
    }

    /// Whether this byte of UTF-8 is encoded.
    const fn has(self, byte: u8) -> bool {
        byte >= 0x80 || self.0 >> byte & 1 == 1
    }
}

/// Control characters.
pub(crate) const CONTROL: Set = Set(0xffff_ffff | 1 << 0x7f);
/// What is encoded in a fragment.
pub(crate) const FRAGMENT: Set = CONTROL.with(" \"<>`");
/// What is encoded in a query.
pub(crate) const QUERY: Set = CONTROL.with(" \"#<>");
/// What is encoded in the query of a special scheme.
pub(crate) const SPECIAL_QUERY: Set = QUERY.with("'");
/// What is encoded in a path.
pub(crate) const PATH: Set = QUERY.with("?^`{}");
/// What is encoded in a user name and in a password.
pub(crate) const USERINFO: Set = PATH.with("/:;=@[\\]|");
/// What is encoded in a form; there, a space is `+`.
pub(crate) const FORM: Set = USERINFO.with("!$%&'()+,~");

/// Writes `text`, with the characters of `set` encoded, to the end of `to`.
pub(crate) fn encode(to: &mut String, text: &str, set: Set) {
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
    let mut rest = text;
    while let Some(at) = rest.bytes().position(|byte| set.has(byte)) {
        to.push_str(&rest[..at]);
        let character = rest[at..].chars().next().map_or(1, char::len_utf8);
        for byte in rest[at..at + character].bytes() {
            to.push('%');
            to.push(char::from(DIGITS[usize::from(byte >> 4)]));
            to.push(char::from(DIGITS[usize::from(byte & 15)]));
        }
        rest = &rest[at + character..];
    }
    to.push_str(rest);
}

/// The bytes that `text` stands for. A `%` without two digits stands for itself.
pub(crate) fn decode(text: &[u8]) -> Vec<u8> {
    let digit = |at: usize| text.get(at).and_then(|byte| char::from(*byte).to_digit(16));
    let mut bytes = Vec::with_capacity(text.len());
    let mut at = 0;
    while let Some(byte) = text.get(at) {
        let encoded = match byte {
            b'%' => digit(at + 1).zip(digit(at + 2)),
            _ => None,
        };
        match encoded {
            Some((high, low)) => {
                bytes.push((high << 4 | low) as u8);
                at += 3;
            }
            None => {
                bytes.push(*byte);
                at += 1;
            }
        }
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::{CONTROL, FORM, FRAGMENT, PATH, QUERY, SPECIAL_QUERY, USERINFO, decode, encode};

    #[test]
    fn what_is_encoded_is_decoded() {
        // A `%` of the text itself is encoded by the set of forms alone, so only there every text comes back.
        for first in [
            '\0', ' ', '%', '+', 'a', '\u{7f}', 'é', '€', '😀', '\u{fffd}',
        ] {
            for second in ['%', '4', 'f', 'é', '"', '~'] {
                let text: String = [first, second, '%', '2'].iter().collect();
                let mut encoded = String::new();
                encode(&mut encoded, &text, FORM);
                assert!(
                    encoded.is_ascii() && !encoded.contains(['"', ' ', '+']),
                    "{encoded}"
                );
                assert_eq!(decode(encoded.as_bytes()), text.as_bytes());
            }
        }
    }

    #[test]
    fn each_set_has_its_characters() {
        let kept = |set| {
            let all: String = (' '..='~').filter(|c| !c.is_ascii_alphanumeric()).collect();
            let mut encoded = String::new();
            for c in all.chars() {
                let start = encoded.len();
                encode(&mut encoded, &c.to_string(), set);
                if encoded.len() - start > 1 {
                    encoded.truncate(start);
                }
            }
            encoded
        };
        for (set, characters) in [
            (CONTROL, " !\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"),
            (FRAGMENT, "!#$%&'()*+,-./:;=?@[\\]^_{|}~"),
            (QUERY, "!$%&'()*+,-./:;=?@[\\]^_`{|}~"),
            (SPECIAL_QUERY, "!$%&()*+,-./:;=?@[\\]^_`{|}~"),
            (PATH, "!$%&'()*+,-./:;=@[\\]_|~"),
            (USERINFO, "!$%&'()*+,-._~"),
            (FORM, "*-._"),
        ] {
            assert_eq!(kept(set), characters);
        }
    }

    #[test]
    fn a_percent_sign_without_digits_stands_for_itself() {
        for (text, bytes) in [
            ("%", &b"%"[..]),
            ("%4", b"%4"),
            ("%zz%41%", b"%zzA%"),
            ("%%41", b"%A"),
            ("%ff", b"\xff"),
            ("%+1", b"%+1"),
        ] {
            assert_eq!(decode(text.as_bytes()), bytes, "{text}");
        }
    }
}
