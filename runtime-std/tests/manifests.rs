//! Each module's manifest says what its definition says: what the spec's checks promise is what scripts find.

#[path = "manifests/memory.rs"]
mod memory;

use std::collections::BTreeSet;
use std::path::Path;

use runtime_core::definition::{ModuleDef, Surface};
use runtime_std::{console, dom, fs, timers};

const MODULES: &[ModuleDef] = &[console::MODULE, dom::MODULE, fs::MODULE, timers::MODULE];

fn words(manifest: &toml::Table, key: &str) -> BTreeSet<String> {
    let items = manifest.get(key).and_then(toml::Value::as_array);
    let items = items.into_iter().flatten().filter_map(toml::Value::as_str);
    items.map(str::to_owned).collect()
}

fn set<'n>(names: impl Iterator<Item = &'n str>) -> BTreeSet<String> {
    names.map(str::to_owned).collect()
}

#[test]
fn manifests_and_definitions_agree() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    for module in MODULES {
        let path = folder.join(module.name).join("module.toml");
        let text = std::fs::read_to_string(&path).expect("each module has a manifest");
        let manifest: toml::Table = text.parse().expect("a manifest is TOML");
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
}

#[test]
fn every_folder_is_a_module() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let found: BTreeSet<String> = std::fs::read_dir(folder)
        .expect("the modules can be listed")
        .filter_map(Result::ok)
        .filter(|entry| entry.path().is_dir())
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    assert_eq!(found, set(MODULES.iter().map(|module| module.name)));
}
