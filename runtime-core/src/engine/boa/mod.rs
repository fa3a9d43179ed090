//! The Boa backend: pure Rust, the default.
//!
//! Reading order: `cx` and `value`, then `object`, `function`, `host` and `bytes`, then `engine`, which owns the context.
//! Unsafe code is confined to `host`, `bytes` and `engine`; each block states its reason.

pub(crate) mod args;
pub(crate) mod bytes;
pub(crate) mod cx;
pub(crate) mod engine;
mod entry;
pub(crate) mod error;
pub(crate) mod function;
mod guards;
pub(crate) mod host;
pub(crate) mod inspect;
pub(crate) mod module;
#[cfg(feature = "boa-guards")]
mod nesting;
pub(crate) mod object;
pub(crate) mod persistent;
pub(crate) mod promise;
mod sort;
mod stack;
mod syntax;
mod undefined;
pub(crate) mod value;

/// The engine's name and the version that was compiled in.
pub const ENGINE: (&str, &str) = ("boa", "0.22.0");

/// Whether the Rust file is the engine's own: each of its crates is called so.
pub(crate) fn is_own_source(file: &str) -> bool {
    file.split(['/', '\\']).any(|step| step.starts_with("boa_"))
}

/// Whether it refuses what would break it.
#[cfg(test)]
pub(crate) const REFUSES: bool = cfg!(feature = "boa-guards");

#[cfg(test)]
mod tests {
    use super::{ENGINE, is_own_source};

    /// `vendor/` has a changed copy of one crate: see `patches/README.md` when this fails.
    #[test]
    fn the_engines_crates_are_of_one_version() {
        let lock = include_str!("../../../../Cargo.lock");
        for name in [
            "boa_engine",
            "boa_ast",
            "boa_gc",
            "boa_parser",
            "boa_string",
        ] {
            let package = format!("name = \"{name}\"\nversion = \"{}\"", ENGINE.1);
            assert!(
                lock.contains(&package),
                "Cargo.lock has another version of `{name}` than {}: has upstream the change of `patches/`?",
                ENGINE.1
            );
        }
    }

    #[test]
    fn the_engines_own_sources_are_known_by_their_crates() {
        for file in [
            "/r/boa_engine-0.22.0/src/vm/mod.rs",
            "c:\\r\\boa_gc\\src\\lib.rs",
        ] {
            assert!(is_own_source(file), "{file}");
        }
        assert!(!is_own_source("native/boa.rs"));
    }
}
