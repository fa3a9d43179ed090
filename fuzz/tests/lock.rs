//! The lock file of this workspace pins what the main one pins: what is fuzzed is what ships, and it is compiled once.

use std::collections::BTreeSet;
use std::path::Path;

/// `name version` of every package that a lock file pins from a registry.
fn pinned(path: &str) -> BTreeSet<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    let text = std::fs::read_to_string(path).expect("a workspace has a lock file");
    let packages = text.split("[[package]]\n").skip(1);
    let value = |package: &str, key: &str| {
        let mut lines = package.lines();
        let value = lines.find_map(|line| line.strip_prefix(key)?.strip_prefix(" = "));
        value.map(|value| value.trim_matches('"').to_owned())
    };
    packages
        .filter(|package| value(package, "source").is_some())
        .map(|package| {
            let of = |key| value(package, key).expect("a package has a name and a version");
            format!("{} {}", of("name"), of("version"))
        })
        .collect()
}

/// What only the fuzzer needs.
const OWN: &[&str] = &["arbitrary", "jobserver", "libfuzzer-sys"];

#[test]
fn versions_are_those_of_the_main_workspace() {
    let main = pinned("../Cargo.lock");
    let is_own = |package: &String| OWN.iter().any(|own| package.split(' ').next() == Some(own));
    let other: Vec<String> = pinned("Cargo.lock")
        .into_iter()
        .filter(|package| !main.contains(package) && !is_own(package))
        .collect();
    assert!(
        other.is_empty(),
        "copy `Cargo.lock` over `fuzz/Cargo.lock` and let `cargo metadata` add the rest: {other:?}"
    );
}
