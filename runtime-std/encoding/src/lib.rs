//! `TextEncoder`, `TextDecoder`, `atob` and `btoa`, by the Encoding Standard and the HTML Standard.
//!
//! Reading order: `encoder`, `decoder`, `codec` (what turns bytes into text, piece by piece), `base64`. The boundary: text and bytes
//! as values; streams of them are another module's. UTF-8 and UTF-16 are decoded here; every other encoding by a crate that
//! the feature `legacy` selects.

runtime_core::require_engine!();

mod base64;
mod codec;
mod decoder;
mod encoder;

use runtime_core::definition::{ClassDef, FnDef, ModuleDef};

pub use decoder::TextDecoder;
pub use encoder::TextEncoder;

/// The module.
pub const MODULE: ModuleDef = ModuleDef {
    name: "encoding",
    specifier: "runtime:encoding",
    doc: "Text from bytes and bytes from text: `TextDecoder`, `TextEncoder`, `atob` and `btoa`.",
    globals: &["TextDecoder", "TextEncoder", "atob", "btoa"],
    functions: &[FnDef::of::<base64::atob>(), FnDef::of::<base64::btoa>()],
    classes: &[ClassDef::of::<TextDecoder>(), ClassDef::of::<TextEncoder>()],
    ..ModuleDef::EMPTY
};
