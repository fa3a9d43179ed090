//! Specs that include each other: any files are read within bounds, and every mistake is at bytes that exist.
//!
//! An input is some files in one folder: each begins after a line `#= name.toml`, and what stands before the first such line is
//! `runtime.toml`. The boundary: the reader of specs, with a disk; a name is one of those that the input gives, whatever it includes.

use std::fs;
use std::path::Path;

use xtask::pipeline;
use xtask::spec::Target as Platform;

use crate::Target;
use crate::spec::{builds, catalog, explains};

pub(crate) const TARGET: Target = Target {
    name: "includes",
    run,
    more_seeds: &[],
    extension: ".toml",
    words: &[
        "#= a.toml\n",
        "#= b.toml\n",
        "#= c.toml\n",
        "include = [\"a.toml\"]\n",
        "include = [\"b.toml\", \"c.toml\", \"a.toml\"]\n",
        "include = [\"./a.toml\", \"a.toml\"]\n",
        "include = [\"../runtime.toml\"]\n",
        "include = [\"runtime.toml\"]\n",
        "include = [\"missing.toml\"]\n",
        "include = [\".\"]\n",
        "include = [\"/dev/zero\"]\n",
        "[runtime]\nname = \"x\"\n",
        "[modules]\nconsole = true\n",
        "greet = { path = \"a.toml\" }\n",
        "[[[[",
        "\0",
    ],
    inputs: 500,
};

/// How many files an input has at the most.
const FILES: usize = 16;

fn run(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let folder = tempfile::tempdir().expect("a folder can be made");
    let mut name = "runtime.toml".to_owned();
    let mut files = vec![(name.clone(), String::new())];
    for line in text.split_inclusive('\n') {
        match line.trim_end().strip_prefix("#= ") {
            Some(next) if is_name(next) && files.len() < FILES => {
                next.clone_into(&mut name);
                files.push((name.clone(), String::new()));
            }
            _ => files.last_mut().expect("there is one").1.push_str(line),
        }
    }
    for (name, text) in &files {
        fs::write(folder.path().join(name), text).expect("a file can be written");
    }
    check(&folder.path().join("runtime.toml"));
}

fn is_name(name: &str) -> bool {
    let is_plain = |c: char| c.is_ascii_lowercase() || c == '.';
    name.ends_with(".toml") && name.chars().all(is_plain) && !name.starts_with('.')
}

fn check(path: &Path) {
    match pipeline::check("runtime.toml", path, &[], Platform::Native, catalog()) {
        Err(report) => {
            assert!(report.has_errors(), "a refusal says why: {report:?}");
            explains(&report);
        }
        Ok(checked) => {
            explains(&checked.warnings());
            builds(&checked);
        }
    }
}
