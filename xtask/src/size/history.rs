//! What the last builds weighed: one small file for each runtime, so that a change can be seen.

use std::fs;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::{Part, SizeReport};
use crate::diagnostics::Report;
use crate::files::replace;

/// How many builds are remembered.
const KEPT: usize = 50;

/// One build.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub(crate) struct Entry {
    /// The platform.
    pub(crate) triple: String,
    /// The profile.
    pub(crate) profile: String,
    /// The length of the file.
    pub(crate) total: u64,
    /// Where it went.
    pub(crate) parts: Vec<Part>,
}

impl Entry {
    /// What is remembered of a report.
    pub(crate) fn of(report: &SizeReport, triple: &str, profile: &str) -> Self {
        Self {
            triple: triple.to_owned(),
            profile: profile.to_owned(),
            total: report.total,
            parts: report.parts.clone(),
        }
    }

    fn is_like(&self, other: &Self) -> bool {
        self.triple == other.triple && self.profile == other.profile
    }

    /// The bytes of a part; a part that was not there had none.
    pub(crate) fn bytes_of(&self, part: &Part) -> u64 {
        let same = self
            .parts
            .iter()
            .find(|old| old.group == part.group && old.name == part.name);
        same.map_or(0, |old| old.bytes)
    }
}

/// The builds that are remembered, the oldest first.
pub(crate) fn read(path: &Path) -> Vec<Entry> {
    // A history that cannot be read is one that begins today.
    fs::read(path)
        .ok()
        .and_then(|bytes| serde_json::from_slice(&bytes).ok())
        .unwrap_or_default()
}

/// Remembers a build; the same build again is not a new one.
pub(crate) fn remember(path: &Path, entry: Entry) -> Result<(), Report> {
    let mut entries = read(path);
    if entries.iter().rfind(|old| old.is_like(&entry)) == Some(&entry) {
        return Ok(());
    }
    entries.push(entry);
    let first = entries.len().saturating_sub(KEPT);
    let bytes = serde_json::to_vec(&entries[first..]).unwrap_or_default();
    replace("the history of sizes", path, &bytes).map(|_| ())
}

/// The last build for the same platform and profile that was not the same.
pub(crate) fn before<'h>(entries: &'h [Entry], now: &Entry) -> Option<&'h Entry> {
    entries.iter().rfind(|old| old.is_like(now) && *old != now)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::size::Group;

    fn entry(profile: &str, bytes: u64) -> Entry {
        Entry {
            triple: "t".to_owned(),
            profile: profile.to_owned(),
            total: bytes,
            parts: vec![Part {
                group: Group::Modules,
                name: "fs".to_owned(),
                bytes,
            }],
        }
    }

    #[test]
    fn a_build_is_compared_with_the_last_other_one_of_its_kind() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("sizes.json");
        for entry in [
            entry("size", 1),
            entry("size", 1),
            entry("debug", 7),
            entry("size", 3),
            entry("size", 3),
        ] {
            remember(&path, entry).expect("remembered");
        }
        let entries = read(&path);
        assert_eq!(entries.len(), 3);
        assert_eq!(before(&entries, &entry("size", 3)), Some(&entry("size", 1)));
        assert_eq!(before(&entries, &entry("debug", 7)), None);
        assert_eq!(entries[0].bytes_of(&entry("size", 3).parts[0]), 1);
    }
}
