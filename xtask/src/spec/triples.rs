//! Target triples: which there are, and which can be built for.
//!
//! The boundary: names. Whether this machine has what a triple needs is asked by `doctor` and by cargo.

use runtime_core::tables::Mistake;

use crate::diagnostics::nearest;

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
        let near =
            nearest(triple, KNOWN.lines().chain([HOST])).or_else(|| with_the_parts_of(triple));
        return no(
            format!("unknown target triple `{triple}`"),
            &match near {
                Some(near) => format!("did you mean `{near}`?"),
                None => "`host` is this machine; `rustc --print target-list` prints the others"
                    .to_owned(),
            },
        );
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

/// The shortest triple that has every part: `x86_64-linux-gnu` lacks only its vendor.
fn with_the_parts_of(triple: &str) -> Option<&'static str> {
    let has = |known: &&str| {
        triple
            .split('-')
            .all(|part| known.split('-').any(|other| other == part))
    };
    KNOWN.lines().filter(has).min_by_key(|known| known.len())
}

#[cfg(test)]
mod tests {
    use super::*;

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
