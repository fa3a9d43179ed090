//! The standard's "basic URL parser", written as the descent that its states are.
//!
//! Whatever the state, the first `#` begins the fragment and the first `?` before it the query, so both are split off at first. The
//! boundary: a whole URL. One part alone is set in `setters`, which takes its rules from here.

use std::borrow::Cow;

use crate::percent::{self, encode};
use crate::record::{Record, default_port};
use crate::{host, record};

/// The URL of `text`, relative to `base`; none when it is no URL.
pub(crate) fn parse(text: &str, base: Option<&Record>) -> Option<Record> {
    let text = text.trim_matches(|c: char| c <= ' ');
    let text = without_breaks(text);
    let (rest, fragment) = split(&text, '#');
    let (rest, query) = split(rest, '?');
    let mut url = match scheme(rest) {
        Some((scheme, rest)) => with_scheme(scheme, rest, base, query.is_some()),
        None => without_scheme(rest, base?, query.is_some(), fragment.is_some()),
    }?;
    if url.has_opaque_path && (query.is_some() || fragment.is_some()) && rest.ends_with(' ') {
        // The last space would be lost where the URL is read again without what follows.
        url.path.pop();
        url.path.push_str("%20");
    }
    if let Some(query) = query {
        url.query = Some(encoded_query(query, url.is_special()));
    }
    url.fragment = fragment.map(encoded_fragment);
    Some(url)
}

/// `text` without tabs and line breaks, which are skipped in every URL.
pub(crate) fn without_breaks(text: &str) -> Cow<'_, str> {
    match text
        .bytes()
        .any(|byte| matches!(byte, b'\t' | b'\n' | b'\r'))
    {
        true => Cow::Owned(text.replace(['\t', '\n', '\r'], "")),
        false => Cow::Borrowed(text),
    }
}

pub(crate) fn encoded_query(query: &str, is_special: bool) -> String {
    let mut text = String::with_capacity(query.len());
    let set = match is_special {
        true => percent::SPECIAL_QUERY,
        false => percent::QUERY,
    };
    encode(&mut text, query, set);
    text
}

pub(crate) fn encoded_fragment(fragment: &str) -> String {
    let mut text = String::with_capacity(fragment.len());
    encode(&mut text, fragment, percent::FRAGMENT);
    text
}

fn split(text: &str, mark: char) -> (&str, Option<&str>) {
    match text.split_once(mark) {
        Some((before, after)) => (before, Some(after)),
        None => (text, None),
    }
}

/// The scheme that `text` begins with, in lowercase, and what follows its colon.
pub(crate) fn scheme(text: &str) -> Option<(String, &str)> {
    let (scheme, rest) = text.split_once(':')?;
    let is_scheme = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.'));
    is_scheme.then(|| (scheme.to_ascii_lowercase(), rest))
}

fn with_scheme(
    scheme: String,
    rest: &str,
    base: Option<&Record>,
    has_query: bool,
) -> Option<Record> {
    let url = Record {
        scheme,
        ..Record::default()
    };
    if url.has_file_scheme() {
        return file(rest, base.filter(|base| base.has_file_scheme()), has_query);
    }
    if url.is_special() {
        let base = base.filter(|base| base.scheme == url.scheme);
        return match base {
            Some(base) if !rest.starts_with("//") => relative(rest, base, has_query),
            _ => authority(url, rest.trim_start_matches(['/', '\\'])),
        };
    }
    if let Some(rest) = rest.strip_prefix("//") {
        return authority(url, rest);
    }
    let mut url = url;
    match rest.strip_prefix('/') {
        Some(segments) => path(&mut url, segments),
        None => {
            url.has_opaque_path = true;
            encode(&mut url.path, rest, percent::CONTROL);
        }
    }
    Some(url)
}

fn without_scheme(
    rest: &str,
    base: &Record,
    has_query: bool,
    has_fragment: bool,
) -> Option<Record> {
    if base.has_opaque_path {
        // Only its fragment can be another one.
        let is_fragment = rest.is_empty() && !has_query && has_fragment;
        return is_fragment.then(|| base.clone());
    }
    match base.has_file_scheme() {
        true => file(rest, Some(base), has_query),
        false => relative(rest, base, has_query),
    }
}

/// A URL that takes what it lacks from `base`, which has the same scheme.
fn relative(rest: &str, base: &Record, has_query: bool) -> Option<Record> {
    let is_special = base.is_special();
    let slash = |text: &'_ str| text.starts_with('/') || is_special && text.starts_with('\\');
    if slash(rest) && slash(&rest[1..]) {
        let url = Record {
            scheme: base.scheme.clone(),
            ..Record::default()
        };
        let rest = match is_special {
            true => rest.trim_start_matches(['/', '\\']),
            false => &rest[2..],
        };
        return authority(url, rest);
    }
    let mut url = Record {
        fragment: None,
        ..base.clone()
    };
    if slash(rest) {
        url.path.clear();
        url.query = None;
        path(&mut url, &rest[1..]);
    } else if !rest.is_empty() {
        url.query = None;
        url.shorten();
        path(&mut url, rest);
    } else if has_query {
        url.query = None;
    }
    Some(url)
}

/// The part behind `//`: user, host and port; then the path.
fn authority(mut url: Record, rest: &str) -> Option<Record> {
    let end = end_of_authority(rest, url.is_special());
    let (authority, rest) = rest.split_at(end);
    let name = match authority.rsplit_once('@') {
        Some((credentials, name)) => {
            if name.is_empty() {
                return None;
            }
            let (username, password) = credentials.split_once(':').unwrap_or((credentials, ""));
            encode(&mut url.username, username, percent::USERINFO);
            encode(&mut url.password, password, percent::USERINFO);
            name
        }
        None => authority,
    };
    let (name, port) = split_port(name);
    if name.is_empty() && (url.is_special() || port.is_some()) {
        return None;
    }
    url.host = Some(match name.is_empty() {
        true => String::new(),
        false => host::parse(name, url.is_special())?,
    });
    if let Some(port) = port.filter(|port| !port.is_empty()) {
        if !port.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        url.port = number_of_port(port, &url.scheme)?;
    }
    path_start(&mut url, rest);
    Some(url)
}

/// Where the host and what belongs to it end.
pub(crate) fn end_of_authority(text: &str, is_special: bool) -> usize {
    text.find(|c: char| c == '/' || is_special && c == '\\')
        .unwrap_or(text.len())
}

/// A host name and the text behind its colon. A colon in brackets belongs to the name.
pub(crate) fn split_port(text: &str) -> (&str, Option<&str>) {
    let mut in_brackets = false;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'[' => in_brackets = true,
            b']' => in_brackets = false,
            b':' if !in_brackets => return (&text[..at], Some(&text[at + 1..])),
            _ => {}
        }
    }
    (text, None)
}

/// The port of these digits; none when it is the scheme's own. A failure when it is too large.
pub(crate) fn number_of_port(digits: &str, scheme: &str) -> Option<Option<u16>> {
    let digits = digits.trim_start_matches('0');
    let port = match digits {
        "" => 0,
        _ => digits.parse().ok()?,
    };
    Some(Some(port).filter(|port| default_port(scheme) != Some(*port)))
}

/// A file. `base` is one too.
fn file(rest: &str, base: Option<&Record>, has_query: bool) -> Option<Record> {
    let slash = |text: &str| text.starts_with(['/', '\\']);
    let mut url = Record {
        scheme: "file".to_owned(),
        host: Some(String::new()),
        ..Record::default()
    };
    if slash(rest) && slash(&rest[1..]) {
        return file_host(url, &rest[2..]);
    }
    if slash(rest) {
        if let Some(base) = base {
            url.host.clone_from(&base.host);
            let drive = base.path.get(..3).filter(|drive| {
                has_drive(&drive[1..])
                    && drive.ends_with(':')
                    && matches!(base.path.as_bytes().get(3), None | Some(b'/'))
            });
            if let Some(drive) = drive.filter(|_| !has_drive(&rest[1..])) {
                url.path.push_str(drive);
            }
        }
        path(&mut url, &rest[1..]);
        return Some(url);
    }
    let Some(base) = base else {
        path(&mut url, rest);
        return Some(url);
    };
    url = Record {
        fragment: None,
        ..base.clone()
    };
    if !rest.is_empty() {
        url.query = None;
        match has_drive(rest) {
            true => url.path.clear(),
            false => url.shorten(),
        }
        path(&mut url, rest);
    } else if has_query {
        url.query = None;
    }
    Some(url)
}

/// A file with a host, which may be a drive letter after all.
fn file_host(mut url: Record, rest: &str) -> Option<Record> {
    let (name, after) = rest.split_at(end_of_authority(rest, true));
    if is_drive(name) {
        path(&mut url, rest);
        return Some(url);
    }
    url.host = Some(file_host_name(name)?);
    path_start(&mut url, after);
    Some(url)
}

/// The host of a file: this machine has no name.
pub(crate) fn file_host_name(name: &str) -> Option<String> {
    if name.is_empty() {
        return Some(String::new());
    }
    let host = host::parse(name, true)?;
    Some(if host == "localhost" {
        String::new()
    } else {
        host
    })
}

/// The path behind a host.
pub(crate) fn path_start(url: &mut Record, rest: &str) {
    let is_slash = |c: char| c == '/' || url.is_special() && c == '\\';
    match rest.strip_prefix(is_slash) {
        Some(segments) => path(url, segments),
        // The path of a special scheme has a segment at least.
        None if url.is_special() || !rest.is_empty() => path(url, rest),
        None => {}
    }
}

/// Adds segments to the path, and takes away what dots take away.
fn path(url: &mut Record, segments: &str) {
    let is_special = record::is_special(&url.scheme);
    let mut rest = segments;
    loop {
        let end = end_of_authority(rest, is_special);
        let segment = &rest[..end];
        let is_last = end == rest.len();
        match dots(segment) {
            Some(2) => {
                url.shorten();
                if is_last {
                    url.path.push('/');
                }
            }
            Some(_) => {
                if is_last {
                    url.path.push('/');
                }
            }
            None => {
                let is_first = url.path.is_empty();
                url.path.push('/');
                if is_first && url.has_file_scheme() && is_drive(segment) {
                    url.path.push_str(&segment[..1]);
                    url.path.push(':');
                } else {
                    encode(&mut url.path, segment, percent::PATH);
                }
            }
        }
        if is_last {
            return;
        }
        rest = &rest[end + 1..];
    }
}

/// How many dots a segment is, encoded or not, when it is one or two and nothing else.
fn dots(segment: &str) -> Option<usize> {
    let mut rest = segment;
    let mut count = 0;
    while !rest.is_empty() {
        rest = rest.strip_prefix('.').or_else(|| {
            let encoded = rest.get(..3)?;
            encoded.eq_ignore_ascii_case("%2e").then(|| &rest[3..])
        })?;
        count += 1;
        if count > 2 {
            return None;
        }
    }
    (count > 0).then_some(count)
}

/// Whether `text` is a drive letter: `C:` or `C|`.
fn is_drive(text: &str) -> bool {
    matches!(text.as_bytes(), [letter, b':' | b'|'] if letter.is_ascii_alphabetic())
}

/// Whether `text` begins with a drive letter that is a whole segment.
fn has_drive(text: &str) -> bool {
    is_drive(text.get(..2).unwrap_or_default())
        && matches!(text.as_bytes().get(2), None | Some(b'/' | b'\\'))
}
