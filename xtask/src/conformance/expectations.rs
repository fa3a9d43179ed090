//! Which tests of a suite fail on an engine, each with the reason, and what is not run at all.
//!
//! The boundary: a text in TOML, `tests/conformance/<suite>.<engine>.toml`. A reason is written by a
//! person; what was expected to fail and passes is stale, and fails a run.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

/// The text of an expectation file.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    /// What is not run.
    #[serde(default)]
    skip: Vec<Skip>,
    /// What fails.
    #[serde(default)]
    fails: Vec<Fails>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Skip {
    /// Why it is not run.
    why: String,
    /// Features of the language, as the suite names them.
    #[serde(default)]
    features: Vec<String>,
    /// Folders, with a `/` at the end.
    #[serde(default)]
    folders: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Fails {
    /// Why it fails.
    why: String,
    /// Names of tests. One that ends with `/` stands for a folder, of whose tests some fail.
    tests: Vec<String>,
}

/// What is known of a suite on an engine.
#[derive(Debug, Default)]
pub(crate) struct Expectations {
    features: BTreeSet<String>,
    folders: Vec<String>,
    tests: BTreeMap<String, String>,
}

impl Expectations {
    /// Reads an expectation file. An error is a text for a person.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let file: File = toml::from_str(text).map_err(|error| error.to_string())?;
        let mut expectations = Self::default();
        for skip in file.skip {
            if skip.why.trim().is_empty() {
                return Err("a `[[skip]]` has no reason in `why`".to_owned());
            }
            expectations.features.extend(skip.features);
            expectations.folders.extend(skip.folders);
        }
        for fails in file.fails {
            if fails.why.trim().is_empty() {
                return Err("a `[[fails]]` has no reason in `why`".to_owned());
            }
            for test in fails.tests {
                if expectations.tests.contains_key(&test) {
                    return Err(format!("`{test}` is listed twice"));
                }
                expectations.tests.insert(test, fails.why.clone());
            }
        }
        Ok(expectations)
    }

    /// The entry that expects a test to fail: its own, that of all its variants, or that of the
    /// nearest folder.
    pub(crate) fn find(&self, name: &str) -> Option<&str> {
        let whole = name.split_once('?').filter(|_| !name.contains(" | "));
        let own = self
            .tests
            .get_key_value(name)
            .or_else(|| self.tests.get_key_value(whole?.0));
        let path = name.split(['?', '|']).next().unwrap_or(name).trim();
        let ends = path.rmatch_indices('/').map(|(at, _)| at + 1);
        let folder = || {
            ends.into_iter()
                .find_map(|end| self.tests.get_key_value(&path[..end]))
        };
        own.or_else(folder).map(|(entry, _)| entry.as_str())
    }

    /// Every entry.
    pub(crate) fn entries(&self) -> impl Iterator<Item = &str> {
        self.tests.keys().map(String::as_str)
    }

    /// Whether a test is not run because of where it lies or of what it is about.
    pub(crate) fn skips(&self, path: &str, features: &[String]) -> bool {
        self.folders
            .iter()
            .any(|folder| path.starts_with(folder.as_str()))
            || features
                .iter()
                .any(|feature| self.features.contains(feature))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_test_is_found_by_its_name_or_its_nearest_folder() {
        let text = "[[skip]]\nwhy = \"later\"\nfeatures = [\"Temporal\"]\nfolders = [\"intl/\"]\n\
            [[fails]]\nwhy = \"one\"\ntests = [\"a/\", \"a/b/\", \"a/b/c.js | two words\", \"a/b/d.js\"]\n";
        let expectations = Expectations::parse(text).expect("it is well formed");
        let check =
            |name, expect: Option<&str>| assert_eq!(expectations.find(name), expect, "{name}");
        check("a/x.js", Some("a/"));
        check("a/b/x.js?v=a/", Some("a/b/"));
        check("a/b/d.js?strict", Some("a/b/d.js"));
        check("a/b/c.js | two words", Some("a/b/c.js | two words"));
        check("b/a/x.js", None);
        assert!(expectations.skips("intl/x.js", &[]));
        assert!(expectations.skips("a/x.js", &["Temporal".to_owned()]));
        assert!(!expectations.skips("a/x.js", &["let".to_owned()]));
    }

    #[test]
    fn an_expectation_needs_a_reason_and_stands_once() {
        let bad = |text| Expectations::parse(text).expect_err("it is wrong");
        assert!(bad("[[fails]]\nwhy = \" \"\ntests = []\n").contains("no reason"));
        let twice = "[[fails]]\nwhy = \"x\"\ntests = [\"a\", \"a\"]\n";
        assert_eq!(bad(twice), "`a` is listed twice");
        assert!(bad("[[fail]]\nwhy = \"x\"\n").contains("unknown field"));
    }
}
