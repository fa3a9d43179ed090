//! The rules of `[permissions]`: what modules ask for is granted, and what is granted is asked for.

use std::collections::{HashMap, HashSet};

use super::super::keys::PRESET;
use super::super::{Grant, ModuleKind, Spec};
use crate::diagnostics::{Diagnostic, nearest};
use crate::spec::manifest::{Catalog, Manifest};

/// A crate of somebody else's says what it may ask for, and the spec says so by name.
pub(super) fn crate_asks_for_more(spec: &Spec, _: &Catalog, out: &mut Vec<Diagnostic>) {
    for module in &spec.modules {
        let ModuleKind::Crate {
            manifest: Some(manifest),
            ..
        } = &module.kind
        else {
            continue;
        };
        for kind in &manifest.permissions {
            let is_granted = spec.grants.iter().any(|grant| grant.kind.key == kind);
            if let (false, Some(place)) = (is_granted, spec.place(module)) {
                out.push(
                    Diagnostic::error(format!("`{}` asks for `{kind}`", module.name))
                        .at(&place, format!("`permissions.{kind}` grants nothing"))
                        .help(format!(
                            "grant it by name: `{kind} = [\"…\"]` in `[permissions]`"
                        )),
                );
            }
        }
    }
}

/// Reading has a use in every runtime: the module loader asks for it. What modules of the user's ask for cannot be known.
pub(super) fn for_unselected(spec: &Spec, catalog: &Catalog, out: &mut Vec<Diagnostic>) {
    if spec.described().count() < spec.modules.len() || spec.is_broken(PRESET) {
        return;
    }
    let mut said: Vec<&str> = Vec::new();
    for grant in &spec.grants {
        let kind = grant.kind.key;
        if ["read", "sys"].contains(&kind) || said.contains(&kind) {
            continue;
        }
        said.push(kind);
        let of_kind = |manifest: &Manifest| manifest.permissions.iter().any(|name| name == kind);
        if spec.described().any(|(_, manifest)| of_kind(manifest)) {
            continue;
        }
        let users: Vec<&str> = catalog
            .iter()
            .filter(|manifest| of_kind(manifest))
            .map(|manifest| manifest.name.as_str())
            .collect();
        if users
            .iter()
            .any(|name| spec.is_broken(&format!("modules.{name}")))
        {
            continue;
        }
        let diagnostic = Diagnostic::warning(format!("the permission `{kind}` has no use here"))
            .at(&grant.at, format!("no selected module asks for `{kind}`"));
        out.push(match users.as_slice() {
            [] => diagnostic.help("no module asks for it yet: take it out"),
            users => diagnostic.help(format!(
                "take it out, or select what asks for it: `{} = true` in `[modules]`",
                users.join("`, `")
            )),
        });
    }
}

pub(super) fn sys_unasked(spec: &Spec, _: &Catalog, out: &mut Vec<Diagnostic>) {
    let mut asked: HashSet<&str> = HashSet::new();
    for module in &spec.modules {
        match &module.kind {
            ModuleKind::Crate { .. } => return,
            ModuleKind::File { native, .. } => asked.extend(native.sys()),
            ModuleKind::Std(_) => {}
        }
    }
    if spec.broken.iter().any(|path| path.starts_with("modules.")) {
        return;
    }
    for grant in spec.grants.iter().filter(|grant| grant.kind.key == "sys") {
        if asked.contains(grant.entry.as_str()) {
            continue;
        }
        // Of thousands of names nobody reads which one is near.
        let near = nearest(&grant.entry, asked.iter().copied().take(100));
        out.push(
            Diagnostic::warning(format!("no native function asks for `sys:{}`", grant.entry))
                .at(&grant.at, "this grant has no use")
                .help(match near {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => format!(
                        "take it out, or ask for it: `#[js_fn(permission = \"sys:{}\")]`",
                        grant.entry
                    ),
                }),
        );
    }
}

pub(super) fn listed_twice(spec: &Spec, _: &Catalog, out: &mut Vec<Diagnostic>) {
    let mut seen: HashMap<(&str, &str), &Grant> = HashMap::new();
    for grant in &spec.grants {
        let first = seen.entry((grant.kind.key, &grant.entry)).or_insert(grant);
        if first.at != grant.at {
            out.push(
                Diagnostic::warning(format!("`{}` is granted twice", grant.entry))
                    .at(&grant.at, "again")
                    .see(&first.at, "first here")
                    .help("take one of them out"),
            );
        }
    }
}
