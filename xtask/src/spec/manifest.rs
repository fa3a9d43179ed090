//! The manifests of the standard modules: `runtime-std/<name>/module.toml`.
//!
//! From a manifest come the spec's checks, the schema, `explain`, `list-modules` and the table in the README. The boundary:
//! reading and judging manifests. What a spec makes of them is `spec`'s.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::path::{Path, PathBuf};

use runtime_core::tables::PERMISSIONS;
use serde::{Deserialize, Serialize};

use super::presets::Preset;
use crate::diagnostics::{Diagnostic, Report, Sources, Span, did_you_mean};
use crate::spec::TARGETS;
use crate::spec::keys::{Choice, Key, Kind};
use crate::spec::values::MODULE_CRATES;
use crate::spec::wasm::FLAVOURS;

/// All manifests, in the order of their names.
#[derive(Clone, Debug, Default)]
pub struct Catalog {
    modules: Vec<Manifest>,
}

/// One module of the standard set.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Manifest {
    /// Its name: the folder, the package after `module-`, the key in `[modules]`.
    pub name: String,
    /// What it is, in one line.
    pub summary: String,
    /// What it is, as markdown.
    #[serde(default)]
    pub doc: String,
    /// What `import` calls it; absent: it is seen only through its globals.
    #[serde(default)]
    pub specifier: Option<String>,
    /// The globals that it defines.
    #[serde(default)]
    pub globals: Vec<String>,
    /// The names that an import of it gives.
    #[serde(default)]
    pub exports: Vec<String>,
    /// The kinds of permission that its functions ask for.
    #[serde(default)]
    pub permissions: Vec<String>,
    /// The presets that it is in; `all` has every module.
    #[serde(default)]
    pub presets: Vec<String>,
    /// Modules that must be selected beside it.
    #[serde(default)]
    pub requires: Vec<String>,
    /// Modules that it brings along.
    #[serde(default)]
    pub implies: Vec<String>,
    /// Modules that cannot be selected beside it.
    #[serde(default)]
    pub conflicts: Vec<String>,
    /// The kinds of target that it supports.
    pub targets: Vec<String>,
    /// The flavours of the npm package that it supports, when it does not support all.
    #[serde(default)]
    pub flavours: Option<Vec<String>>,
    /// Why it does not support the others, and what to use there.
    #[serde(default)]
    pub unsupported: BTreeMap<String, String>,
    /// The version of Tailor that brought it. A crate of somebody else's came with none.
    #[serde(default)]
    pub since: String,
    /// What can be set: `fs = { mounts = … }`.
    #[serde(default)]
    pub options: Vec<OptionRow>,
    /// The folder of its crate, absolute.
    #[serde(skip)]
    pub folder: PathBuf,
}

/// An option of a module, or a field of one.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct OptionRow {
    /// The key.
    pub key: String,
    /// What its value is, by the names in [`OptionRow::to_key`].
    #[serde(rename = "type")]
    pub ty: String,
    /// The words of a choice.
    #[serde(default)]
    pub choices: Vec<String>,
    /// The keys of each table in a list of tables.
    #[serde(default)]
    pub fields: Vec<OptionRow>,
    /// What holds when it is absent, as it would be written.
    #[serde(default)]
    pub default: Option<String>,
    /// Meaning, interactions, and what it does not protect against.
    pub doc: String,
    /// A value as it may be written.
    pub example: String,
    /// The cargo feature of the module's crate that is on while the option is true.
    #[serde(default)]
    pub feature: Option<String>,
    /// What a spec says, of an option with a feature.
    #[serde(skip)]
    pub said: Option<bool>,
}

const OPTION_TYPES: &[&str] = &[
    "boolean",
    "count",
    "text",
    "texts",
    "bytes",
    "duration",
    "rate",
    "choice",
    "tables",
    "mount-point",
    "mount-source",
];

impl OptionRow {
    /// Whether it is true, as the spec or its default says.
    fn is_on(&self) -> bool {
        self.said
            .unwrap_or_else(|| self.default.as_deref() == Some("true"))
    }

    /// The same as a row of the table of keys.
    fn to_key(&self, parent: &str) -> Option<Key> {
        let path = if parent.is_empty() {
            self.key.clone()
        } else {
            format!("{parent}.{}", self.key)
        };
        let kind = match self.ty.as_str() {
            "boolean" => Kind::Bool,
            "count" => Kind::Count,
            "text" => Kind::Text,
            "texts" => Kind::Texts,
            "bytes" => Kind::Bytes,
            "duration" => Kind::Duration,
            "rate" => Kind::Rate,
            "mount-point" => Kind::MountPoint,
            "mount-source" => Kind::MountSource,
            "choice" => Kind::Choice(
                self.choices
                    .iter()
                    .map(|name| Choice {
                        name: name.clone().into(),
                        doc: "".into(),
                        not_yet: None,
                    })
                    .collect(),
            ),
            "tables" => Kind::Rows(
                self.fields
                    .iter()
                    .map(|field| field.to_key(&path))
                    .collect::<Option<_>>()?,
            ),
            _ => return None,
        };
        Some(Key {
            path: path.into(),
            kind,
            default: self.default.clone().map(Cow::Owned),
            doc: self.doc.clone().into(),
            example: self.example.clone().into(),
            not_yet: None,
        })
    }
}

impl Manifest {
    /// Its crate, as cargo calls it.
    pub fn package(&self) -> String {
        format!("{MODULE_CRATES}{}", self.name)
    }

    /// The modules that must be there with it.
    pub fn needs(&self) -> impl Iterator<Item = &str> {
        let needs = self.requires.iter().chain(&self.implies);
        needs.map(String::as_str)
    }

    /// What is wrong with it, each with what mends it: names that do not exist, options without a type, nothing to see. `names`
    /// are the modules that it may speak of.
    pub fn mistakes(&self, names: &[&str]) -> Vec<(String, String)> {
        let kinds: Vec<&str> = PERMISSIONS.iter().map(|kind| kind.key).collect();
        let targets: Vec<&str> = TARGETS.iter().map(|(name, _)| *name).collect();
        let mut out = Vec::new();
        let mut known = |words: &mut dyn Iterator<Item = &String>, what: &str, known: &[&str]| {
            for word in words.filter(|word| !known.contains(&word.as_str())) {
                let message = format!("unknown {what} `{word}`");
                out.push((message, did_you_mean(word, "names", known)));
            }
        };
        known(&mut self.permissions.iter(), "permission", &kinds);
        known(&mut self.presets.iter(), "preset", &Preset::listed());
        known(&mut self.targets.iter(), "target", &targets);
        known(&mut self.unsupported.keys(), "target", &targets);
        let mut flavours = self.flavours.iter().flatten();
        known(&mut flavours, "flavour", FLAVOURS);
        let relations = [&self.requires, &self.implies, &self.conflicts];
        known(&mut relations.into_iter().flatten(), "module", names);
        let options = self.options.iter();
        let types = options.flat_map(|option| {
            std::iter::once(&option.ty).chain(option.fields.iter().map(|field| &field.ty))
        });
        known(&mut types.into_iter(), "type", OPTION_TYPES);
        for (key, word) in self.repeated() {
            let message = format!("`{key}` has `{word}` twice");
            out.push((message, "remove one of them".to_owned()));
        }
        let options = self.options.iter();
        let switches = options.filter(|option| option.feature.is_some());
        for option in switches.filter(|option| option.ty != "boolean") {
            let (key, ty) = (&option.key, &option.ty);
            let message = format!("the option `{key}` has a `feature` and the type `{ty}`");
            let help = "a cargo feature is on or off: make the type `boolean`";
            out.push((message, help.to_owned()));
        }
        if self.surface().next().is_none() {
            let help = "give it a `specifier`, or `globals`";
            out.push(("nothing of it can be seen".to_owned(), help.to_owned()));
        }
        if self.summary.is_empty() || self.summary.contains('\n') {
            let message = "its `summary` is not one line";
            out.push((message.to_owned(), "write one line".to_owned()));
        }
        out
    }

    /// Its options as rows of the table of keys: `fs.mounts`.
    pub fn keys(&self) -> Vec<Key> {
        self.options
            .iter()
            .filter_map(|option| option.to_key(&self.name))
            .collect()
    }

    /// The cargo features of its crate that its options turn on.
    pub fn features(&self) -> impl Iterator<Item = &str> {
        self.options
            .iter()
            .filter(|option| option.is_on())
            .filter_map(|option| option.feature.as_deref())
    }

    /// Whether it can be told something by that name.
    pub fn has_option(&self, key: &str) -> bool {
        self.options.iter().any(|option| option.key == key)
    }

    /// What its lists name more than once: the key of the list, and the name.
    fn repeated(&self) -> Vec<(&'static str, &str)> {
        let lists = [
            ("globals", &self.globals),
            ("exports", &self.exports),
            ("presets", &self.presets),
            ("permissions", &self.permissions),
            ("targets", &self.targets),
            ("requires", &self.requires),
            ("implies", &self.implies),
            ("conflicts", &self.conflicts),
        ];
        let words = lists
            .into_iter()
            .flat_map(|(key, words)| words.iter().map(move |word| (key, word.as_str())));
        let options = self
            .options
            .iter()
            .map(|option| ("options", option.key.as_str()));
        let mut seen = BTreeSet::new();
        words
            .chain(options)
            .filter(|&row| !seen.insert(row))
            .collect()
    }

    /// What makes it seen: its specifier, then its globals.
    pub fn surface(&self) -> impl Iterator<Item = &str> {
        self.specifier
            .iter()
            .chain(&self.globals)
            .map(String::as_str)
    }
}

impl Catalog {
    /// Reads every `<name>/module.toml` below a folder, and judges the manifests alone and against each other.
    pub fn load(folder: &Path) -> Result<Self, Report> {
        let mut report = Report {
            sources: Sources::default(),
            diagnostics: Vec::new(),
        };
        let mut modules = Vec::new();
        for (name, path) in manifest_paths(folder)? {
            let text = std::fs::read_to_string(&path).map_err(|error| {
                Report::error(format!(
                    "cannot read the manifest `{}`: {error}",
                    path.display()
                ))
            })?;
            match toml::from_str::<Manifest>(&text) {
                Ok(mut manifest) => {
                    if manifest.name != name {
                        report.diagnostics.push(wrong(
                            &name,
                            format!("its `name` is `{}`", manifest.name),
                            "the name of a module is the name of its folder",
                        ));
                    }
                    manifest.folder = folder.join(&name);
                    modules.push(manifest);
                }
                Err(error) => {
                    let range = error.span().unwrap_or(0..0);
                    let file = report.sources.add(path.display().to_string(), path, text);
                    let message = format!("manifest of `{name}`: {}", error.message());
                    report
                        .diagnostics
                        .push(Diagnostic::error(message).at(&Span { file, range }, ""));
                }
            }
        }
        let catalog = Self::of(modules);
        report.diagnostics.extend(catalog.judge());
        if report.diagnostics.is_empty() {
            return Ok(catalog);
        }
        Err(report)
    }

    /// A catalogue of these manifests.
    pub fn of(mut modules: Vec<Manifest>) -> Self {
        modules.sort_by(|a, b| a.name.cmp(&b.name));
        Self { modules }
    }

    /// The module of this name.
    pub fn get(&self, name: &str) -> Option<&Manifest> {
        self.modules.iter().find(|module| module.name == name)
    }

    /// All modules.
    pub fn iter(&self) -> impl Iterator<Item = &Manifest> {
        self.modules.iter()
    }

    /// All names.
    pub fn names(&self) -> Vec<&str> {
        self.iter().map(|module| module.name.as_str()).collect()
    }

    /// What is wrong with the manifests: each alone, and what they say of each other.
    pub fn judge(&self) -> Vec<Diagnostic> {
        let names = self.names();
        let mut out = Vec::new();
        for module in &self.modules {
            let mistakes = module.mistakes(&names).into_iter();
            out.extend(mistakes.map(|(message, help)| wrong(&module.name, message, help)));
            if semver::Version::parse(&module.since).is_err() {
                let message = format!("its `since` is `{}`", module.since);
                let help = "write a version, as in `0.1.0`";
                out.push(wrong(&module.name, message, help));
            }
            if let Some(way) = self.way_back(module) {
                let message = format!("it needs itself: {}", way.join(" → "));
                let help = "move what both need into a module that needs neither";
                out.push(wrong(&module.name, message, help));
            }
        }
        out
    }

    /// The way from a module by what each needs back to itself, when there is one.
    fn way_back<'m>(&'m self, module: &'m Manifest) -> Option<Vec<&'m str>> {
        let mut ways = vec![vec![module.name.as_str()]];
        let mut seen = HashSet::new();
        while let Some(way) = ways.pop() {
            let last = way.last().and_then(|name| self.get(name));
            for need in last.into_iter().flat_map(Manifest::needs) {
                let mut longer = way.clone();
                longer.push(need);
                if need == module.name {
                    return Some(longer);
                }
                if seen.insert(need) {
                    ways.push(longer);
                }
            }
        }
        None
    }
}

fn wrong(name: &str, message: impl AsRef<str>, help: impl Into<String>) -> Diagnostic {
    Diagnostic::error(format!("manifest of `{name}`: {}", message.as_ref())).help(help)
}

/// The folders that have a manifest, by name.
fn manifest_paths(folder: &Path) -> Result<Vec<(String, PathBuf)>, Report> {
    let entries = std::fs::read_dir(folder).map_err(|error| {
        Report::error(format!(
            "cannot list the modules in `{}`: {error}",
            folder.display()
        ))
    })?;
    let mut paths: Vec<(String, PathBuf)> = entries
        .filter_map(Result::ok)
        .map(|entry| {
            (
                entry.file_name().to_string_lossy().into_owned(),
                entry.path().join("module.toml"),
            )
        })
        .filter(|(_, path)| path.is_file())
        .collect();
    paths.sort();
    Ok(paths)
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = r#"
        name = "a"
        summary = "An a."
        specifier = "runtime:a"
        targets = ["native"]
        since = "0.1.0"
    "#;

    #[track_caller]
    fn check(more: &str, expect: &[&str]) {
        let manifest = toml::from_str(&format!("{GOOD}\n{more}")).expect("a manifest");
        let found: Vec<String> = Catalog::of(vec![manifest])
            .judge()
            .into_iter()
            .map(|diagnostic| diagnostic.message)
            .collect();
        assert_eq!(found, expect);
    }

    #[test]
    fn manifests_are_judged() {
        check("", &[]);
        check(
            "permissions = [\"rad\"]\nimplies = [\"b\"]\npresets = [\"web\", \"all\"]",
            &[
                "manifest of `a`: unknown permission `rad`",
                "manifest of `a`: unknown preset `all`",
                "manifest of `a`: unknown module `b`",
            ],
        );
        check(
            "options = [{ key = \"x\", type = \"byte\", doc = \"\", example = \"\" }]",
            &["manifest of `a`: unknown type `byte`"],
        );
        check(
            "options = [{ key = \"x\", type = \"text\", doc = \"\", example = \"\", feature = \"y\" }]",
            &["manifest of `a`: the option `x` has a `feature` and the type `text`"],
        );
    }

    #[test]
    fn an_option_turns_its_feature_on() {
        let text = format!(
            "{GOOD}\noptions = [ \
                {{ key = \"on\", type = \"boolean\", default = \"true\", doc = \"\", example = \"\", feature = \"a\" }}, \
                {{ key = \"off\", type = \"boolean\", default = \"false\", doc = \"\", example = \"\", feature = \"b\" }}]"
        );
        let mut manifest: Manifest = toml::from_str(&text).expect("a manifest");
        assert_eq!(manifest.features().collect::<Vec<_>>(), ["a"]);
        manifest.options[0].said = Some(false);
        manifest.options[1].said = Some(true);
        assert_eq!(manifest.features().collect::<Vec<_>>(), ["b"]);
    }

    #[test]
    fn a_list_names_nothing_twice() {
        check("exports = [\"x\", \"y\"]\nglobals = [\"x\"]", &[]);
        check(
            "exports = [\"x\", \"y\", \"x\"]\npermissions = [\"read\", \"read\"]",
            &[
                "manifest of `a`: `exports` has `x` twice",
                "manifest of `a`: `permissions` has `read` twice",
            ],
        );
        let option = "{ key = \"x\", type = \"boolean\", doc = \"\", example = \"\" }";
        check(
            &format!("options = [{option}, {option}]"),
            &["manifest of `a`: `options` has `x` twice"],
        );
    }

    #[test]
    fn a_module_does_not_need_itself_by_others() {
        let module = |name: &str, more: &str| {
            let text = GOOD.replace("name = \"a\"", &format!("name = \"{name}\""));
            toml::from_str(&format!("{text}\n{more}")).expect("a manifest")
        };
        let catalog = Catalog::of(vec![
            module("a", "requires = [\"b\"]"),
            module("b", "implies = [\"c\"]"),
            module("c", "requires = [\"b\"]"),
        ]);
        let found = catalog.judge().into_iter();
        let found: Vec<String> = found.map(|diagnostic| diagnostic.message).collect();
        let expect = [
            "manifest of `b`: it needs itself: b → c → b",
            "manifest of `c`: it needs itself: c → b → c",
        ];
        assert_eq!(found, expect);
    }
}
