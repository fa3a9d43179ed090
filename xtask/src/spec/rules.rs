//! What must hold between the parts of a spec: one named row for each rule.
//!
//! The boundary: a resolved spec in, diagnostics out. A rule looks at everything and changes nothing; what a single value must
//! look like is `values`.

mod grants;
mod limits;

use std::collections::HashMap;

use super::manifest::{Catalog, Manifest};
use super::mounts::Files;
use super::{Because, CrateSource, Expose, Module, ModuleKind, Spec, Target, keys::PRESET};
use crate::diagnostics::{Diagnostic, Span, list};

/// A rule: its name is also that of its case in `tests/specs-check/bad`.
#[derive(Debug)]
pub struct Rule {
    /// Its name.
    pub name: &'static str,
    /// Looks for what breaks it.
    pub check: fn(&Spec, &Catalog, &mut Vec<Diagnostic>),
}

/// Every rule.
pub const RULES: &[Rule] = &[
    Rule {
        name: "name-missing",
        check: name_missing,
    },
    Rule {
        name: "name-is-a-crate-of-the-spec",
        check: name_is_a_crate,
    },
    Rule {
        name: "removal-removes-nothing",
        check: removal_removes_nothing,
    },
    Rule {
        name: "removed-but-needed",
        check: removed_but_needed,
    },
    Rule {
        name: "module-requires-another",
        check: module_requires_another,
    },
    Rule {
        name: "modules-conflict",
        check: modules_conflict,
    },
    Rule {
        name: "module-unsupported-on-target",
        check: module_unsupported,
    },
    Rule {
        name: "module-unsupported-in-flavour",
        check: module_unsupported_in_flavour,
    },
    Rule {
        name: "crate-used-twice",
        check: crate_used_twice,
    },
    Rule {
        name: "rust-name-used-twice",
        check: rust_name_used_twice,
    },
    Rule {
        name: "specifier-used-twice",
        check: specifier_used_twice,
    },
    Rule {
        name: "global-used-twice",
        check: global_used_twice,
    },
    Rule {
        name: "crate-asks-for-more",
        check: grants::crate_asks_for_more,
    },
    Rule {
        name: "grant-for-unselected-module",
        check: grants::for_unselected,
    },
    Rule {
        name: "sys-grant-nobody-asks-for",
        check: grants::sys_unasked,
    },
    Rule {
        name: "grant-listed-twice",
        check: grants::listed_twice,
    },
    Rule {
        name: "limit-cannot-be-kept",
        check: limits::cannot_be_kept,
    },
    Rule {
        name: "limit-nothing-uses-yet",
        check: limits::nothing_uses_yet,
    },
    Rule {
        name: "limit-for-unselected-module",
        check: limits::for_unselected_module,
    },
    Rule {
        name: "mount-point-used-twice",
        check: mount_point_used_twice,
    },
    Rule {
        name: "mount-contradicts-its-source",
        check: mount_contradicts_its_source,
    },
];

/// Applies every rule.
pub fn check(spec: &Spec, catalog: &Catalog, out: &mut Vec<Diagnostic>) {
    for rule in RULES {
        (rule.check)(spec, catalog, out);
    }
}

impl Spec {
    fn module(&self, name: &str) -> Option<&Module> {
        self.modules.iter().find(|module| module.name == name)
    }

    /// The modules that have a manifest.
    fn described(&self) -> impl Iterator<Item = (&Module, &Manifest)> {
        let modules = self.modules.iter();
        modules.filter_map(|module| Some((module, module.kind.manifest()?)))
    }

    /// Whether a name stands in `[modules]` with an entry that was refused, so that nothing more should be said of it.
    fn is_broken(&self, path: &str) -> bool {
        self.broken.iter().any(|broken| broken == path)
    }

    /// The place that selects a module, through what brought it along.
    fn place(&self, module: &Module) -> Option<Span> {
        match &module.because {
            Because::Said(at) | Because::Preset { at, .. } => Some(at.clone()),
            Because::NeededBy(name) => self.place(self.module(name)?),
        }
    }
}

fn name_missing(spec: &Spec, _: &Catalog, out: &mut Vec<Diagnostic>) {
    if spec.name.at.is_none()
        && !["runtime", "runtime.name"]
            .iter()
            .any(|path| spec.is_broken(path))
    {
        let start = Span {
            file: spec.root,
            range: 0..0,
        };
        out.push(
            Diagnostic::error("the runtime has no name")
                .at(&start, "`runtime.name` is missing")
                .help("add `name = \"acme-js\"` to `[runtime]`: the binary will be called that"),
        );
    }
}

fn name_is_a_crate(spec: &Spec, _: &Catalog, out: &mut Vec<Diagnostic>) {
    for module in &spec.modules {
        let ModuleKind::Crate { package, .. } = &module.kind else {
            continue;
        };
        if let (true, Some(at)) = (*package == spec.name.value, &spec.name.at) {
            let mut diagnostic =
                Diagnostic::error(format!("`{package}` is also a crate of the spec"))
                    .at(at, "the runtime would depend on itself")
                    .help(format!("call the runtime something else: `{package}-js`"));
            if let Some(place) = spec.place(module) {
                diagnostic = diagnostic.see(&place, "the crate");
            }
            out.push(diagnostic);
        }
    }
}

fn removal_removes_nothing(spec: &Spec, _: &Catalog, out: &mut Vec<Diagnostic>) {
    for removed in &spec.removed {
        let selected = removed.was_selected || spec.module(&removed.name).is_some();
        if !selected && !spec.is_broken(PRESET) {
            out.push(
                Diagnostic::warning(format!("`{} = false` removes nothing", removed.name))
                    .at(&removed.at, "neither a preset nor an include selects it")
                    .help("take the line out"),
            );
        }
    }
}

fn removed_but_needed(spec: &Spec, _: &Catalog, out: &mut Vec<Diagnostic>) {
    for removed in &spec.removed {
        let needing: Vec<&Module> = spec
            .described()
            .filter(|(_, manifest)| {
                manifest.requires.contains(&removed.name)
                    || manifest.implies.contains(&removed.name)
            })
            .map(|(module, _)| module)
            .collect();
        if needing.is_empty() {
            continue;
        }
        let names: Vec<&str> = needing.iter().map(|module| module.name.as_str()).collect();
        let mut diagnostic = Diagnostic::error(format!(
            "`{}` cannot be removed: needed by {}",
            removed.name,
            list(&names)
        ))
        .at(&removed.at, "removed here")
        .help(format!(
            "remove {} too, or keep `{}`",
            list(&names),
            removed.name
        ));
        for module in needing {
            if let Some(place) = spec.place(module) {
                diagnostic = diagnostic.see(&place, format!("`{}` is selected here", module.name));
            }
        }
        out.push(diagnostic);
    }
}

fn module_requires_another(spec: &Spec, _: &Catalog, out: &mut Vec<Diagnostic>) {
    for (module, manifest) in spec.described() {
        for name in &manifest.requires {
            let answered = spec.module(name).is_some()
                || spec.is_broken(PRESET)
                || spec.is_broken(&format!("modules.{name}"))
                || spec.removed.iter().any(|removed| removed.name == *name);
            if let (false, Some(place)) = (answered, spec.place(module)) {
                out.push(
                    Diagnostic::error(format!("`{}` needs `{name}`", module.name))
                        .at(&place, format!("`{name}` is not selected"))
                        .help(format!("add `{name} = true` to `[modules]`")),
                );
            }
        }
    }
}

fn modules_conflict(spec: &Spec, _: &Catalog, out: &mut Vec<Diagnostic>) {
    let described: Vec<_> = spec.described().collect();
    for (index, (first, one)) in described.iter().enumerate() {
        for (second, other) in &described[index + 1..] {
            if !one.conflicts.contains(&other.name) && !other.conflicts.contains(&one.name) {
                continue;
            }
            if let (Some(a), Some(b)) = (spec.place(first), spec.place(second)) {
                out.push(
                    Diagnostic::error(format!(
                        "`{}` and `{}` exclude each other",
                        one.name, other.name
                    ))
                    .at(&b, format!("`{}` is selected here", other.name))
                    .see(&a, format!("`{}` is selected here", one.name))
                    .help("keep one of the two"),
                );
            }
        }
    }
}

fn module_unsupported(spec: &Spec, catalog: &Catalog, out: &mut Vec<Diagnostic>) {
    let target = spec.target.name();
    for (module, manifest) in spec.described() {
        if manifest.targets.iter().any(|name| name == target) {
            continue;
        }
        let Some(place) = spec.place(module) else {
            continue;
        };
        let others: Vec<&str> = catalog
            .iter()
            .filter(|other| other.targets.iter().any(|name| name == target))
            .map(|other| other.name.as_str())
            .collect();
        let reason = manifest.unsupported.get(target).cloned();
        out.push(
            Diagnostic::error(format!(
                "`{}` is not supported on the target `{target}`",
                manifest.name
            ))
            .at(&place, format!("supported on {}", list(&manifest.targets)))
            .help(reason.unwrap_or_else(|| format!("modules for `{target}`: {}", list(&others)))),
        );
    }
}

/// Flavours that nobody said are those that every module supports; one that was said must be one of them.
fn module_unsupported_in_flavour(spec: &Spec, _: &Catalog, out: &mut Vec<Diagnostic>) {
    if spec.target != Target::Wasm {
        return;
    }
    for (module, manifest) in spec.described() {
        let (Some(flavours), Some(place)) = (&manifest.flavours, spec.place(module)) else {
            continue;
        };
        for said in &spec.flavours {
            let word = said.value.word();
            let Some(at) = said.at.as_ref() else { continue };
            if flavours.iter().any(|flavour| flavour == word) {
                continue;
            }
            out.push(
                Diagnostic::error(format!(
                    "`{}` is not supported in the flavour `{word}`",
                    manifest.name
                ))
                .at(at, format!("it works in {}", list(flavours)))
                .see(&place, format!("`{}` is selected here", manifest.name))
                .help("take one of the two out"),
            );
        }
    }
}

fn crate_used_twice(spec: &Spec, _: &Catalog, out: &mut Vec<Diagnostic>) {
    let crates = spec.modules.iter().filter_map(|module| match &module.kind {
        ModuleKind::Std(m) => Some((m.package(), module, CrateSource::Path(m.folder.clone()))),
        ModuleKind::Crate {
            package, source, ..
        } => Some((package.clone(), module, source.clone())),
        ModuleKind::File { .. } => None,
    });
    let crates: Vec<_> = crates.collect();
    for (index, (package, second, source)) in crates.iter().enumerate() {
        let Some((_, first, other)) = crates[..index].iter().find(|(name, ..)| name == package)
        else {
            continue;
        };
        let (Some(a), Some(b)) = (spec.place(first), spec.place(second)) else {
            continue;
        };
        let help = match (source, other) {
            (CrateSource::Path(one), CrateSource::Path(two)) if one == two => "one entry is enough",
            _ => "a runtime has each crate once: keep one of the two",
        };
        out.push(
            Diagnostic::error(format!("the crate `{package}` is used twice"))
                .at(&b, format!("by `{}`", second.name))
                .see(&a, format!("by `{}`", first.name))
                .help(help),
        );
    }
}

/// `my-mod` and `my_mod` are two modules to TOML and one to Rust.
fn rust_name_used_twice(spec: &Spec, _: &Catalog, out: &mut Vec<Diagnostic>) {
    let files = spec
        .modules
        .iter()
        .filter(|module| matches!(module.kind, ModuleKind::File { .. }));
    let named = files.map(|module| (crate::native::ident(&module.name), spec.place(module)));
    twice(named, out, |name| {
        (
            format!("two modules are called `{name}` in Rust"),
            "`-` and `_` are the same there: rename one of them".to_owned(),
        )
    });
}

fn specifier_used_twice(spec: &Spec, catalog: &Catalog, out: &mut Vec<Diagnostic>) {
    let named = spec.modules.iter().filter_map(|module| match &module.kind {
        ModuleKind::Std(manifest) => Some((manifest.specifier.clone()?, spec.place(module))),
        ModuleKind::File { expose, .. } | ModuleKind::Crate { expose, .. } => match &expose.value {
            Expose::Specifier(name) => Some((
                name.clone(),
                expose.at.clone().or_else(|| spec.place(module)),
            )),
            Expose::Global => Some((Expose::default_specifier(&module.name), spec.place(module))),
            Expose::Own => Some((
                module.kind.manifest()?.specifier.clone()?,
                spec.place(module),
            )),
        },
    });
    let named: Vec<_> = named.collect();
    for (name, at) in &named {
        let taken = catalog.iter().find(|manifest| {
            manifest.specifier.as_ref() == Some(name) && spec.module(&manifest.name).is_none()
        });
        if let (Some(manifest), Some(at)) = (taken, at) {
            out.push(
                Diagnostic::error(format!(
                    "`{name}` is the specifier of the standard module `{}`",
                    manifest.name
                ))
                .at(at, "it would be taken for that one")
                .help("choose another specifier, as in `acme:sensor`"),
            );
        }
    }
    twice(named.into_iter(), out, |name| {
        (
            format!("two modules have the specifier `{name}`"),
            "give one of them another: `expose = \"acme:…\"`".to_owned(),
        )
    });
}

fn global_used_twice(spec: &Spec, _: &Catalog, out: &mut Vec<Diagnostic>) {
    let named = spec.modules.iter().flat_map(|module| {
        let names: Vec<&str> = match &module.kind {
            ModuleKind::Std(manifest) => manifest.globals.iter().map(String::as_str).collect(),
            ModuleKind::File { native, expose, .. } if expose.value == Expose::Global => {
                native.exports().collect()
            }
            ModuleKind::Crate {
                manifest: Some(own),
                expose,
                ..
            } if expose.value == Expose::Own => own.globals.iter().map(String::as_str).collect(),
            ModuleKind::File { .. } | ModuleKind::Crate { .. } => Vec::new(),
        };
        let place = spec.place(module);
        names
            .into_iter()
            .map(move |name| (name.to_owned(), place.clone()))
    });
    twice(named, out, |name| {
        (
            format!("two modules define the global `{name}`"),
            "expose one of them by a specifier: `expose = \"acme:…\"`".to_owned(),
        )
    });
}

/// Reports each name that appears a second time, with both places.
fn twice(
    named: impl Iterator<Item = (String, Option<Span>)>,
    out: &mut Vec<Diagnostic>,
    say: impl Fn(&str) -> (String, String),
) {
    let mut seen: HashMap<String, Span> = HashMap::new();
    for (name, at) in named {
        let Some(at) = at else { continue };
        if let Some(first) = seen.get(&name) {
            let (message, help) = say(&name);
            out.push(
                Diagnostic::error(message)
                    .at(&at, "the second")
                    .see(first, "the first")
                    .help(help),
            );
        } else {
            seen.insert(name, at);
        }
    }
}

fn mount_point_used_twice(spec: &Spec, _: &Catalog, out: &mut Vec<Diagnostic>) {
    let named = spec.mounts.iter().map(|mount| {
        let point = match mount.point.trim_end_matches('/') {
            "" => "/",
            point => point,
        };
        (point.to_owned(), Some(mount.at.clone()))
    });
    twice(named, out, |point| {
        (
            format!("two mounts stand at `{point}`"),
            "give one of them another path".to_owned(),
        )
    });
}

/// What a mount says beside its source must be possible with that.
fn mount_contradicts_its_source(spec: &Spec, _: &Catalog, out: &mut Vec<Diagnostic>) {
    for mount in &spec.mounts {
        let from = mount.from.value.as_str();
        let mut wrong = |said: Option<&Span>, what: String, label: &str, help: String| {
            let diagnostic = Diagnostic::error(what).help(help);
            out.push(match (said, mount.from.at.as_ref()) {
                (Some(said), _) => diagnostic.at(said, label),
                (None, Some(from)) => diagnostic.at(from, label),
                (None, None) => diagnostic,
            });
        };
        let mode = mount.writable.as_ref();
        let mode_at = mode.and_then(|said| said.at.as_ref());
        match (&mount.source.files, mode.map(|said| said.value)) {
            (Files::Embed(_), Some(true)) if !mount.is_kept() => wrong(
                mode_at,
                format!("a mount from `{from}` cannot be written"),
                "embedded files never change",
                format!(
                    "leave `mode` out, or keep what is written in memory: `from = \"overlay:{from}\"`"
                ),
            ),
            (Files::Memory, Some(false)) if spec.target != Target::Wasm => wrong(
                mode_at,
                "a mount from `memory` that cannot be written stays empty".to_owned(),
                "nothing else puts files there",
                "leave `mode` out".to_owned(),
            ),
            (Files::Host(_) | Files::Embed(_), Some(false)) if mount.is_kept() => wrong(
                mode_at,
                format!("a mount from `{from}` that cannot be written needs no overlay"),
                "nothing would be kept",
                format!(
                    "leave `mode` out, or write `from = \"{}\"`",
                    from.trim_start_matches("overlay:")
                ),
            ),
            (Files::Host(_), _) if spec.target == Target::Wasm => wrong(
                None,
                format!("there are no folders of a host on {}", spec.target.name()),
                "cannot be opened there",
                "mount `memory`, `embed:` and a folder, or an overlay of one".to_owned(),
            ),
            _ => {}
        }
        if let Some(quota) = mount.quota.as_ref().filter(|_| !mount.is_kept()) {
            wrong(
                quota.at.as_ref(),
                format!("a mount from `{from}` has no quota"),
                "nothing is kept in memory",
                "`limits.fs.quota` bounds what is written in all".to_owned(),
            );
        }
    }
}
