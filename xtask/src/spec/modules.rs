//! What the entries of `[modules]` mean: a module of the standard set, a file, a crate, or the removal of one.
//!
//! The boundary: one entry at a time, then what the selected modules bring along. What must hold between modules is `rules`.

mod described;
mod own;

use super::keys::Key;
use super::manifest::{Catalog, Manifest};
use super::presets::Selection;
use super::raw::{self, Setting, Value};
use super::values;
use super::{Because, Module, ModuleKind, MountSaid, Removed, mounts};
use crate::diagnostics::{Diagnostic, Sources, did_you_mean, list, nearest};

/// What `[modules]` says, as a whole.
#[derive(Debug, Default)]
pub struct Modules {
    /// The selected ones.
    pub modules: Vec<Module>,
    /// The removals.
    pub removed: Vec<Removed>,
    /// The entries of `fs.mounts`.
    pub mounts: Vec<MountSaid>,
    /// Names whose entries were refused.
    pub broken: Vec<String>,
}

/// Resolves the entries, given as the history of each name: the last one counts, whichever file says
/// it. A preset selects what no entry names.
pub fn resolve(
    entries: &[Vec<&Setting>],
    preset: Option<Selection<'_>>,
    catalog: &Catalog,
    sources: &mut Sources,
    out: &mut Vec<Diagnostic>,
) -> Modules {
    let mut modules = Modules::default();
    let mut own = own::Seen::default();
    if let Some(preset) = preset {
        let has_entry = |name: &str| {
            let mut last = entries.iter().filter_map(|history| history.last());
            last.any(|setting| setting.path.strip_prefix("modules.") == Some(name))
        };
        let selected = catalog
            .iter()
            .filter(|manifest| preset.selects(manifest) && !has_entry(&manifest.name));
        modules.modules.extend(selected.map(|manifest| Module {
            name: manifest.name.clone(),
            kind: ModuleKind::Std(Box::new(manifest.clone())),
            because: Because::Preset {
                name: preset.preset.name,
                at: preset.at.clone(),
            },
        }));
    }
    for history in entries {
        let Some(last) = history.last() else { continue };
        let name = last.path.trim_start_matches("modules.").to_owned();
        let before = out.len();
        let in_preset = preset
            .zip(catalog.get(&name))
            .is_some_and(|(preset, manifest)| preset.preset.holds(manifest));
        let module = Entry {
            name: &name,
            setting: last,
            was_selected: in_preset
                || history[..history.len() - 1]
                    .iter()
                    .any(|earlier| earlier.value.as_bool() != Some(false)),
            catalog,
            sources,
            out,
            own: &mut own,
        }
        .resolve(&mut modules);
        match module {
            Some(module) if out.len() == before => modules.modules.push(module),
            _ if out.len() > before => modules.broken.push(name),
            _ => {}
        }
    }
    bring_along(&mut modules, catalog);
    modules
}

/// Adds what the selected modules imply, each after the ones that were asked for.
fn bring_along(modules: &mut Modules, catalog: &Catalog) {
    let mut next = 0;
    while let Some(module) = modules.modules.get(next) {
        next += 1;
        let Some(manifest) = module.kind.manifest() else {
            continue;
        };
        let because = Because::NeededBy(module.name.clone());
        for name in manifest.implies.clone() {
            let known = modules.modules.iter().any(|module| module.name == name)
                || modules.broken.contains(&name);
            let Some(manifest) = catalog.get(&name).filter(|_| !known) else {
                continue;
            };
            modules.modules.push(Module {
                name,
                kind: ModuleKind::Std(Box::new(manifest.clone())),
                because: because.clone(),
            });
        }
    }
}

struct Entry<'a> {
    name: &'a str,
    setting: &'a Setting,
    was_selected: bool,
    catalog: &'a Catalog,
    sources: &'a mut Sources,
    out: &'a mut Vec<Diagnostic>,
    /// The modules of the user's that were looked at before.
    own: &'a mut own::Seen,
}

impl Entry<'_> {
    fn resolve(mut self, modules: &mut Modules) -> Option<Module> {
        let value = &self.setting.value;
        match &value.value {
            Value::Bool(false) => {
                self.remove(modules);
                None
            }
            Value::Bool(true) => self.standard(&[], modules),
            Value::Table(_) if value.get("path").is_some() || value.get("crate").is_some() => {
                self.own()
            }
            Value::Table(entries) if self.is_own_misspelt(entries) => {
                self.unknown_keys();
                None
            }
            Value::Table(_) => self.standard(value.entries(), modules),
            _ => {
                self.out.push(
                    Diagnostic::error(format!(
                        "`modules.{}` must be `true`, `false` or a table, found {}",
                        self.name,
                        value.what()
                    ))
                    .at(&value.span, "expected `true`, `false` or a table")
                    .help(match self.catalog.get(self.name) {
                        Some(_) => format!("write `{} = true`", self.name),
                        None => format!(
                            "for a file of your own: `{} = {{ path = \"native/{}.rs\" }}`",
                            self.name, self.name
                        ),
                    }),
                );
                None
            }
        }
    }

    /// Whether a table is that of a module of one's own, with a slip in `path` or `crate`.
    fn is_own_misspelt(&self, entries: &[raw::Entry]) -> bool {
        let is_near = |entry: &raw::Entry| nearest(&entry.key, own::KEYS.iter().copied()).is_some();
        self.catalog.get(self.name).is_none() && entries.iter().any(is_near)
    }

    fn remove(&mut self, modules: &mut Modules) {
        if !self.was_selected && self.catalog.get(self.name).is_none() {
            return self.unknown();
        }
        modules.removed.push(Removed {
            name: self.name.to_owned(),
            at: self.setting.key.clone(),
            was_selected: self.was_selected,
        });
    }

    fn module(&self, kind: ModuleKind) -> Option<Module> {
        Some(Module {
            name: self.name.to_owned(),
            kind,
            because: Because::Said(self.setting.key.clone()),
        })
    }

    fn unknown(&mut self) {
        let names = self.catalog.names();
        let near = nearest(self.name, names.iter().copied());
        let diagnostic = Diagnostic::error(format!("unknown module `{}`", self.name))
            .at(&self.setting.key, "not a module of the standard set");
        self.out.push(match near {
            Some(near) => diagnostic.help(format!("did you mean `{near}`?")),
            None => diagnostic.help(did_you_mean(self.name, "modules", &names)).help(format!(
                "for a module of your own, say where it is: `{0} = {{ path = \"native/{0}.rs\" }}`",
                self.name
            )),
        });
    }

    fn standard(&mut self, options: &[raw::Entry], modules: &mut Modules) -> Option<Module> {
        let Some(manifest) = self.catalog.get(self.name) else {
            self.unknown();
            return None;
        };
        let keys = manifest.keys();
        let names: Vec<&str> = keys.iter().map(Key::name).collect();
        for option in options {
            let text = self.sources.get(option.key_span.file).text.as_str();
            match keys.iter().find(|key| key.name() == option.key) {
                Some(key) => {
                    values::check(key, &option.node, text, self.out);
                }
                None => self.out.push(unknown_option(manifest, option, &names)),
            }
        }
        if let Some(option) = options.iter().find(|option| option.key == "mounts") {
            for (at, item) in option.node.items().iter().enumerate() {
                if at == mounts::MOST {
                    let most = mounts::MOST;
                    self.out.push(
                        Diagnostic::error(format!("there are more than {most} mounts"))
                            .at(&item.span, "this one is too many")
                            .help("mount a folder above several of them"),
                    );
                    break;
                }
                modules
                    .mounts
                    .extend(mounts::resolve(item, self.sources, self.out));
            }
        }
        let mut manifest = manifest.clone();
        for row in &mut manifest.options {
            let said = options.iter().find(|option| option.key == row.key);
            row.said = said.and_then(|option| option.node.as_bool());
        }
        self.module(ModuleKind::Std(Box::new(manifest)))
    }
}

fn unknown_option(manifest: &Manifest, option: &raw::Entry, names: &[&str]) -> Diagnostic {
    let diagnostic = Diagnostic::error(format!(
        "unknown option `{}` of `{}`",
        option.key, manifest.name
    ))
    .at(
        &option.key_span,
        format!("not an option of `{}`", manifest.name),
    );
    if option.key == "expose" {
        let surface: Vec<&str> = manifest.surface().collect();
        return diagnostic.help(format!(
            "`expose` is for modules of your own; `{}` is seen as {}",
            manifest.name,
            list(&surface)
        ));
    }
    if names.is_empty() {
        return diagnostic.help(format!("it has none: write `{} = true`", manifest.name));
    }
    diagnostic.help(did_you_mean(&option.key, "options", names))
}
