//! Target triples: which there are, and which can be built for.
//!
//! The boundary: names. Whether this machine has what a triple needs is asked by `doctor` and by cargo.

use runtime_core::tables::Mistake;

use crate::diagnostics::{list, nearest};

/// What `rustc --print target-list` of the workspace's `rust-version` prints, so that no compiler is run to check a spec.
const KNOWN: &str = include_str!("triples.txt");

/// The word for the machine that builds.
pub const HOST: &str = "host";

/// Judges a triple.
pub fn check(triple: &str) -> Result<(), Mistake> {
    let no = |what: String, help: &str| {
        Err(Mistake {
            what,
            help: help.to_owned(),
            at: 0..triple.len(),
        })
    };
    if triple == HOST {
        return Ok(());
    }
    if !KNOWN.lines().any(|known| known == triple) {
        return no(format!("unknown target triple `{triple}`"), &meant(triple));
    }
    if triple.starts_with("wasm") {
        return no(
            format!("`{triple}` belongs to the target `wasm`"),
            "`targets.native` is for desktops, servers and devices",
        );
    }
    if triple.contains("android") {
        return no(
            format!("`{triple}` belongs to the target `android`"),
            "list its ABI in `targets.android.abis`, and build with `--target android`",
        );
    }
    if ["-none", "-uefi", "-cuda", "-amdhsa", "-psp", "-solana"]
        .iter()
        .any(|part| triple.contains(part))
    {
        return no(
            format!("`{triple}` is not supported: it has no operating system"),
            "a runtime needs files, threads and a clock; choose a triple with an operating system",
        );
    }
    Ok(())
}

/// The systems that runtimes are usually built for, by the words that people use, and their triples.
const SYSTEMS: &[(&[&str], &[&str])] = &[
    (
        &["linux", "gnu", "ubuntu", "debian"],
        &[
            "x86_64-unknown-linux-gnu",
            "aarch64-unknown-linux-gnu",
            "x86_64-unknown-linux-musl",
            "aarch64-unknown-linux-musl",
        ],
    ),
    (
        &["macos", "mac", "darwin", "osx", "apple"],
        &["aarch64-apple-darwin", "x86_64-apple-darwin"],
    ),
    (
        &["windows", "win", "win32", "win64", "msvc"],
        &["x86_64-pc-windows-msvc", "aarch64-pc-windows-msvc"],
    ),
    (&["freebsd"], &["x86_64-unknown-freebsd"]),
];

/// Kinds of processor by other names than rustc's.
const PROCESSORS: &[(&str, &str)] = &[
    ("amd64", "x86_64"),
    ("x64", "x86_64"),
    ("arm64", "aarch64"),
    ("armv8", "aarch64"),
];

/// How to mend a triple that does not exist.
fn meant(triple: &str) -> String {
    if let Some(near) = nearest(triple, KNOWN.lines().chain([HOST])) {
        return format!("did you mean `{near}`?");
    }
    let lower = triple.to_lowercase();
    let parts: Vec<&str> = lower
        .split(['-', '_', '/'])
        .filter(|part| !part.is_empty())
        .collect();
    let is_word = |words: &&[&str]| parts.iter().any(|part| words.contains(part));
    let system = SYSTEMS.iter().find(|(words, _)| is_word(words));
    if let Some((_, triples)) = system {
        let renamed = PROCESSORS.iter().find(|(word, _)| lower.starts_with(word));
        let first = lower.split('-').next().unwrap_or_default();
        let processor = renamed.map_or(first, |(_, processor)| *processor);
        let of_processor: Vec<&str> = triples
            .iter()
            .copied()
            .filter(|known| known.split('-').next() == Some(processor))
            .collect();
        let triples = match of_processor.is_empty() {
            true => triples.to_vec(),
            false => of_processor,
        };
        return format!("usual triples: {}", list(&triples));
    }
    "`host` is this machine; `rustc --print target-list` prints the others".to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_that_names_a_system_gives_its_usual_triples() {
        let rows = [
            (
                "linux",
                "usual triples: `x86_64-unknown-linux-gnu`, `aarch64-unknown-linux-gnu`, ",
            ),
            (
                "x86_64-linux",
                "usual triples: `x86_64-unknown-linux-gnu` and `x86_64-unknown-linux-musl`",
            ),
            ("arm64-macos", "usual triples: `aarch64-apple-darwin`"),
            (
                "windows",
                "usual triples: `x86_64-pc-windows-msvc` and `aarch64-pc-windows-msvc`",
            ),
            (
                "x86_64-unknow-linux-gnu",
                "did you mean `x86_64-unknown-linux-gnu`?",
            ),
            ("toaster", "`host` is this machine"),
        ];
        for (triple, begins) in rows {
            let said = meant(triple);
            assert!(said.starts_with(begins), "{triple}: {said}");
        }
        for triple in SYSTEMS.iter().flat_map(|(_, triples)| *triples) {
            assert!(check(triple).is_ok(), "{triple}");
        }
    }

    #[test]
    fn triples() {
        // triple, what is said ("" where it is right)
        let rows = [
            ("host", ""),
            ("x86_64-unknown-linux-gnu", ""),
            ("aarch64-apple-darwin", ""),
            ("x86_64-unknow-linux-gnu", "unknown target triple"),
            ("linux", "unknown target triple"),
            ("wasm32-unknown-unknown", "belongs to the target `wasm`"),
            ("aarch64-linux-android", "belongs to the target `android`"),
            ("thumbv7em-none-eabi", "not supported"),
        ];
        for (triple, part) in rows {
            match check(triple) {
                Ok(()) => assert_eq!(part, "", "{triple}"),
                Err(mistake) => assert!(
                    !part.is_empty() && mistake.what.contains(part),
                    "{triple}: {}",
                    mistake.what
                ),
            }
        }
    }
}
