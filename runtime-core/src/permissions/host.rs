//! Hosts: where a connection may go.
//!
//! A host is compared after it was read as the network reads it: names without regard to case and a final dot, addresses as
//! numbers, so that `127.1`, `0x7f000001` and `[::ffff:127.0.0.1]` are all `127.0.0.1` to a grant and to a denial. Names are not
//! looked up here: whoever connects judges the addresses that a name turns out to have.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::path::Path;

use super::layers::Entry;
use crate::error::JsError;

/// Schemes whose port need not be written.
const PORTS: &[(&str, u16)] = &[("http", 80), ("https", 443), ("ws", 80), ("wss", 443)];

/// Where a connection is to go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoint {
    scheme: Option<String>,
    host: Host,
    port: u16,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Host {
    Name(String),
    Address(IpAddr),
}

impl Endpoint {
    /// An endpoint; `scheme` is `None` for a plain connection, which no grant with a scheme allows.
    pub fn new(scheme: Option<&str>, host: &str, port: u16) -> Result<Self, JsError> {
        let Some(parsed) = Host::parse(host) else {
            let shown = super::refusal::printable(host);
            return Err(JsError::type_error(format!(
                "`{shown}` is not a valid host"
            )));
        };
        Ok(Self {
            scheme: scheme.map(str::to_ascii_lowercase),
            host: parsed,
            port,
        })
    }
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(scheme) = &self.scheme {
            write!(f, "{scheme}://")?;
        }
        match &self.host {
            Host::Name(name) => write!(f, "{name}:{}", self.port),
            Host::Address(IpAddr::V4(address)) => write!(f, "{address}:{}", self.port),
            Host::Address(IpAddr::V6(address)) => write!(f, "[{address}]:{}", self.port),
        }
    }
}

impl Host {
    fn parse(text: &str) -> Option<Self> {
        if let Some(inner) = text.strip_prefix('[') {
            let address: Ipv6Addr = inner.strip_suffix(']')?.parse().ok()?;
            return Some(Self::Address(IpAddr::V6(address).to_canonical()));
        }
        if let Ok(address) = text.parse::<Ipv6Addr>() {
            return Some(Self::Address(IpAddr::V6(address).to_canonical()));
        }
        let name = text.strip_suffix('.').unwrap_or(text).to_ascii_lowercase();
        let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
        if name
            .split('.')
            .any(|label| label.is_empty() || !label.chars().all(is_name))
        {
            return None;
        }
        // What ends in a number is an address, or nothing at all.
        match name.rsplit('.').next().and_then(number) {
            Some(_) => ipv4(&name).map(|address| Self::Address(IpAddr::V4(address))),
            None => Some(Self::Name(name)),
        }
    }
}

/// An IPv4 address in any of its spellings: one to four parts, the last of which fills what is left.
fn ipv4(text: &str) -> Option<Ipv4Addr> {
    let parts: Vec<u64> = text.split('.').map(number).collect::<Option<_>>()?;
    let (last, first) = parts.split_last()?;
    let free = 4usize.checked_sub(first.len())?;
    if free == 0 || first.iter().any(|part| *part > 255) || *last >= 1 << (8 * free) {
        return None;
    }
    let high = first
        .iter()
        .enumerate()
        .map(|(at, part)| part << (8 * (3 - at)));
    u32::try_from(high.sum::<u64>() + last)
        .ok()
        .map(Ipv4Addr::from)
}

/// A number as the C library reads it in an address: decimal, `0x…`, or `0…` for octal.
fn number(text: &str) -> Option<u64> {
    let (digits, radix) = match text.strip_prefix("0x") {
        Some("") => ("0", 16),
        Some(digits) => (digits, 16),
        None if text.len() > 1 && text.starts_with('0') => (&text[1..], 8),
        None => (text, 10),
    };
    if digits.is_empty() || !digits.chars().all(|c| c.is_digit(radix.max(10))) {
        return None;
    }
    // Too large, or an 8 in an octal number: a number still, and so no name; but of no address.
    Some(u64::from_str_radix(digits, radix).unwrap_or(u64::MAX))
}

/// An entry of `net`.
#[derive(Clone, Debug)]
pub(super) struct HostPattern {
    scheme: Option<String>,
    hosts: Hosts,
    port: Option<u16>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Hosts {
    /// `*`
    All,
    /// `*.acme.com`: what ends in `.acme.com`
    Below(String),
    One(Host),
    /// What the network does not understand, such as `1.2.3.4.5`.
    None,
}

impl Hosts {
    fn parse(text: &str) -> Self {
        let of = |text| Host::parse(text).map_or(Self::None, Self::One);
        match text.strip_prefix("*.") {
            _ if text == "*" => Self::All,
            Some(domain) => match Host::parse(domain) {
                Some(Host::Name(name)) => Self::Below(format!(".{name}")),
                Some(Host::Address(_)) | None => Self::None,
            },
            None => of(text),
        }
    }

    fn contain(&self, host: &Host) -> bool {
        match (self, host) {
            (Self::All, _) => true,
            (Self::Below(domain), Host::Name(name)) => name.ends_with(domain.as_str()),
            (Self::One(one), host) => one == host,
            (Self::Below(_), Host::Address(_)) | (Self::None, _) => false,
        }
    }
}

impl Entry for HostPattern {
    type Asked = Endpoint;

    fn parse(text: &str, _base: &Path) -> Self {
        let (scheme, rest) = match text.split_once("://") {
            Some((scheme, rest)) => (Some(scheme.to_owned()), rest),
            None => (None, text),
        };
        let after_host = rest.rfind(']').map_or(0, |at| at + 1);
        let (host, port) = match rest[after_host..].find(':') {
            Some(at) => (
                &rest[..after_host + at],
                rest[after_host + at + 1..].parse().ok(),
            ),
            None => (rest, None),
        };
        // An origin has a port even when it is not written; a host alone stands for all of its ports.
        let implied = || {
            let scheme = scheme.as_deref()?;
            let row = PORTS.iter().find(|(known, _)| *known == scheme)?;
            Some(row.1)
        };
        Self {
            port: port.or_else(implied),
            hosts: Hosts::parse(host),
            scheme,
        }
    }

    fn matches(&self, asked: &Endpoint, _denies: bool) -> bool {
        (self.scheme.is_none() || self.scheme == asked.scheme)
            && self.port.is_none_or(|port| port == asked.port)
            && self.hosts.contain(&asked.host)
    }

    fn covers(&self, other: &Self) -> bool {
        let hosts = match (&self.hosts, &other.hosts) {
            (Hosts::All, _) => true,
            (hosts, Hosts::One(host)) => hosts.contain(host),
            (Hosts::Below(wide), Hosts::Below(narrow)) => narrow.ends_with(wide.as_str()),
            (_, Hosts::None) => true,
            (_, Hosts::All | Hosts::Below(_)) => false,
        };
        hosts
            && (self.scheme.is_none() || self.scheme == other.scheme)
            && (self.port.is_none() || self.port == other.port)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pattern(text: &str) -> HostPattern {
        HostPattern::parse(text, Path::new(""))
    }

    #[test]
    fn hosts_are_read_as_the_network_reads_them() {
        let rows = [
            ("ACME.com.", Some("acme.com")),
            ("127.0.0.1", Some("127.0.0.1")),
            ("127.1", Some("127.0.0.1")),
            ("0x7f.1", Some("127.0.0.1")),
            ("2130706433", Some("127.0.0.1")),
            ("0177.0.0.1", Some("127.0.0.1")),
            ("127.0.0.1.", Some("127.0.0.1")),
            ("::1", Some("[::1]")),
            ("[::1]", Some("[::1]")),
            ("[::ffff:127.0.0.1]", Some("127.0.0.1")),
            ("0", Some("0.0.0.0")),
            ("x1.2a", Some("x1.2a")),
            ("1.2.3.4.5", None),
            ("1.2.3.256", None),
            ("256.1.1.1", None),
            ("4294967296", None),
            ("99999999999999999999", None),
            ("0xfffffffffffffffffffff", None),
            ("+1", None),
            ("1.2.3.08", None),
            ("acme..com", None),
            ("", None),
            (".", None),
            ("a b", None),
            ("a/b", None),
            ("me@acme.com", None),
            ("[::1", None),
            ("[127.0.0.1]", None),
            ("*.acme.com", None),
        ];
        for (text, expect) in rows {
            let found = Endpoint::new(None, text, 1).ok().map(|it| it.to_string());
            let expect = expect.map(|host| format!("{host}:1"));
            assert_eq!(found, expect, "{text}");
        }
    }

    #[test]
    fn entries_match_endpoints() {
        // entry, scheme, host, port, matches
        let rows = [
            ("acme.com", "https", "acme.com", 443, true),
            ("acme.com", "", "ACME.COM", 1, true),
            ("acme.com", "https", "api.acme.com", 443, false),
            ("acme.com", "https", "xacme.com", 443, false),
            ("acme.com:443", "https", "acme.com", 443, true),
            ("acme.com:443", "https", "acme.com", 444, false),
            ("https://acme.com", "https", "acme.com", 443, true),
            ("https://acme.com", "https", "acme.com", 8443, false),
            ("https://acme.com", "http", "acme.com", 443, false),
            ("https://acme.com", "wss", "acme.com", 443, false),
            ("https://acme.com", "", "acme.com", 443, false),
            ("http://acme.com:8080", "http", "acme.com", 8080, true),
            ("*.acme.com", "https", "api.acme.com", 443, true),
            ("*.acme.com", "https", "a.b.acme.com", 443, true),
            ("*.acme.com", "https", "acme.com", 443, false),
            ("*.acme.com", "https", "evilacme.com", 443, false),
            ("*.acme.com", "https", "acme.com.evil.com", 443, false),
            ("*", "https", "anything.org", 1, true),
            ("*", "", "::1", 1, true),
            ("https://*", "https", "1.2.3.4", 443, true),
            ("*:443", "https", "a.b", 80, false),
            ("[::1]:80", "http", "::1", 80, true),
            ("[::1]:80", "http", "::1", 81, false),
            ("[::1]", "http", "::2", 81, false),
            ("127.0.0.1:80", "http", "127.1", 80, true),
            ("127.0.0.1", "http", "::ffff:127.0.0.1", 80, true),
            ("127.0.0.1", "http", "localhost", 80, false),
            ("1.2.3.4.5", "http", "1.2.3.4", 80, false),
        ];
        for (entry, scheme, host, port, expect) in rows {
            let scheme = Some(scheme).filter(|scheme| !scheme.is_empty());
            let endpoint = Endpoint::new(scheme, host, port).expect("a valid endpoint");
            let found = pattern(entry).matches(&endpoint, false);
            assert_eq!(found, expect, "{endpoint} by {entry}");
        }
    }

    #[test]
    fn what_an_entry_covers() {
        let rows = [
            ("*", "acme.com:443", true),
            ("*", "*", true),
            ("acme.com", "*", false),
            ("acme.com", "https://acme.com", true),
            ("https://acme.com", "acme.com", false),
            ("https://acme.com", "https://acme.com:443", true),
            ("acme.com:443", "https://acme.com", true),
            ("acme.com:443", "acme.com", false),
            ("*.acme.com", "api.acme.com", true),
            ("*.acme.com", "*.api.acme.com", true),
            ("*.api.acme.com", "*.acme.com", false),
            ("*.acme.com", "acme.com", false),
            ("*.acme.com", "*.evilacme.com", false),
            ("*", "*.acme.com", true),
        ];
        for (wide, narrow, expect) in rows {
            assert_eq!(
                pattern(wide).covers(&pattern(narrow)),
                expect,
                "{narrow} by {wide}"
            );
        }
    }
}
