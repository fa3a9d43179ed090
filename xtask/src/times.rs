//! Where the minutes of a test run go: each test binary, each build that a test asks for, and each
//! crate that was compiled for them.
//!
//! The boundary: a file of lines, one for each build, which the processes of a test run append to,
//! and a table made of it. Nothing is measured unless `cargo xtask test` names the file.

use std::collections::BTreeMap;
use std::fs::OpenOptions;
use std::io::Write as _;
use std::path::Path;
use std::time::Duration;

use crate::text::{columns, spoken};

/// The environment variable that names the file.
const FILE: &str = "TAILOR_TIMES";

/// How many rows each table has at the most.
const ROWS: usize = 12;

/// One run of cargo on a generated crate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct BuildTime {
    /// The runtime, its triple and its profile.
    pub(crate) what: String,
    /// How long it took.
    pub(crate) took: Duration,
    /// The packages that were compiled, and not found compiled already.
    pub(crate) compiled: Vec<String>,
}

/// One test binary.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct BinaryTime {
    /// The suite and the binary: `xtask: tests/building.rs`.
    pub(crate) what: String,
    /// How long its tests took, with the builds that they asked for.
    pub(crate) took: Duration,
}

/// Lets every process of this test run append to `file`, which is emptied.
pub(crate) fn begin(file: &Path) {
    // A file that cannot be written costs the table and no test.
    let _ = std::fs::write(file, "");
}

/// The variable for a child process.
pub(crate) fn variable(file: &Path) -> (&'static str, &Path) {
    (FILE, file)
}

/// Appends a build, where a test run asked for it.
pub(crate) fn note(build: &BuildTime) {
    let Some(file) = std::env::var_os(FILE) else {
        return;
    };
    if let Ok(mut file) = OpenOptions::new().append(true).open(file) {
        // One write, so that lines of several processes do not mix.
        let _ = file.write_all(line(build).as_bytes());
    }
}

fn line(build: &BuildTime) -> String {
    format!(
        "{}\t{}\t{}\n",
        build.took.as_millis(),
        build.what,
        build.compiled.join(" ")
    )
}

fn parse(line: &str) -> Option<BuildTime> {
    let mut parts = line.split('\t');
    let millis = parts.next()?.parse().ok()?;
    Some(BuildTime {
        what: parts.next()?.to_owned(),
        took: Duration::from_millis(millis),
        compiled: parts
            .next()?
            .split_whitespace()
            .map(str::to_owned)
            .collect(),
    })
}

/// The builds that were noted in `file`.
pub(crate) fn builds(file: &Path) -> Vec<BuildTime> {
    let text = std::fs::read_to_string(file).unwrap_or_default();
    text.lines().filter_map(parse).collect()
}

/// The table: the slowest test binaries and builds, and what was compiled most often.
pub(crate) fn table(mut binaries: Vec<BinaryTime>, mut builds: Vec<BuildTime>) -> String {
    binaries.sort_by_key(|binary| std::cmp::Reverse(binary.took));
    builds.sort_by_key(|build| std::cmp::Reverse(build.took));
    let in_builds: Duration = builds.iter().map(|build| build.took).sum();
    let in_binaries: Duration = binaries.iter().map(|binary| binary.took).sum();
    let mut text = format!(
        "\nwhere the time goes\n  {} test binaries, {}; in them {} builds of runtimes, {} added up\n",
        binaries.len(),
        spoken(in_binaries),
        builds.len(),
        spoken(in_builds),
    );
    let slowest: Vec<[String; 2]> = binaries
        .iter()
        .take(ROWS)
        .map(|binary| [format!("  {}", spoken(binary.took)), binary.what.clone()])
        .collect();
    text.push_str(&columns(&slowest));
    if builds.is_empty() {
        return text;
    }
    text.push_str("  the slowest builds\n");
    let slowest: Vec<[String; 3]> = builds
        .iter()
        .take(ROWS)
        .map(|build| {
            [
                format!("  {}", spoken(build.took)),
                build.what.clone(),
                format!("{} packages compiled", build.compiled.len()),
            ]
        })
        .collect();
    text.push_str(&columns(&slowest));
    text.push_str("  packages that builds of runtimes compiled most often\n");
    let mut packages: BTreeMap<&str, usize> = BTreeMap::new();
    for package in builds.iter().flat_map(|build| &build.compiled) {
        *packages.entry(package).or_default() += 1;
    }
    let mut packages: Vec<_> = packages.into_iter().collect();
    packages.sort_by_key(|(name, times)| (std::cmp::Reverse(*times), *name));
    let most: Vec<[String; 2]> = packages
        .iter()
        .take(ROWS)
        .map(|(name, times)| [format!("  {times} times"), (*name).to_owned()])
        .collect();
    text.push_str(&columns(&most));
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn build(what: &str, seconds: u64, compiled: &[&str]) -> BuildTime {
        BuildTime {
            what: what.to_owned(),
            took: Duration::from_secs(seconds),
            compiled: compiled.iter().map(|name| (*name).to_owned()).collect(),
        }
    }

    #[test]
    fn a_line_is_read_as_it_was_written() {
        let build = build("limited, host, debug", 7, &["boa_engine", "limited"]);
        assert_eq!(parse(line(&build).trim_end()), Some(build));
        assert_eq!(parse("half a line"), None);
    }

    #[test]
    fn the_table_says_what_is_slow_and_what_is_compiled_often() {
        let binaries = vec![
            BinaryTime {
                what: "boa: src/lib.rs".to_owned(),
                took: Duration::from_secs(3),
            },
            BinaryTime {
                what: "xtask: tests/building.rs".to_owned(),
                took: Duration::from_secs(20),
            },
        ];
        let builds = vec![
            build("a, host, debug", 5, &["runtime-core", "a"]),
            build("b, host, debug", 9, &["runtime-core", "b"]),
        ];
        assert_eq!(
            table(binaries, builds),
            "\nwhere the time goes\n  2 test binaries, 23 s; in them 2 builds of runtimes, 14 s added up\n\
             \x20 20 s   xtask: tests/building.rs\n  3.0 s  boa: src/lib.rs\n\
             \x20 the slowest builds\n\
             \x20 9.0 s  b, host, debug  2 packages compiled\n  5.0 s  a, host, debug  2 packages compiled\n\
             \x20 packages that builds of runtimes compiled most often\n\
             \x20 2 times  runtime-core\n  1 times  a\n  1 times  b\n"
        );
    }
}
