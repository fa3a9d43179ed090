//! Presets: the modules that `[modules]` begins with, before its entries add some and take some out.
//!
//! The boundary: the names of presets, and whether one holds a module. Which presets a module is in is
//! said by its manifest; what the entries make of the selection is `modules`' business.

use super::manifest::{Catalog, Manifest};
use super::{Flavour, Said, Target};
use crate::diagnostics::Span;

/// A named selection of modules.
#[derive(Debug)]
pub struct Preset {
    /// Its name.
    pub name: &'static str,
    /// What it is for, in one line.
    pub doc: &'static str,
}

/// The preset that no manifest names, since every module is in it.
const ALL: &str = "all";

/// Every preset, the smallest first.
pub const PRESETS: &[Preset] = &[
    Preset {
        name: "minimal",
        doc: "what a script needs to say something, and nothing else",
    },
    Preset {
        name: "web",
        doc: "the modules of the web platform, which scripts for browsers expect",
    },
    Preset {
        name: ALL,
        doc: "every module that the target supports",
    },
];

/// The preset of a project that asks for no other.
pub const USUAL: &Preset = &PRESETS[1];

impl Preset {
    /// The preset of this name.
    pub fn find(name: &str) -> Option<&'static Self> {
        PRESETS.iter().find(|preset| preset.name == name)
    }

    /// The names that a manifest may list.
    pub fn listed() -> Vec<&'static str> {
        let names = PRESETS.iter().map(|preset| preset.name);
        names.filter(|name| *name != ALL).collect()
    }

    /// Whether a module is in it, on the targets that support the module.
    pub fn holds(&self, manifest: &Manifest) -> bool {
        self.name == ALL || manifest.presets.iter().any(|name| name == self.name)
    }

    /// The names of its modules.
    pub fn modules<'c>(&self, catalog: &'c Catalog) -> Vec<&'c str> {
        let held = catalog.iter().filter(|manifest| self.holds(manifest));
        held.map(|manifest| manifest.name.as_str()).collect()
    }
}

/// The preset of a spec, with what is built.
#[derive(Clone, Copy, Debug)]
pub struct Selection<'a> {
    /// The preset.
    pub preset: &'static Preset,
    /// The place that names it.
    pub at: &'a Span,
    /// The target.
    pub target: Target,
    /// The flavours of the npm package.
    pub flavours: &'a [Said<Flavour>],
}

impl Selection<'_> {
    /// Whether it selects a module: one that is in the preset, and that the target and every flavour
    /// that was asked for support.
    pub fn selects(&self, manifest: &Manifest) -> bool {
        let supported = |flavour: &Said<Flavour>| {
            let all = manifest.flavours.as_ref();
            flavour.at.is_none()
                || all.is_none_or(|all| all.iter().any(|word| word == flavour.value.word()))
        };
        let is_on_target = manifest
            .targets
            .iter()
            .any(|name| name == self.target.name());
        self.preset.holds(manifest)
            && is_on_target
            && (self.target != Target::Wasm || self.flavours.iter().all(supported))
    }
}
