//! The Boa backend: pure Rust, the default.
//!
//! Reading order: `cx` and `value`, then `object`, `function`, `host` and `bytes`, then `engine`, which owns the context.
//! Unsafe code is confined to `host`, `bytes` and `engine`; each block states its reason.

pub(crate) mod args;
mod budget;
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

/// Whether it stops a loop that calls nothing, when a limit of time says so: it must count what it executes for that.
#[cfg(any(test, target_arch = "wasm32"))]
pub(crate) const STOPS_LOOPS: bool = cfg!(feature = "boa-budget");

/// Whether it refuses what would break it.
#[cfg(test)]
pub(crate) const REFUSES: bool = cfg!(feature = "boa-guards");

#[cfg(test)]
mod tests {
    use super::ENGINE;

    #[test]
    fn the_version_is_the_one_in_the_lock_file() {
        let lock = include_str!("../../../../Cargo.lock");
        let package = format!("name = \"boa_engine\"\nversion = \"{}\"", ENGINE.1);
        assert!(
            lock.contains(&package),
            "Cargo.lock has another version than {ENGINE:?}"
        );
    }
}
