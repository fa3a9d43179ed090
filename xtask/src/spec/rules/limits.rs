//! The rules of `[limits]`: whether each is kept, by whom, and what would keep it.

use runtime_core::engine::capabilities::{ENGINES, Keeps};
use runtime_core::tables::{Keeper, limit};

use super::super::keys::PRESET;
use super::super::{Enforce, LimitSaid, Spec, Target};
use crate::diagnostics::{Diagnostic, list};
use crate::spec::manifest::Catalog;

impl Spec {
    /// What a limit lacks of being kept on this engine in this mode of isolation; `None`: it is kept.
    pub fn gap(&self, said: &LimitSaid) -> Option<String> {
        let engine = self.engine.value;
        match said.limit.keeper {
            Keeper::Runtime => None,
            Keeper::Nobody(why) => Some(why.to_owned()),
            Keeper::Isolation(_) if self.target == Target::Wasm && said.value == "process" => Some(
                "there are no processes in a page; each runtime has an instance of WebAssembly of its own"
                    .to_owned(),
            ),
            Keeper::Isolation(_) if self.target == Target::Android && said.value == "process" => Some(
                "an app must not split its process in two; each runtime has a thread of its own"
                    .to_owned(),
            ),
            Keeper::Isolation(words) if words.contains(&said.value.as_str()) => None,
            Keeper::Isolation(words) => Some(format!("only {} can be so far", list(words))),
            Keeper::Engine if self.isolation().is_some() => None,
            Keeper::Engine => match engine.keeps(said.limit.key).map(|keeping| keeping.how) {
                Some(Keeps::Itself | Keeps::WithProcess) => None,
                Some(Keeps::InPart) => Some(format!("{} keeps it in part", engine.kind)),
                None => Some(format!("{} does not keep it", engine.kind)),
            },
        }
    }

    /// What says that the script runs in a process of its own, if anything does.
    pub fn isolation(&self) -> Option<&LimitSaid> {
        let said = self.limits.iter().find(|said| said.value == "process")?;
        self.gap(said).is_none().then_some(said)
    }
}

pub(super) fn cannot_be_kept(spec: &Spec, _: &Catalog, out: &mut Vec<Diagnostic>) {
    for said in &spec.limits {
        let Some(gap) = spec.gap(said) else { continue };
        let what = match said.limit.keeper {
            Keeper::Nobody(_) => continue,
            Keeper::Isolation(_) => format!(
                "`limits.{} = \"{}\"` cannot be kept",
                said.limit.key, said.value
            ),
            Keeper::Engine | Keeper::Runtime => {
                format!("`limits.{}` cannot be kept", said.limit.key)
            }
        };
        let mut diagnostic = match spec.enforce.value {
            Enforce::Hard => Diagnostic::error(what),
            Enforce::Best => Diagnostic::warning(what),
        };
        diagnostic = diagnostic.at(&said.key, gap);
        if let Some(keeping) = spec.engine.value.keeps(said.limit.key) {
            diagnostic = diagnostic.note(keeping.doc);
        }
        out.push(match spec.enforce.value {
            Enforce::Hard => remedies(spec, said)
                .into_iter()
                .fold(diagnostic, Diagnostic::help)
                .help("take it out, or write `enforce = \"best\"` in `[limits]` to build all the same"),
            Enforce::Best => {
                diagnostic.note("the runtime is built all the same, as `enforce = \"best\"` allows")
            }
        });
    }
}

/// What would keep a limit.
fn remedies(spec: &Spec, said: &LimitSaid) -> Vec<String> {
    if said.limit.keeper != Keeper::Engine {
        return Vec::new();
    }
    let isolation = limit("isolation").map(|row| row.keeper);
    let apart = matches!(isolation, Some(Keeper::Isolation(words)) if words.contains(&"process"))
        && spec.target == Target::Native;
    let apart = apart.then(|| {
        "run the script in a process of its own: `isolation = \"process\"` in `[limits]`".to_owned()
    });
    let engines = ENGINES
        .iter()
        .filter(|engine| {
            let how = engine.keeps(said.limit.key).map(|keeping| keeping.how);
            engine.not_yet.is_none() && how == Some(Keeps::Itself)
        })
        .map(|engine| {
            let kind = engine.kind;
            format!("choose the engine that keeps it: `kind = \"{kind}\"` in `[engine]`")
        });
    apart.into_iter().chain(engines).collect()
}

pub(super) fn nothing_uses_yet(spec: &Spec, _: &Catalog, out: &mut Vec<Diagnostic>) {
    for said in &spec.limits {
        if let Keeper::Nobody(why) = said.limit.keeper {
            out.push(
                Diagnostic::warning(format!("`limits.{}` has no use yet", said.limit.key))
                    .at(&said.key, why)
                    .help("take it out, or leave it for the modules that will use it"),
            );
        }
    }
}

pub(super) fn for_unselected_module(spec: &Spec, catalog: &Catalog, out: &mut Vec<Diagnostic>) {
    for said in &spec.limits {
        let Some((group, _)) = said.limit.key.split_once('.') else {
            continue;
        };
        if catalog.get(group).is_none()
            || spec.module(group).is_some()
            || spec.is_broken(&format!("modules.{group}"))
            || spec.is_broken(PRESET)
        {
            continue;
        }
        out.push(
            Diagnostic::warning(format!("`limits.{}` has no use here", said.limit.key))
                .at(&said.key, format!("`{group}` is not selected"))
                .help(format!(
                    "take it out, or add `{group} = true` to `[modules]`"
                )),
        );
    }
}
