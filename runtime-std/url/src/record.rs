//! A parsed URL, and each of its parts as a script reads it.

/// A URL, by the standard's name a "URL record". Its parts are encoded already.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Record {
    pub(crate) scheme: String,
    pub(crate) username: String,
    pub(crate) password: String,
    /// As it is shown. A scheme may have none at all, and some have an empty one.
    pub(crate) host: Option<String>,
    /// None when it is the scheme's own.
    pub(crate) port: Option<u16>,
    /// Each segment with a `/` before it; of an opaque path, its text.
    pub(crate) path: String,
    pub(crate) has_opaque_path: bool,
    pub(crate) query: Option<String>,
    pub(crate) fragment: Option<String>,
}

/// The port that a scheme has by itself, when the standard knows the scheme; of `file`, none.
fn special(scheme: &str) -> Option<Option<u16>> {
    Some(match scheme {
        "http" | "ws" => Some(80),
        "https" | "wss" => Some(443),
        "ftp" => Some(21),
        "file" => None,
        _ => return None,
    })
}

/// Whether the standard has rules of its own for this scheme.
pub(crate) fn is_special(scheme: &str) -> bool {
    special(scheme).is_some()
}

/// The port that a scheme has by itself.
pub(crate) fn default_port(scheme: &str) -> Option<u16> {
    special(scheme).flatten()
}

impl Record {
    pub(crate) fn is_special(&self) -> bool {
        is_special(&self.scheme)
    }

    pub(crate) fn has_file_scheme(&self) -> bool {
        self.scheme == "file"
    }

    pub(crate) fn has_credentials(&self) -> bool {
        !self.username.is_empty() || !self.password.is_empty()
    }

    /// Whether it has no host that a user, a password or a port could belong to.
    pub(crate) fn cannot_have_credentials(&self) -> bool {
        self.has_file_scheme() || self.host.as_deref().is_none_or(str::is_empty)
    }

    /// Takes the last segment off the path. The drive letter of a file stays.
    pub(crate) fn shorten(&mut self) {
        if self.has_file_scheme() && is_drive_alone(&self.path) {
            return;
        }
        if let Some(last) = self.path.rfind('/') {
            self.path.truncate(last);
        }
    }

    /// The whole URL.
    pub(crate) fn href(&self) -> String {
        let mut text = String::with_capacity(self.weight());
        text.push_str(&self.scheme);
        text.push(':');
        match &self.host {
            Some(host) => {
                text.push_str("//");
                if self.has_credentials() {
                    text.push_str(&self.username);
                    if !self.password.is_empty() {
                        text.push(':');
                        text.push_str(&self.password);
                    }
                    text.push('@');
                }
                text.push_str(host);
                if let Some(port) = self.port {
                    text.push_str(&format!(":{port}"));
                }
            }
            // A path that begins with an empty segment would be read as a host.
            None if !self.has_opaque_path && self.path.starts_with("//") => text.push_str("/."),
            None => {}
        }
        text.push_str(&self.path);
        for (mark, part) in [('?', &self.query), ('#', &self.fragment)] {
            if let Some(part) = part {
                text.push(mark);
                text.push_str(part);
            }
        }
        text
    }

    /// `origin`: what scripts of this URL share with each other.
    pub(crate) fn origin(&self) -> String {
        match (self.scheme.as_str(), default_port(&self.scheme)) {
            (scheme, Some(_)) => format!("{scheme}://{}", self.host()),
            ("blob", None) => crate::parser::parse(&self.path, None)
                .filter(|inner| matches!(inner.scheme.as_str(), "http" | "https"))
                .map_or_else(|| "null".to_owned(), |inner| inner.origin()),
            _ => "null".to_owned(),
        }
    }

    /// `protocol`
    pub(crate) fn protocol(&self) -> String {
        format!("{}:", self.scheme)
    }

    /// `host`: the host name and the port.
    pub(crate) fn host(&self) -> String {
        let name = self.hostname();
        match self.port {
            Some(port) => format!("{name}:{port}"),
            None => name.to_owned(),
        }
    }

    /// `hostname`
    pub(crate) fn hostname(&self) -> &str {
        self.host.as_deref().unwrap_or_default()
    }

    /// `port`
    pub(crate) fn port(&self) -> String {
        self.port.map(|port| port.to_string()).unwrap_or_default()
    }

    /// `search`
    pub(crate) fn search(&self) -> String {
        marked('?', self.query.as_deref())
    }

    /// `hash`
    pub(crate) fn hash(&self) -> String {
        marked('#', self.fragment.as_deref())
    }

    /// About how many bytes it takes.
    pub(crate) fn weight(&self) -> usize {
        let len = |part: &Option<String>| part.as_ref().map_or(0, String::len);
        let texts = [&self.scheme, &self.username, &self.password, &self.path];
        let texts: usize = texts.iter().map(|text| text.len()).sum();
        texts + len(&self.host) + len(&self.query) + len(&self.fragment) + 16
    }
}

/// A part behind its mark; nothing when there is nothing in it.
fn marked(mark: char, part: Option<&str>) -> String {
    match part {
        None | Some("") => String::new(),
        Some(part) => format!("{mark}{part}"),
    }
}

/// Whether a path is a drive letter and nothing else: `/C:`.
fn is_drive_alone(path: &str) -> bool {
    matches!(path.as_bytes(), [b'/', letter, b':'] if letter.is_ascii_alphabetic())
}
