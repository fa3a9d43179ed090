//! What a selected module is in a plan: where its code comes from, what scripts see of it, and what it asks for.

use super::{ModuleOrigin, ModulePlan, Planning};
use crate::spec::{Because, Expose, Module, ModuleKind, Spec, mounts};

impl Planning<'_> {
    pub(super) fn module(&self, module: &Module, spec: &Spec) -> ModulePlan {
        let why = match &module.because {
            Because::Said(span) => self.why(Some(span)),
            Because::Preset { name, .. } => format!("in the preset {name}"),
            Because::NeededBy(name) => format!("needed by {name}"),
        };
        let (origin, specifier, globals, permissions) = match &module.kind {
            ModuleKind::Std(manifest) => (
                ModuleOrigin::Std {
                    package: manifest.package(),
                    folder: manifest.folder.clone(),
                },
                manifest.specifier.clone(),
                manifest.globals.clone(),
                manifest.permissions.clone(),
            ),
            ModuleKind::File {
                path,
                native,
                expose,
            } => {
                let (specifier, globals) = expose.value.surface(&module.name, native.exports());
                let permissions = native.sys().map(|name| format!("sys:{name}")).collect();
                let origin = ModuleOrigin::File {
                    path: path.clone(),
                    native: native.clone(),
                    expose: expose.value.clone(),
                };
                (origin, specifier, globals, permissions)
            }
            ModuleKind::Crate {
                package,
                library,
                source,
                expose,
                manifest,
            } => {
                let (specifier, globals) = match (&expose.value, manifest) {
                    (Expose::Own, Some(own)) => (own.specifier.clone(), own.globals.clone()),
                    (expose, _) => expose.surface(&module.name, std::iter::empty()),
                };
                let permissions = manifest.as_ref().map(|own| own.permissions.clone());
                let origin = ModuleOrigin::Crate {
                    package: package.clone(),
                    library: library.clone(),
                    source: source.clone(),
                    expose: expose.value.clone(),
                };
                (origin, specifier, globals, permissions.unwrap_or_default())
            }
        };
        ModulePlan {
            name: module.name.clone(),
            origin,
            specifier,
            globals,
            permissions,
            cargo_features: cargo_features(module, spec),
            why,
        }
    }
}

/// The cargo features that a module's crate takes. Which file systems there are is what the mounts say.
fn cargo_features(module: &Module, spec: &Spec) -> Vec<String> {
    let features: Vec<&str> = match &module.kind {
        ModuleKind::Std(m) if m.has_option("mounts") => mounts::features(&spec.mounts, spec.target),
        ModuleKind::Std(manifest) => manifest.features().collect(),
        ModuleKind::File { .. } | ModuleKind::Crate { .. } => Vec::new(),
    };
    features.into_iter().map(str::to_owned).collect()
}
