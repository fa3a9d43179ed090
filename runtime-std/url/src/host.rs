//! Hosts: domains, IPv4 and IPv6 addresses, and the opaque hosts of schemes that the standard does not know.

use std::fmt::Write as _;
use std::net::Ipv6Addr;

use idna::AsciiDenyList;

use crate::percent;

/// The characters that no host has.
const FORBIDDEN: &[char] = &[
    '\0', '\t', '\n', '\r', ' ', '#', '/', ':', '<', '>', '?', '@', '[', '\\', ']', '^', '|',
];

/// The host that `text` names, as a URL shows it. Of a scheme that is not special it is opaque.
pub(crate) fn parse(text: &str, is_special: bool) -> Option<String> {
    if let Some(address) = text.strip_prefix('[') {
        let address: Ipv6Addr = address.strip_suffix(']')?.parse().ok()?;
        return Some(show_ipv6(address));
    }
    if !is_special {
        if text.contains(FORBIDDEN) {
            return None;
        }
        let mut host = String::with_capacity(text.len());
        percent::encode(&mut host, text, percent::CONTROL);
        return Some(host);
    }
    let bytes = percent::decode(text.as_bytes());
    let domain = idna::domain_to_ascii_cow(&bytes, AsciiDenyList::URL).ok()?;
    if domain.is_empty() || domain.split('.').any(hides_ascii) {
        return None;
    }
    match ends_in_a_number(&domain) {
        true => ipv4(&domain),
        false => Some(domain.into_owned()),
    }
}

/// Whether a label stands for one that stands for another in turn, which the standard refuses and `idna` lets through.
fn hides_ascii(label: &str) -> bool {
    label
        .strip_prefix("xn--")
        .and_then(idna::punycode::decode_to_string)
        .is_some_and(|decoded| decoded.starts_with("xn--"))
}

fn ends_in_a_number(domain: &str) -> bool {
    let domain = domain.strip_suffix('.').unwrap_or(domain);
    let last = domain.rsplit('.').next().unwrap_or(domain);
    let is_digits = !last.is_empty() && last.bytes().all(|byte| byte.is_ascii_digit());
    is_digits || number(last).is_some()
}

fn ipv4(domain: &str) -> Option<String> {
    let domain = domain.strip_suffix('.').unwrap_or(domain);
    let mut numbers = domain
        .split('.')
        .map(number)
        .collect::<Option<Vec<u64>>>()?;
    if numbers.len() > 4 {
        return None;
    }
    let last = numbers.pop()?;
    // The last number fills what the others leave.
    if last >= 256_u64.pow(4 - numbers.len() as u32) {
        return None;
    }
    let mut address = last;
    for (place, number) in (0..4_u32).zip(numbers) {
        if number > 255 {
            return None;
        }
        address += number << (24 - 8 * place);
    }
    let [a, b, c, d] = (address as u32).to_be_bytes();
    Some(format!("{a}.{b}.{c}.{d}"))
}

/// A number in decimal, octal (`017`) or hexadecimal (`0xf`); one that is too large for an address stays too large.
fn number(text: &str) -> Option<u64> {
    let (digits, radix) = match text.as_bytes() {
        [] => return None,
        [b'0', b'x' | b'X', ..] => (&text[2..], 16),
        [b'0', _, ..] => (&text[1..], 8),
        _ => (text, 10),
    };
    digits.chars().try_fold(0_u64, |number, digit| {
        let digit = u64::from(digit.to_digit(radix)?);
        Some(
            number
                .saturating_mul(u64::from(radix))
                .saturating_add(digit),
        )
    })
}

/// An IPv6 address in brackets, with `::` for its first longest run of zeros.
fn show_ipv6(address: Ipv6Addr) -> String {
    let pieces = address.segments();
    let run = |start: usize| {
        pieces[start..]
            .iter()
            .take_while(|piece| **piece == 0)
            .count()
    };
    let (mut zeros, mut len) = (0, 1);
    for start in 0..pieces.len() {
        if run(start) > len {
            (zeros, len) = (start, run(start));
        }
    }
    let join = |pieces: &[u16]| {
        let mut text = String::new();
        for (index, piece) in pieces.iter().enumerate() {
            let colon = if index == 0 { "" } else { ":" };
            let _ = write!(text, "{colon}{piece:x}");
        }
        text
    };
    match len {
        1 => format!("[{}]", join(&pieces)),
        _ => format!(
            "[{}::{}]",
            join(&pieces[..zeros]),
            join(&pieces[zeros + len..])
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[track_caller]
    fn check(is_special: bool, rows: &[(&str, Option<&str>)]) {
        for (text, host) in rows {
            assert_eq!(parse(text, is_special).as_deref(), *host, "{text}");
        }
    }

    #[test]
    fn a_domain_becomes_ascii() {
        check(
            true,
            &[
                ("EXAMPLE.com.", Some("example.com.")),
                ("faß.example", Some("xn--fa-hia.example")),
                ("%66oo", Some("foo")),
                ("a%20b", None),
                ("a%ffb", None),
                ("", None),
                ("\u{ad}", None),
                ("xn--a", None),
                ("xn--xn---epa", None),
            ],
        );
    }

    #[test]
    fn what_ends_in_a_number_is_an_address() {
        check(
            true,
            &[
                ("127.1", Some("127.0.0.1")),
                ("0x7f.0.0.010", Some("127.0.0.8")),
                ("4294967295", Some("255.255.255.255")),
                ("4294967296", None),
                ("1.2.3.4.", Some("1.2.3.4")),
                ("1.2.3.4.5", None),
                ("256.1.1.1", None),
                ("1.2.3.256", None),
                ("a.0x", None),
                ("0x", Some("0.0.0.0")),
                ("09", None),
                ("99999999999999999999999999", None),
                ("1.a", Some("1.a")),
            ],
        );
    }

    #[test]
    fn an_address_of_version_6_is_compressed() {
        check(
            false,
            &[
                ("[1:0:0:2:0:0:0:3]", Some("[1:0:0:2::3]")),
                ("[::]", Some("[::]")),
                ("[::1.2.3.4]", Some("[::102:304]")),
                ("[1:0:2:3:4:5:6:7]", Some("[1:0:2:3:4:5:6:7]")),
                ("[0:0:1:2:0:0:3:4]", Some("[::1:2:0:0:3:4]")),
                ("[::1.2.3.04]", None),
                ("[1:2]", None),
                ("[::1", None),
                ("[::1%25]", None),
            ],
        );
    }

    #[test]
    fn an_opaque_host_keeps_its_characters() {
        check(
            false,
            &[
                ("Foo%2f", Some("Foo%2f")),
                ("é", Some("%C3%A9")),
                ("a b", None),
                ("a^b", None),
            ],
        );
    }
}
