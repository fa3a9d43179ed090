//! The manifest says what the definition says: what the checks of a spec promise is what scripts find.

use std::collections::BTreeSet;

use runtime_core::definition::{ModuleDef, Surface};

/// Compares a definition with the text of its manifest.
#[track_caller]
pub(crate) fn agrees(module: &ModuleDef, manifest: &str) {
    let manifest: toml::Table = manifest.parse().expect("a manifest is TOML");
    let name = module.name;
    let functions = module.functions.iter().map(|func| func.decl.name);
    let classes = module.classes.iter().map(|class| class.name);
    let exports = set(functions.chain(classes).chain(module.more.iter().copied()));
    let globals = match module.surface {
        Surface::Import => set(module.globals.iter().copied()),
        Surface::Globals => exports.clone(),
        Surface::Namespace(global) => set(std::iter::once(global)),
    };
    assert_eq!(manifest["name"].as_str(), Some(name));
    assert_eq!(words(&manifest, "globals"), globals, "globals of `{name}`");
    match manifest.get("specifier").and_then(toml::Value::as_str) {
        Some(specifier) => {
            assert_eq!(specifier, module.specifier);
            assert_eq!(words(&manifest, "exports"), exports, "exports of `{name}`");
        }
        None => assert_ne!(module.surface, Surface::Import, "`{name}` cannot be seen"),
    }
}

fn words(manifest: &toml::Table, key: &str) -> BTreeSet<String> {
    let items = manifest.get(key).and_then(toml::Value::as_array);
    let items = items.into_iter().flatten().filter_map(toml::Value::as_str);
    items.map(str::to_owned).collect()
}

fn set<'n>(names: impl Iterator<Item = &'n str>) -> BTreeSet<String> {
    names.map(str::to_owned).collect()
}
