//! The QuickJS backend: small and fast, written in C.
//!
//! Reading order: `cx` and `value`, then `object`, `function`, `host` and `bytes`, then `engine`, which owns the context, and
//! `memory`, its allocator. Everything here calls C, so everything here is unsafe code with one discipline: a [`value::Value`]
//! owns one reference, a raw value that is passed on without `into_raw` is borrowed, and a context pointer is that of the runtime
//! whose token was shown.

pub(crate) mod args;
pub(crate) mod bytes;
#[cfg(all(target_arch = "wasm32", target_os = "unknown"))]
mod clock;
pub(crate) mod cx;
pub(crate) mod engine;
pub(crate) mod error;
pub(crate) mod function;
pub(crate) mod host;
mod inspect;
mod memory;
pub(crate) mod module;
pub(crate) mod object;
pub(crate) mod persistent;
pub(crate) mod promise;
mod syntax;
pub(crate) mod value;

/// The engine's name and the version that was compiled in.
pub const ENGINE: (&str, &str) = ("quickjs", "0.16.2");

/// Whether the Rust file is the engine's own: none is, as this engine is written in C.
pub(crate) fn is_own_source(_file: &str) -> bool {
    false
}

/// Whether it refuses what would break it.
#[cfg(test)]
pub(crate) const REFUSES: bool = true;

#[cfg(test)]
mod tests {
    use std::ffi::CStr;

    use super::ENGINE;

    #[test]
    fn the_version_is_the_one_of_the_c_code() {
        // SAFETY: it returns a string constant.
        let version = unsafe { CStr::from_ptr(rquickjs_sys::JS_GetVersion()) };
        assert_eq!(version.to_str(), Ok(ENGINE.1));
    }
}
