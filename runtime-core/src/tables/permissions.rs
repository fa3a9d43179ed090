//! The kinds of permission: what an entry of each may say.
//!
//! The boundary: text is judged here, paths and hosts are not. Resolution against the world (links, working directory, DNS)
//! and the check itself are the runtime's `permissions`.

use super::{Mistake, prose};

/// A kind of permission: a key of `[permissions]`, and a flag of the built binary.
#[derive(Debug)]
pub struct Permission {
    /// The key in `[permissions]`; the flags are `--deny-<key>` and `--allow-<key>`.
    pub key: &'static str,
    /// What an entry is, in the plural: "paths".
    pub entries: &'static str,
    /// What it lets a script do, in a few words.
    pub summary: &'static str,
    /// Meaning, interactions, and what it does not protect against.
    pub doc: &'static str,
    /// Entries as they may be written.
    pub example: &'static [&'static str],
    /// Judges one entry.
    pub check: fn(&str) -> Result<(), Mistake>,
}

/// Every kind of permission there is.
pub static PERMISSIONS: &[Permission] = &[
    Permission {
        key: "read",
        entries: "paths",
        summary: "read files and folders",
        doc: prose(
            "Files and folders that may be read; a folder grants all beneath it. A relative path is taken from the working directory \
              of the running program, not from the folder of the spec. `..` and symbolic links are resolved before a path is judged, \
              so a link inside a granted folder does not lead out of it.",
        ),
        example: &["./data", "/etc/acme.json"],
        check: check_path,
    },
    Permission {
        key: "write",
        entries: "paths",
        summary: "create, change and remove files and folders",
        doc: prose(
            "Files and folders that may be created, changed and removed; a folder grants all beneath it. It does not include `read`. \
              A relative path is taken from the working directory of the running program.",
        ),
        example: &["./data"],
        check: check_path,
    },
    Permission {
        key: "env",
        entries: "variable names",
        summary: "see environment variables",
        doc: prose(
            "Environment variables that a script may see. `*` at the end stands for any rest: `ACME_*`. A variable that is not granted \
              reads as if it were not set.",
        ),
        example: &["ACME_*", "HOME"],
        check: check_env,
    },
    Permission {
        key: "net",
        entries: "hosts or origins",
        summary: "connect to hosts",
        doc: prose(
            "Hosts that may be connected to, each as a host (`api.acme.com`), a host and port (`api.acme.com:443`) or an origin \
              (`https://api.acme.com:443`). `*.` in front stands for any subdomain, not for the domain itself. A name is judged when it \
              is parsed, and its addresses again when it is resolved, so that a name cannot lead into a private network.",
        ),
        example: &["https://*.acme.com:443", "localhost:8080"],
        check: check_net,
    },
    Permission {
        key: "sys",
        entries: "names",
        summary: "call native functions that ask for it",
        doc: prose(
            "Names that native functions of your own ask for: `#[js_fn(permission = \"sys:sensor\")]` needs the entry `sensor`. What \
              such a function does is up to its author; the name is all that is checked.",
        ),
        example: &["sensor"],
        check: check_sys,
    },
    Permission {
        key: "dom",
        entries: "parts of the page",
        summary: "touch the page's elements",
        doc: prose(
            "What of a page a script may touch: `root`, the element that the page gives to the runtime, with all beneath it, or `document`, \
              the page's whole document when it gives that. A page that gives nothing shows nothing. A script can make neither an \
              element nor an attribute that would run code in the page.",
        ),
        example: &["root"],
        check: check_dom,
    },
];

/// The kind of permission with this key.
pub fn permission(key: &str) -> Option<&'static Permission> {
    PERMISSIONS.iter().find(|kind| kind.key == key)
}

fn check_path(entry: &str) -> Result<(), Mistake> {
    if entry.is_empty() {
        return Err(Mistake::whole(
            entry,
            "an empty path grants nothing",
            "write `.` for the working directory",
        ));
    }
    if let Some(at) = entry.find('\0') {
        return Err(Mistake::part(
            at..at + 1,
            "a path cannot contain a NUL byte",
            "take it out",
        ));
    }
    if let Some(at) = entry.find(['*', '?']) {
        return Err(Mistake::part(
            at..at + 1,
            format!("`{}` has no meaning in a path", &entry[at..=at]),
            "name the folder: it grants all beneath it",
        ));
    }
    if entry == "~" || entry.starts_with("~/") {
        return Err(Mistake::part(
            0..1,
            "`~` is not expanded",
            "write the absolute path, or one relative to the working directory",
        ));
    }
    Ok(())
}

fn check_env(entry: &str) -> Result<(), Mistake> {
    let name = entry.strip_suffix('*').unwrap_or(entry);
    if entry.is_empty() {
        return Err(Mistake::whole(
            entry,
            "an empty name grants nothing",
            "write `*` for every variable",
        ));
    }
    if let Some(at) = name.find('*') {
        return Err(Mistake::part(
            at..at + 1,
            "`*` stands only at the end of a variable's name",
            "write the start of the name and `*`, as in `ACME_*`",
        ));
    }
    match name
        .char_indices()
        .find(|(_, c)| !c.is_ascii_alphanumeric() && *c != '_')
    {
        Some((at, c)) => Err(Mistake::part(
            at..at + c.len_utf8(),
            format!("`{c}` cannot stand in a variable's name"),
            "a name has letters, digits and `_`; a value is not part of a grant",
        )),
        None => Ok(()),
    }
}

fn check_dom(entry: &str) -> Result<(), Mistake> {
    if ["root", "document"].contains(&entry) {
        return Ok(());
    }
    Err(Mistake::whole(
        entry,
        format!("`{entry}` is no part of a page"),
        "write `root` for the element that the page gives, or `document` for all of it",
    ))
}

fn check_sys(entry: &str) -> Result<(), Mistake> {
    if let Some(name) = entry.strip_prefix("sys:") {
        return Err(Mistake::part(
            0..4,
            "`sys:` stands in the code, not in the spec",
            format!("write `{name}`"),
        ));
    }
    let first = entry.chars().next().is_some_and(|c| c.is_ascii_lowercase());
    let rest = entry
        .chars()
        .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '.');
    if first && rest {
        return Ok(());
    }
    Err(Mistake::whole(
        entry,
        format!("`{entry}` is no name of a permission"),
        "a name has lowercase letters, digits, `-` and `.`, as in `sensor`",
    ))
}

const SCHEMES: &[&str] = &["http", "https", "ws", "wss"];

fn check_net(entry: &str) -> Result<(), Mistake> {
    let mut start = 0;
    if let Some(at) = entry.find("://") {
        let scheme = &entry[..at];
        if !SCHEMES.contains(&scheme) {
            return Err(Mistake::part(
                0..at,
                format!("unknown scheme `{scheme}`"),
                format!("write one of {}, or leave it out", SCHEMES.join(", ")),
            ));
        }
        start = at + 3;
    }
    let rest = &entry[start..];
    if let Some(at) = rest.find(['/', '?', '#']) {
        return Err(Mistake::part(
            start + at..entry.len(),
            format!("a grant is for a host, not for the path `{}`", &rest[at..]),
            format!("write `{}`", &entry[..start + at]),
        ));
    }
    if let Some(at) = rest.find('@') {
        return Err(Mistake::part(
            start..start + at + 1,
            "a grant has no user name",
            format!("write `{}{}`", &entry[..start], &rest[at + 1..]),
        ));
    }
    let (host, port) = split_port(rest);
    if let Some(port) = port {
        let at = entry.len() - port.len();
        if port.parse::<u16>().ok().is_none_or(|port| port == 0) {
            return Err(Mistake::part(
                at..entry.len(),
                format!("`{port}` is no port"),
                "a port is a number from 1 to 65535",
            ));
        }
    }
    check_host(host).map_err(|mistake| Mistake {
        at: start + mistake.at.start..start + mistake.at.end,
        ..mistake
    })
}

/// The host, and the port if there is one; the colons of a bracketed IPv6 address are the host's own.
fn split_port(text: &str) -> (&str, Option<&str>) {
    let after = text.rfind(']').map_or(0, |at| at + 1);
    match text[after..].find(':') {
        Some(at) => (&text[..after + at], Some(&text[after + at + 1..])),
        None => (text, None),
    }
}

fn check_host(host: &str) -> Result<(), Mistake> {
    if host.is_empty() {
        return Err(Mistake::whole(
            host,
            "the host is missing",
            "write a host, as in `api.acme.com`, or `*` for every host",
        ));
    }
    if let Some(inner) = host.strip_prefix('[') {
        let address = inner.strip_suffix(']').unwrap_or(inner);
        return match address.parse::<std::net::Ipv6Addr>() {
            Ok(_) => Ok(()),
            Err(_) => Err(Mistake::whole(
                host,
                format!("`{address}` is no IPv6 address"),
                "write it in brackets, as in `[::1]`",
            )),
        };
    }
    if host == "*" {
        return Ok(());
    }
    let start = if host.starts_with("*.") { 2 } else { 0 };
    let name = &host[start..];
    if let Some(at) = name.find('*') {
        return Err(Mistake::part(
            start + at..start + at + 1,
            "`*` stands only for the whole first label",
            "write `*.acme.com` for the subdomains, or `*` for every host",
        ));
    }
    if let Some((at, c)) = name
        .char_indices()
        .find(|(_, c)| !c.is_ascii_alphanumeric() && !matches!(c, '-' | '.' | '_'))
    {
        return Err(Mistake::part(
            start + at..start + at + c.len_utf8(),
            format!("`{c}` cannot stand in a host"),
            "write a host, as in `api.acme.com`; an international name in its `xn--` form",
        ));
    }
    if name.split('.').any(str::is_empty) {
        return Err(Mistake::whole(
            host,
            format!("`{host}` has an empty label"),
            "write a host, as in `api.acme.com`",
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn examples_are_entries() {
        for kind in PERMISSIONS {
            for entry in kind.example {
                assert_eq!((kind.check)(entry), Ok(()), "{} = {entry}", kind.key);
            }
        }
    }

    #[test]
    fn entries() {
        // kind, entry, the offending part ("" where the entry is right)
        let rows = [
            ("read", ".", ""),
            ("read", "/data/../x", ""),
            ("read", "data/*.json", "*"),
            ("read", "~/x", "~"),
            ("env", "*", ""),
            ("env", "A*B", "*"),
            ("env", "A=1", "="),
            ("net", "*", ""),
            ("net", "*.acme.com", ""),
            ("net", "127.0.0.1:80", ""),
            ("net", "[::1]:80", ""),
            ("net", "wss://acme.com", ""),
            ("net", "ftp://acme.com", "ftp"),
            ("net", "https://acme.com/api", "/api"),
            ("net", "https://me@acme.com", "me@"),
            ("net", "acme.com:0", "0"),
            ("net", "acme.com:http", "http"),
            ("net", "api*.acme.com", "*"),
            ("net", "a b.com", " "),
            ("net", "acme..com", "acme..com"),
            ("net", "[::g]", "[::g]"),
            ("sys", "sensor", ""),
            ("sys", "sys:sensor", "sys:"),
            ("sys", "Sensor", "Sensor"),
            ("dom", "root", ""),
            ("dom", "window", "window"),
        ];
        for (key, entry, bad) in rows {
            let kind = permission(key).expect("a kind of permission");
            let found = match (kind.check)(entry) {
                Ok(()) => "",
                Err(mistake) => &entry[mistake.at.clone()],
            };
            assert_eq!(found, bad, "{key} = {entry}");
        }
    }
}
