//! What a crate's own `Cargo.toml` says of it as a module: `[package.metadata.tailor]`, a manifest like those of the standard
//! modules.
//!
//! The boundary: a table in, a manifest or the reason against it out.

use crate::spec::manifest::{Catalog, Manifest};

/// The contract between a runtime and the crates of its modules, which this version of Tailor keeps.
const CONTRACT: i64 = 1;

/// The manifest in a crate's `Cargo.toml`, if there is one, for a module that the spec calls `name`; else the reason against it,
/// and what mends it.
pub(super) fn manifest(
    cargo: &toml::Table,
    name: &str,
    catalog: &Catalog,
) -> Result<Option<Manifest>, (String, String)> {
    let metadata = cargo.get("package").and_then(|it| it.get("metadata"));
    let Some(said) = metadata.and_then(|metadata| metadata.get("tailor")) else {
        return Ok(None);
    };
    let refuse = |reason: &str, help: &str| Err((reason.to_owned(), help.to_owned()));
    let Some(said) = said.as_table() else {
        return refuse(
            "its `package.metadata.tailor` is no table",
            "write `[package.metadata.tailor]`",
        );
    };
    let mut said = said.clone();
    match said.remove("contract").map(|value| value.as_integer()) {
        Some(Some(CONTRACT)) => {}
        Some(Some(newer)) if newer > CONTRACT => {
            return Err((
                format!("it is written for contract {newer}, and this Tailor keeps {CONTRACT}"),
                "take a newer Tailor, or an older version of the crate".to_owned(),
            ));
        }
        _ => {
            return Err((
                "its `package.metadata.tailor` names no contract".to_owned(),
                format!("add `contract = {CONTRACT}`"),
            ));
        }
    }
    for (key, help) in [
        ("name", "take it out: the spec gives the module its name"),
        ("since", "take it out: a crate has a version"),
        (
            "presets",
            "take it out: presets hold standard modules alone",
        ),
        (
            "options",
            "take them out: only a standard module has options so far",
        ),
    ] {
        if said.contains_key(key) {
            let reason = format!("its `package.metadata.tailor` has `{key}`");
            return Err((reason, help.to_owned()));
        }
    }
    said.insert("name".to_owned(), name.into());
    let read = said.try_into::<Manifest>();
    let manifest = read.map_err(|error| {
        let reason = format!(
            "its `package.metadata.tailor` is wrong: {}",
            error.message()
        );
        let help = "docs/native-modules.md lists what it may say";
        (reason, help.to_owned())
    })?;
    let names = catalog.names();
    match manifest.mistakes(&names).into_iter().next() {
        Some((mistake, help)) => Err((
            format!("its `package.metadata.tailor` is wrong: {mistake}"),
            help,
        )),
        None => Ok(Some(manifest)),
    }
}
