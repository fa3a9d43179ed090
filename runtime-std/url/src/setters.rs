//! How a script sets a part of a URL: each by the standard's rules for it. What cannot be set is left as it is.

use crate::percent::{self, encode};
use crate::record::{Record, default_port, is_special};
use crate::{host, parser};

impl Record {
    /// `protocol = text`
    pub(crate) fn set_protocol(&mut self, text: &str) {
        let text = format!("{}:", parser::without_breaks(text));
        let Some((scheme, _)) = parser::scheme(&text) else {
            return;
        };
        let changes_kind = is_special(&scheme) != self.is_special();
        let loses = scheme == "file" && (self.has_credentials() || self.port.is_some());
        let has_no_host = self.has_file_scheme() && self.hostname().is_empty();
        if changes_kind || loses || has_no_host {
            return;
        }
        self.scheme = scheme;
        self.port = self
            .port
            .filter(|port| default_port(&self.scheme) != Some(*port));
    }

    /// `username = text`
    pub(crate) fn set_username(&mut self, text: &str) {
        if !self.cannot_have_credentials() {
            self.username.clear();
            encode(&mut self.username, text, percent::USERINFO);
        }
    }

    /// `password = text`
    pub(crate) fn set_password(&mut self, text: &str) {
        if !self.cannot_have_credentials() {
            self.password.clear();
            encode(&mut self.password, text, percent::USERINFO);
        }
    }

    /// `host = text`: the host name, and the port when there is one.
    pub(crate) fn set_host(&mut self, text: &str) {
        let text = parser::without_breaks(text);
        let Some((name, port)) = self.split_host(&text) else {
            return;
        };
        // A colon without a name changes nothing; behind one without a port nothing follows.
        if port.is_some() && name.is_empty() || !self.replace_host(name) {
            return;
        }
        if let Some(port) = port {
            self.replace_port(port);
        }
    }

    /// `hostname = text`: the name alone.
    pub(crate) fn set_hostname(&mut self, text: &str) {
        let text = parser::without_breaks(text);
        if let Some((name, None)) = self.split_host(&text) {
            self.replace_host(name);
        }
    }

    /// The name and the port in a text that a host is set to; none where there can be no host.
    fn split_host<'t>(&self, text: &'t str) -> Option<(&'t str, Option<&'t str>)> {
        if self.has_opaque_path {
            return None;
        }
        let end = text.find(['?', '#']).unwrap_or(text.len());
        let text = &text[..end];
        let text = &text[..parser::end_of_authority(text, self.is_special())];
        Some(match self.has_file_scheme() {
            true => (text, None),
            false => parser::split_port(text),
        })
    }

    /// Takes another host, when `name` is one.
    fn replace_host(&mut self, name: &str) -> bool {
        let host = match name.is_empty() {
            _ if self.has_file_scheme() => parser::file_host_name(name),
            true if self.is_special() || self.has_credentials() || self.port.is_some() => None,
            true => Some(String::new()),
            false => host::parse(name, self.is_special()),
        };
        let is_host = host.is_some();
        self.host = host.or_else(|| self.host.take());
        is_host
    }

    /// `port = text`
    pub(crate) fn set_port(&mut self, text: &str) {
        if self.cannot_have_credentials() {
            return;
        }
        match text.is_empty() {
            true => self.port = None,
            false => self.replace_port(&parser::without_breaks(text)),
        }
    }

    /// Takes the port of the digits that `text` begins with.
    fn replace_port(&mut self, text: &str) {
        let end = text
            .find(|c: char| !c.is_ascii_digit())
            .unwrap_or(text.len());
        if let Some(port) = (end > 0).then(|| parser::number_of_port(&text[..end], &self.scheme)) {
            self.port = port.unwrap_or(self.port);
        }
    }

    /// `pathname = text`
    pub(crate) fn set_pathname(&mut self, text: &str) {
        if self.has_opaque_path {
            return;
        }
        self.path.clear();
        let text = parser::without_breaks(text);
        parser::path_start(self, &text);
        if self.path.is_empty() && self.host.is_none() {
            self.path.push('/');
        }
    }

    /// `search = text`
    pub(crate) fn set_search(&mut self, text: &str) {
        let is_special = self.is_special();
        let query = text.strip_prefix('?').unwrap_or(text);
        self.query = (!text.is_empty())
            .then(|| parser::encoded_query(&parser::without_breaks(query), is_special));
    }

    /// `hash = text`
    pub(crate) fn set_hash(&mut self, text: &str) {
        let fragment = text.strip_prefix('#').unwrap_or(text);
        self.fragment =
            (!text.is_empty()).then(|| parser::encoded_fragment(&parser::without_breaks(fragment)));
    }
}
