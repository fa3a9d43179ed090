//! Module URLs: what the module cache is keyed by, what `import.meta.url` says, and how stacks show it.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use crate::error::JsError;

/// The resolved URL of a module: `file:///…` of a file, its specifier of a native module, `app:///…` of a file of the app inside, `<eval>` of code at hand. The same file
/// as JSON is another module, marked by a fragment that no path can contain.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct ModuleUrl(String);

const JSON: &str = "#json";
const NATIVE: &str = "native:";
const APP: &str = "app:///";

impl ModuleUrl {
    /// The URL of a file.
    pub(crate) fn file(path: &Path) -> Self {
        let mut url = String::from("file://");
        let text = path.to_string_lossy();
        let text = if cfg!(windows) {
            Cow::Owned(format!("/{}", text.replace('\\', "/")))
        } else {
            text
        };
        for byte in text.bytes() {
            match byte {
                b'a'..=b'z'
                | b'A'..=b'Z'
                | b'0'..=b'9'
                | b'/'
                | b'-'
                | b'.'
                | b'_'
                | b'~'
                | b'!'
                | b'$'
                | b'&'
                | b'\''
                | b'('
                | b')'
                | b'*'
                | b'+'
                | b','
                | b';'
                | b'='
                | b':'
                | b'@' => url.push(char::from(byte)),
                other => {
                    let _ = write!(url, "%{other:02X}");
                }
            }
        }
        Self(url)
    }

    /// The URL of a native module.
    pub(crate) fn native(specifier: &str) -> Self {
        Self(format!("{NATIVE}{specifier}"))
    }

    /// The URL of a file of the app that ships inside the runtime.
    pub(crate) fn app(path: &str) -> Self {
        Self(format!("{APP}{path}"))
    }

    /// The path below the app's folder, of a file of the app.
    pub(crate) fn as_app(&self) -> Option<&str> {
        self.as_str().strip_prefix(APP)
    }

    /// The URL of code that is no file: `<eval>`.
    pub(crate) fn code(name: &str) -> Self {
        Self(name.to_owned())
    }

    /// The URL of the module that stacks call `name`: a path is a file's.
    pub(crate) fn of(name: &str) -> Self {
        match Path::new(name).is_absolute() {
            true => Self::file(Path::new(name)),
            false => Self::code(name),
        }
    }

    /// The same file as a JSON module.
    pub(crate) fn as_json(&self) -> Self {
        Self(format!("{}{JSON}", self.0))
    }

    /// Whether it is a JSON module.
    pub(crate) fn is_json(&self) -> bool {
        self.0.ends_with(JSON)
    }

    /// The specifier, of a native module.
    pub(crate) fn as_native(&self) -> Option<&str> {
        self.0.strip_prefix(NATIVE)
    }

    /// What `import.meta.url` says.
    pub(crate) fn as_str(&self) -> &str {
        self.0.strip_suffix(JSON).unwrap_or(&self.0)
    }

    /// How people read it: the path of a file, the specifier of a native module.
    pub(crate) fn display(&self) -> Cow<'_, str> {
        match (self.to_path(), self.as_native()) {
            (Some(path), _) => Cow::Owned(path.to_string_lossy().into_owned()),
            (None, Some(specifier)) => Cow::Borrowed(specifier),
            (None, None) => Cow::Borrowed(self.as_str()),
        }
    }

    /// The path, of a file.
    pub(crate) fn to_path(&self) -> Option<PathBuf> {
        Self::parse_file(self.as_str())
    }

    /// The path that a `file:` URL names; none when it is malformed or of another host.
    pub(crate) fn parse_file(url: &str) -> Option<PathBuf> {
        let rest = url.strip_prefix("file://")?;
        let rest = rest.strip_prefix("localhost").unwrap_or(rest);
        let path = rest.split(['?', '#']).next()?;
        if !path.starts_with('/') {
            return None;
        }
        let mut bytes = Vec::with_capacity(path.len());
        let mut left = path.bytes();
        while let Some(byte) = left.next() {
            if byte != b'%' {
                bytes.push(byte);
                continue;
            }
            let digits = [left.next()?, left.next()?];
            let digits = std::str::from_utf8(&digits).ok()?;
            bytes.push(
                u8::from_str_radix(digits, 16)
                    .ok()
                    .filter(|byte| *byte != 0)?,
            );
        }
        let text = String::from_utf8(bytes).ok()?;
        Some(PathBuf::from(if cfg!(windows) {
            text.trim_start_matches('/').to_owned()
        } else {
            text
        }))
    }
}

/// JSON is imported as what it is, or not at all.
pub(crate) fn attribute_missing(specifier: &str) -> JsError {
    JsError::type_error(format!(
        "`{specifier}` is JSON and needs an import attribute: import … from \"{specifier}\" with {{ type: \"json\" }}"
    ))
    .with_code("ERR_IMPORT_ATTRIBUTE_MISSING")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_url_goes_there_and_back() {
        for path in ["/a/b.js", "/with space/ü%.js", "/a#b?c.js"] {
            let url = ModuleUrl::file(Path::new(path));
            assert_eq!(url.to_path(), Some(PathBuf::from(path)), "{}", url.as_str());
            assert_eq!(ModuleUrl::file(Path::new(&*url.display())), url);
        }
    }

    #[test]
    fn a_file_url_of_another_host_or_with_a_zero_byte_is_none() {
        for url in [
            "file://host/a.js",
            "file:a.js",
            "file:///a%00.js",
            "file:///a%zz.js",
        ] {
            assert_eq!(ModuleUrl::parse_file(url), None, "{url}");
        }
    }

    #[test]
    fn json_is_another_module_of_the_same_file() {
        let url = ModuleUrl::file(Path::new("/a.json"));
        assert_ne!(url, url.as_json());
        assert_eq!(url.as_json().as_str(), url.as_str());
        assert_eq!(url.as_json().to_path(), Some(PathBuf::from("/a.json")));
    }
}
