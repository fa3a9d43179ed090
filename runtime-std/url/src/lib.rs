//! `URL` and `URLSearchParams`, by the URL Standard.
//!
//! Reading order: `percent`, `host`, `record` (a parsed URL), `parser`, `setters`, `form`; then the classes, `url` and `params`. The
//! boundary: text alone. Nothing is resolved, opened or fetched here.

runtime_core::require_engine!();

mod form;
mod host;
mod init;
mod params;
mod parser;
mod percent;
mod record;
mod setters;
mod url;

use runtime_core::definition::{ClassDef, ModuleDef};

pub use params::UrlSearchParams;
pub use url::Url;

/// The module.
pub const MODULE: ModuleDef = ModuleDef {
    name: "url",
    specifier: "runtime:url",
    doc: "Addresses: `URL`, and the parameters of their query, `URLSearchParams`.",
    globals: &["URL", "URLSearchParams"],
    classes: &[ClassDef::of::<Url>(), ClassDef::of::<UrlSearchParams>()],
    ..ModuleDef::EMPTY
};
