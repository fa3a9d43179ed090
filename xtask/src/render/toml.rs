//! Pieces of a generated manifest.

use super::encode::{self, Code, Language};

/// A string.
pub(super) fn string(text: &str) -> Code {
    encode::literal(Language::Toml, text)
}

/// A line of `[dependencies]` that is Tailor's own.
pub(super) fn line(name: &'static str, value: &'static str) -> Code {
    code(format!("{name} = {value}"))
}

/// A dependency on a version.
pub(super) fn version(package: &str, version: &str) -> Code {
    code(format!("{} = {}", key(package), string(version)))
}

/// A dependency on a folder.
pub(super) fn folder(package: &str, path: &str) -> Code {
    code(format!("{} = {{ path = {} }}", key(package), string(path)))
}

/// A dependency on a folder, with these features alone.
pub(crate) fn featured<'f>(
    package: &str,
    path: &str,
    features: impl Iterator<Item = &'f str>,
) -> Code {
    let features: Vec<String> = features.map(|name| string(name).to_string()).collect();
    let features = match features.as_slice() {
        [] => String::new(),
        features => format!(", features = [{}]", features.join(", ")),
    };
    code(format!(
        "{} = {{ path = {}, default-features = false{features} }}",
        key(package),
        string(path),
    ))
}

/// A key: bare where it can be.
fn key(name: &str) -> Code {
    let is_bare = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    match !name.is_empty() && name.chars().all(is_bare) {
        true => code(name),
        false => string(name),
    }
}

fn code(text: impl Into<String>) -> Code {
    Code::made(Language::Toml, text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_versions_stay_what_they_are() {
        let line = version("a b\" = 1\n[x]", "1\"\n");
        let read: toml::Table = line.as_str().parse().expect("one line of TOML");
        assert_eq!(read.len(), 1);
        assert_eq!(read["a b\" = 1\n[x]"].as_str(), Some("1\"\n"));
        assert_eq!(folder("a", "b").as_str(), "a = { path = \"b\" }");
    }
}
