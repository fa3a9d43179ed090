//! The public symbols of Android's system libraries, where there is no NDK to ask.
//!
//! The boundary: the checked-in lists. What is linked against them is `bare`'s business.

use std::collections::BTreeSet;

use crate::spec::Abi;

/// The libraries of the system that a runtime may need.
pub(crate) const LIBRARIES: &[&str] = &["libc.so", "libm.so", "libdl.so", "liblog.so"];

/// The API level that the lists are of.
pub(crate) const LEVEL: u32 = 23;

const ARM64: &str = include_str!("../../../../templates/android/symbols/api-23-arm64-v8a.txt");

/// The list for an ABI, where there is one.
fn list(abi: Abi) -> Option<Vec<Library>> {
    match abi {
        Abi::Arm64V8a => Some(parse(ARM64)),
        Abi::ArmeabiV7a | Abi::X86_64 | Abi::X86 => None,
    }
}

/// The lists by which a library for an ABI and an API level can be linked without the NDK.
pub(crate) fn libraries(abi: Abi, min_sdk: u32) -> Option<Vec<Library>> {
    list(abi).filter(|_| min_sdk >= LEVEL)
}

/// A library and what it defines.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Library {
    /// Its file, which is its soname too.
    pub(crate) name: &'static str,
    /// Its public symbols.
    pub(crate) symbols: BTreeSet<&'static str>,
}

/// Reads a list: `[libc.so]`, then names; `#` begins a remark.
fn parse(text: &'static str) -> Vec<Library> {
    let mut libraries: Vec<Library> = Vec::new();
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        if let Some(name) = line
            .strip_prefix('[')
            .and_then(|line| line.strip_suffix(']'))
        {
            let symbols = BTreeSet::new();
            libraries.push(Library { name, symbols });
        } else if let Some(library) = libraries.last_mut() {
            library.symbols.extend(line.split_whitespace());
        }
    }
    libraries
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_has_every_library_and_no_private_symbol() {
        let libraries = list(Abi::Arm64V8a).expect("there is a list");
        let names: Vec<&str> = libraries.iter().map(|library| library.name).collect();
        assert_eq!(names, LIBRARIES);
        let all: Vec<&str> = libraries
            .iter()
            .flat_map(|library| &library.symbols)
            .copied()
            .collect();
        for public in [
            "malloc",
            "__libc_init",
            "pow",
            "dlsym",
            "__android_log_write",
        ] {
            assert!(all.contains(&public), "{public}");
        }
        for private in ["LIBC", "LIBC_PRIVATE", "_end", "dlmalloc_trim"] {
            assert!(!all.contains(&private), "{private}");
        }
        let is_name = |name: &str| name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
        assert!(all.iter().all(|name| is_name(name)), "{all:?}");
    }

    #[test]
    fn only_what_there_is_a_list_of_can_be_linked() {
        assert!(libraries(Abi::Arm64V8a, 23).is_some_and(|list| list.len() == 4));
        assert!(libraries(Abi::Arm64V8a, 34).is_some());
        assert!(libraries(Abi::X86_64, 23).is_none());
    }
}
