//! What a machine has for Android: the NDK, what stands in for it, and a compiler of Java.

pub(crate) mod javac;
pub(crate) mod ndk;
pub(crate) mod symbols;

use crate::spec::Abi;

/// Whether a library for an ABI can be linked without the NDK.
pub(crate) fn can_do_without(abi: Abi, min_sdk: u32) -> bool {
    symbols::libraries(abi, min_sdk).is_some()
}
