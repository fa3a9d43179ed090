//! What the settings mean together: the last word of each key, names looked up, defaults applied last.
//!
//! The boundary: from [`Merged`] to [`Spec`]. A value that a look-up refuses is reported and left out.

use std::collections::HashMap;

use runtime_core::engine::capabilities::{ENGINES, EngineFeature, EngineInfo, engine};
use runtime_core::tables::{self, LIMITS, PERMISSIONS};

use super::include::Merged;
use super::keys::{self, PRESET};
use super::manifest::Catalog;
use super::modules;
use super::presets::{Preset, Selection};
use super::raw::{Node, Setting, Value};
use super::{
    Allocator, Android, Enforce, Grant, LimitSaid, Profile, Said, Spec, Std, Target, triples,
};
use super::{android, wasm};
use crate::diagnostics::{Diagnostic, Sources, did_you_mean, nearest};

/// Resolves what was said, for one target.
pub fn resolve(
    merged: &Merged,
    target: Target,
    catalog: &Catalog,
    sources: &mut Sources,
    out: &mut Vec<Diagnostic>,
) -> Spec {
    let layers = Layers::of(merged, target, sources);
    let engine = layers
        .word("engine.kind", engine)
        .unwrap_or(Said::default(&ENGINES[0]));
    let engine_broken = merged.broken.iter().any(|path| path == "engine.kind");
    let flavours = wasm::flavours(layers.last("targets.wasm.flavours"), out);
    let preset = layers.word(PRESET, Preset::find);
    let selection = preset.as_ref().and_then(|said| {
        Some(Selection {
            preset: said.value,
            at: said.at.as_ref()?,
            target,
            flavours: &flavours,
        })
    });
    let modules = modules::resolve(&layers.modules(), selection, catalog, sources, out);
    let mut broken = merged.broken.clone();
    broken.extend(modules.broken.iter().map(|name| format!("modules.{name}")));
    let app = layers
        .last("runtime.entry")
        .filter(|_| !broken.iter().any(|path| path == "runtime.entry"));
    let app = app.and_then(|setting| super::app::resolve(setting, sources, out));
    let android = Android {
        abis: android::abis(layers.last("targets.android.abis"), out),
        min_sdk: android::min_sdk(layers.last("targets.android.min-sdk"), out),
        package: android::package(layers.last("targets.android.package"), out),
        artifacts: android::artifacts(layers.last("targets.android.artifact"), out),
    };
    Spec {
        app,
        bytecode: layers.bool("build.bytecode", true),
        path: sources.get(merged.root).path.clone(),
        root: merged.root,
        target,
        name: layers.text("runtime.name"),
        version: layers.text("runtime.version"),
        description: layers.text("runtime.description"),
        engine_features: if engine_broken {
            Vec::new()
        } else {
            features(layers.last("engine.features"), &engine, out)
        },
        engine,
        profile: layers
            .word("build.profile", Profile::from_word)
            .unwrap_or(Said::default(Profile::Size)),
        allocator: layers
            .word("build.allocator", Allocator::from_word)
            .unwrap_or(Said::default(Allocator::System)),
        std: layers
            .word("build.std", Std::from_word)
            .unwrap_or(Said::default(Std::Prebuilt)),
        packed_relocations: layers.bool("build.packed-relocations", false),
        budget: layers.word(
            match target {
                Target::Native => "build.budget.binary",
                Target::Wasm => "build.budget.wasm",
                Target::Android => "build.budget.android",
            },
            |text| tables::parse_bytes(text).ok(),
        ),
        preset,
        modules: modules.modules,
        removed: modules.removed,
        mounts: modules.mounts,
        grants: layers.grants(),
        limits: layers.limits(),
        enforce: layers
            .word("limits.enforce", Enforce::from_word)
            .unwrap_or(Said::default(Enforce::Hard)),
        triples: match target {
            Target::Native => layers.triples(out),
            Target::Wasm => wasm::triples(&flavours),
            Target::Android => android
                .abis
                .iter()
                .map(|said| Said {
                    value: said.value.triple().to_owned(),
                    at: said.at.clone(),
                })
                .collect(),
        },
        android,
        flavours,
        npm_name: wasm::npm_name(layers.last("targets.wasm.npm.name"), out),
        broken,
    }
}

/// The settings in the order in which they win: the file's, the target's override, the command line's.
struct Layers<'a> {
    settings: Vec<&'a Setting>,
}

impl<'a> Layers<'a> {
    fn of(merged: &'a Merged, target: Target, sources: &Sources) -> Self {
        let layer = |setting: &&Setting| {
            (
                sources.is_argument(setting.key.file),
                setting.target.is_some(),
            )
        };
        let mut settings: Vec<&Setting> = merged
            .settings
            .iter()
            .filter(|setting| setting.target.is_none_or(|of| of == target))
            .collect();
        settings.sort_by_key(layer);
        Self { settings }
    }

    fn last(&self, path: &str) -> Option<&'a Setting> {
        self.settings
            .iter()
            .rev()
            .find(|setting| setting.path == path)
            .copied()
    }

    /// A string, or the default that the table of keys has.
    fn text(&self, path: &str) -> Said<String> {
        if let Some(setting) = self.last(path) {
            let text = setting.value.as_str().unwrap_or_default();
            return Said::here(text.to_owned(), &setting.value.span);
        }
        let default = keys::find(path).and_then(|key| key.default.as_deref());
        Said::default(default.unwrap_or_default().trim_matches('"').to_owned())
    }

    /// `true` or `false`.
    fn bool(&self, path: &str, default: bool) -> Said<bool> {
        let setting = self.last(path);
        let said =
            setting.and_then(|setting| Some((setting.value.as_bool()?, &setting.value.span)));
        said.map_or(Said::default(default), |(value, at)| Said::here(value, at))
    }

    /// A string that means something else.
    fn word<T>(&self, path: &str, meaning: impl Fn(&str) -> Option<T>) -> Option<Said<T>> {
        let setting = self.last(path)?;
        let value = meaning(setting.value.as_str()?)?;
        Some(Said::here(value, &setting.value.span))
    }

    /// The history of each module's entry, in the order of first appearance.
    fn modules(&self) -> Vec<Vec<&'a Setting>> {
        let mut histories: Vec<Vec<&Setting>> = Vec::new();
        let mut places: HashMap<&str, usize> = HashMap::new();
        for setting in &self.settings {
            if !setting.path.starts_with("modules.") || setting.path == PRESET {
                continue;
            }
            let place = *places.entry(&setting.path).or_insert(histories.len());
            match histories.get_mut(place) {
                Some(history) => history.push(setting),
                None => histories.push(vec![setting]),
            }
        }
        histories
    }

    fn grants(&self) -> Vec<Grant> {
        let mut grants = Vec::new();
        for kind in PERMISSIONS {
            let Some(setting) = self.last(&format!("permissions.{}", kind.key)) else {
                continue;
            };
            for item in setting.value.items() {
                grants.push(Grant {
                    kind,
                    entry: item.as_str().unwrap_or_default().to_owned(),
                    at: item.span.clone(),
                });
            }
        }
        grants
    }

    fn limits(&self) -> Vec<LimitSaid> {
        let mut limits = Vec::new();
        for limit in LIMITS {
            let Some(setting) = self.last(&format!("limits.{}", limit.key)) else {
                continue;
            };
            limits.push(LimitSaid {
                limit,
                value: written(&setting.value),
                key: setting.key.clone(),
                at: setting.value.span.clone(),
            });
        }
        limits
    }

    fn triples(&self, out: &mut Vec<Diagnostic>) -> Vec<Said<String>> {
        let Some(setting) = self.last("targets.native.triples") else {
            return vec![Said::default(triples::HOST.to_owned())];
        };
        let mut triples: Vec<Said<String>> = Vec::new();
        for item in setting.value.items() {
            let triple = item.as_str().unwrap_or_default();
            let first = triples.iter().find(|said| said.value == triple);
            if let Some(first) = first.and_then(|said| said.at.as_ref()) {
                out.push(
                    Diagnostic::error(format!("the triple `{triple}` is listed twice"))
                        .at(&item.span, "again")
                        .see(first, "first here")
                        .help("take one of them out"),
                );
                continue;
            }
            triples.push(Said::here(triple.to_owned(), &item.span));
        }
        if triples.is_empty() {
            out.push(
                Diagnostic::error("`targets.native.triples` is empty")
                    .at(&setting.value.span, "nothing would be built")
                    .help("write `[\"host\"]` for this machine"),
            );
        }
        triples
    }
}

/// A scalar as it was written, without quotes.
fn written(node: &Node) -> String {
    match &node.value {
        Value::String(text) => text.clone(),
        Value::Integer(number) => number.to_string(),
        Value::Bool(value) => value.to_string(),
        Value::Array(_) | Value::Table(_) | Value::Other(_) => String::new(),
    }
}

/// Looks the engine's features up. What another engine has is told apart from what none has.
fn features(
    setting: Option<&Setting>,
    engine: &Said<&'static EngineInfo>,
    out: &mut Vec<Diagnostic>,
) -> Vec<Said<&'static EngineFeature>> {
    let kind = engine.value.kind;
    let names: Vec<&str> = engine
        .value
        .features
        .iter()
        .map(|feature| feature.name)
        .collect();
    let mut features: Vec<Said<&'static EngineFeature>> = Vec::new();
    for item in setting.map_or(&[][..], |setting| setting.value.items()) {
        let name = item.as_str().unwrap_or_default();
        let Some(feature) = engine.value.feature(name) else {
            let elsewhere = ENGINES.iter().find(|other| other.feature(name).is_some());
            let (message, label) = match elsewhere {
                Some(other) if nearest(name, names.iter().copied()).is_none() => (
                    format!("the engine feature `{name}` is not supported on `{kind}`"),
                    format!("a feature of `{}`", other.kind),
                ),
                _ => (
                    format!("unknown engine feature `{name}`"),
                    format!("not a feature of `{kind}`"),
                ),
            };
            let help = match elsewhere {
                _ if !names.is_empty() => did_you_mean(name, "features", &names),
                Some(other) => format!(
                    "take it out, or write `kind = \"{}\"`: `{kind}` has no features to choose from",
                    other.kind
                ),
                None => format!("take it out: `{kind}` has no features to choose from"),
            };
            out.push(Diagnostic::error(message).at(&item.span, label).help(help));
            continue;
        };
        if features.iter().any(|said| said.value.name == name) {
            out.push(
                Diagnostic::warning(format!("the engine feature `{name}` is listed twice"))
                    .at(&item.span, "again")
                    .help("take one of them out"),
            );
            continue;
        }
        features.push(Said::here(feature, &item.span));
    }
    features
}
