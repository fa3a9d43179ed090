//! The plan: what would be built, and why each part of it is on.
//!
//! The boundary: a pure function of a checked spec. A plan holds plain text and paths, needs no spec beside it, and decides
//! nothing that a render would have to decide again.

mod android;
mod modules;
mod text;

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use runtime_core::engine::capabilities::Keeps;
use runtime_core::tables::Amount;
use serde::Serialize;

use crate::diagnostics::{Sources, Span};
use crate::native::Native;
use crate::spec::app::App;
use crate::spec::manifest::Catalog;
use crate::spec::mounts;
use crate::spec::{
    Allocator, CrateSource, Enforce, Expose, Flavour, Profile, Said, Spec, Std, Target,
};

pub use android::AndroidPlan;

/// The cargo feature of runtime-core that runs scripts in a process of their own.
pub(crate) const ISOLATION: &str = "isolation";

/// Everything that a render needs, with reasons.
#[derive(Clone, Debug, Serialize)]
pub struct Plan {
    /// The name of the runtime, its crate and its binary.
    pub name: String,
    /// Its version.
    pub version: String,
    /// One line about it.
    pub description: String,
    /// The spec, absolute.
    pub spec: PathBuf,
    /// The folder of Tailor's workspace, absolute.
    pub workspace: PathBuf,
    /// The kind of target.
    pub target: Target,
    /// The platforms to build for; `host` is the machine that builds.
    pub triples: Vec<Chosen<String>>,
    /// The app that ships inside.
    pub app: Option<AppPlan>,
    /// The npm package, where one is made.
    pub npm: Option<NpmPlan>,
    /// What is made for Android, where it is.
    pub android: Option<AndroidPlan>,
    /// The engine.
    pub engine: EnginePlan,
    /// Whether scripts run in a process of their own, and why.
    pub isolated: Option<String>,
    /// What the compiler optimises for.
    pub profile: Chosen<Profile>,
    /// What hands out memory.
    pub allocator: Chosen<Allocator>,
    /// Where the standard library comes from.
    pub std: Chosen<Std>,
    /// Whether the addresses that the loader fills in are packed.
    pub packed_relocations: Chosen<bool>,
    /// The most bytes that the stripped binary may have.
    pub budget: Option<Chosen<u64>>,
    /// The preset that the modules begin with.
    pub preset: Option<Chosen<String>>,
    /// The modules, in the order of the spec.
    pub modules: Vec<ModulePlan>,
    /// What scripts may do: every entry of every kind.
    pub permissions: Vec<GrantPlan>,
    /// What scripts see of the host's folders; empty: all of them.
    pub mounts: Vec<MountPlan>,
    /// The limits that were said.
    pub limits: Vec<LimitPlan>,
    /// What to do about a limit that cannot be kept.
    pub enforce: Chosen<Enforce>,
    /// Whether the program counts all memory that it uses: the engine cannot count its own, or a process of its own is to be kept
    /// to its limit, native code and all.
    pub counts_memory: bool,
    /// The standard modules that were not selected.
    pub missing: Vec<MissingPlan>,
}

/// A value and why it is the one.
#[derive(Clone, Debug, Serialize)]
pub struct Chosen<T> {
    /// The value.
    pub value: T,
    /// "asked for in runtime.toml:12", "the default", …
    pub why: String,
}

/// The engine and its features.
#[derive(Clone, Debug, Serialize)]
pub struct EnginePlan {
    /// What the spec calls it.
    pub kind: String,
    /// The cargo feature of runtime-core.
    pub cargo_feature: String,
    /// Whether it needs a C compiler for the target.
    pub needs_c: bool,
    /// Why it is the one.
    pub why: String,
    /// Its own features.
    pub features: Vec<FeaturePlan>,
    /// What the limits take, by the name of the first that takes it.
    pub for_limits: Vec<FeaturePlan>,
}

/// The app that ships inside the runtime.
#[derive(Clone, Debug, Serialize)]
pub struct AppPlan {
    /// The path of what runs, below the app's folder.
    pub entry: String,
    /// Its files, in order.
    pub files: Vec<AppFilePlan>,
    /// Why it is there.
    pub why: String,
}

/// A file of the app.
#[derive(Clone, Debug, Serialize)]
pub struct AppFilePlan {
    /// Its path below the app's folder.
    pub path: String,
    /// The file, absolute.
    pub file: PathBuf,
    /// Whether it is compiled when the runtime is built.
    pub compiled: bool,
}

/// The npm package.
#[derive(Clone, Debug, Serialize)]
pub struct NpmPlan {
    /// Its name.
    pub name: String,
    /// Why it is called so.
    pub why: String,
    /// What it is for.
    pub flavours: Vec<Chosen<Flavour>>,
}

impl NpmPlan {
    /// Whether it is for this.
    pub fn has(&self, flavour: Flavour) -> bool {
        self.flavours.iter().any(|said| said.value == flavour)
    }

    /// Whether it is for more than hosts of WASI: pages and Node share one module.
    pub fn has_shared(&self) -> bool {
        let mut flavours = self.flavours.iter();
        flavours.any(|said| said.value != Flavour::Wasi)
    }
}

/// A feature of the engine.
#[derive(Clone, Debug, Serialize)]
pub struct FeaturePlan {
    /// What the spec calls it.
    pub name: String,
    /// The cargo feature of runtime-core.
    pub cargo_feature: String,
    /// Why it is on.
    pub why: String,
}

/// A module.
#[derive(Clone, Debug, Serialize)]
pub struct ModulePlan {
    /// Its name in `[modules]`.
    pub name: String,
    /// What it is.
    pub origin: ModuleOrigin,
    /// What `import` calls it, if anything does.
    pub specifier: Option<String>,
    /// The globals that are known to come with it.
    pub globals: Vec<String>,
    /// The permissions that its functions ask for, as far as they are known.
    pub permissions: Vec<String>,
    /// The cargo features of its crate that are on. Those of a user's crate are its defaults.
    pub cargo_features: Vec<String>,
    /// Why it is on.
    pub why: String,
}

/// What a module is.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum ModuleOrigin {
    /// One of the standard set.
    Std {
        /// Its crate, as cargo calls it.
        package: String,
        /// The folder of its crate, absolute.
        folder: PathBuf,
    },
    /// A file of the user's.
    File {
        /// The file, absolute.
        path: PathBuf,
        /// What is in it.
        native: Native,
        /// Where its exports are seen.
        expose: Expose,
    },
    /// A crate of the user's, or of a registry.
    Crate {
        /// The package, as cargo calls it.
        package: String,
        /// Its library, as Rust calls it.
        library: String,
        /// Where it comes from.
        source: CrateSource,
        /// Where its exports are seen.
        expose: Expose,
    },
}

/// An entry of `[permissions]`.
#[derive(Clone, Debug, Serialize)]
pub struct GrantPlan {
    /// Its kind.
    pub kind: String,
    /// The entry.
    pub entry: String,
    /// Why it is there.
    pub why: String,
}

/// An entry of `fs.mounts`.
#[derive(Clone, Debug, Serialize)]
pub struct MountPlan {
    /// The path that a script sees.
    pub at: String,
    /// What is mounted there, as the spec writes it.
    pub from: String,
    /// Its files.
    pub files: MountFiles,
    /// Whether it may be written.
    pub writable: bool,
    /// The most bytes that are kept in memory, where any are.
    pub quota: Option<u64>,
    /// Why it is there.
    pub why: String,
}

/// Where the files of a mount come from.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum MountFiles {
    /// A folder of the machine that runs the program.
    Host(String),
    /// None at first.
    Memory,
    /// Files that ship in the program.
    Embed(Vec<EmbeddedPlan>),
}

/// A file that ships in the program for a mount.
#[derive(Clone, Debug, Serialize)]
pub struct EmbeddedPlan {
    /// Its path below the mount.
    pub path: String,
    /// The file, absolute.
    pub file: PathBuf,
}

/// A limit.
#[derive(Clone, Debug, Serialize)]
pub struct LimitPlan {
    /// Its key below `[limits]`.
    pub key: String,
    /// Its value as written.
    pub value: String,
    /// What it means.
    #[serde(skip)]
    pub amount: Amount,
    /// What it lacks of being kept, of which the spec was warned.
    pub gap: Option<String>,
    /// Why it is there.
    pub why: String,
}

/// A standard module that was not selected.
#[derive(Clone, Debug, Serialize)]
pub struct MissingPlan {
    /// Its name.
    pub name: String,
    /// Its specifier and globals.
    pub surface: Vec<String>,
    /// What to do about it.
    pub way: MissingWay,
}

/// What to do about a standard module that was not selected.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum MissingWay {
    /// This line of `[modules]` adds it.
    Line(String),
    /// Nothing adds it on this kind of target; why, and what to use.
    Unsupported(String),
}

impl Plan {
    /// Whether a module is a crate of the user's, which may depend on what Tailor's own lock file does not pin.
    pub fn adds_crates(&self) -> bool {
        let mut origins = self.modules.iter().map(|module| &module.origin);
        origins.any(|origin| matches!(origin, ModuleOrigin::Crate { .. }))
    }
}

/// Plans what a checked spec means.
pub fn plan(spec: &Spec, catalog: &Catalog, sources: &Sources, workspace: &Path) -> Plan {
    let planning = Planning { sources };
    Plan {
        name: spec.name.value.clone(),
        version: spec.version.value.clone(),
        description: spec.description.value.clone(),
        spec: spec.path.clone(),
        workspace: workspace.to_owned(),
        target: spec.target,
        triples: spec
            .triples
            .iter()
            .map(|said| planning.chosen(said))
            .collect(),
        npm: (spec.target == Target::Wasm).then(|| NpmPlan {
            name: spec.npm_name.as_ref().unwrap_or(&spec.name).value.clone(),
            why: planning.why(spec.npm_name.as_ref().and_then(|said| said.at.as_ref())),
            flavours: spec
                .flavours
                .iter()
                .filter(|said| all_work_in(spec, said.value))
                .map(|said| planning.chosen(said))
                .collect(),
        }),
        android: (spec.target == Target::Android).then(|| planning.android(spec)),
        app: spec.app.as_ref().map(|said| planning.app(said, spec)),
        engine: EnginePlan {
            kind: spec.engine.value.kind.to_owned(),
            cargo_feature: spec.engine.value.cargo_feature.to_owned(),
            needs_c: spec.engine.value.c_code.is_some(),
            why: planning.why(spec.engine.at.as_ref()),
            features: spec
                .engine_features
                .iter()
                .map(|said| FeaturePlan {
                    name: said.value.name.to_owned(),
                    cargo_feature: said.value.cargo_feature.to_owned(),
                    why: planning.why(said.at.as_ref()),
                })
                .collect(),
            for_limits: planning.for_limits(spec),
        },
        isolated: spec.isolation().map(|said| planning.why(Some(&said.at))),
        profile: planning.chosen(&spec.profile),
        allocator: planning.chosen(&spec.allocator),
        std: planning.chosen(&spec.std),
        packed_relocations: planning.chosen(&spec.packed_relocations),
        budget: spec.budget.as_ref().map(|said| planning.chosen(said)),
        preset: spec.preset.as_ref().map(|said| Chosen {
            value: said.value.name.to_owned(),
            why: planning.why(said.at.as_ref()),
        }),
        modules: spec
            .modules
            .iter()
            .map(|module| planning.module(module, spec))
            .collect(),
        permissions: planning.grants(spec),
        mounts: spec
            .mounts
            .iter()
            .map(|mount| MountPlan {
                at: mount.point.clone(),
                from: mount.from.value.clone(),
                files: mount_files(&mount.source.files),
                writable: mount.is_writable(),
                quota: mount.most(),
                why: planning.why(Some(&mount.at)),
            })
            .collect(),
        limits: spec
            .limits
            .iter()
            .map(|said| LimitPlan {
                key: said.limit.key.to_owned(),
                value: said.value.clone(),
                amount: said
                    .limit
                    .unit
                    .parse(&said.value)
                    .expect("tailor's bug: a value that was checked can be read"),
                gap: spec.gap(said),
                why: planning.why(Some(&said.at)),
            })
            .collect(),
        enforce: planning.chosen(&spec.enforce),
        counts_memory: spec.limits.iter().any(|said| {
            let keeping = spec.engine.value.keeps(said.limit.key);
            let is_help_needed = keeping.is_none_or(|keeping| keeping.how != Keeps::Itself);
            said.limit.key == "memory" && (is_help_needed || spec.isolation().is_some())
        }),
        missing: missing(spec, catalog),
    }
}

/// Whether every module that is selected works in this flavour of the package.
fn all_work_in(spec: &Spec, flavour: Flavour) -> bool {
    let mut manifests = spec
        .modules
        .iter()
        .filter_map(|module| module.kind.manifest());
    manifests.all(|manifest| {
        let flavours = manifest.flavours.as_ref();
        flavours.is_none_or(|flavours| flavours.iter().any(|name| name == flavour.word()))
    })
}

fn missing(spec: &Spec, catalog: &Catalog) -> Vec<MissingPlan> {
    let target = spec.target.name();
    let is_in = |name: &str| spec.modules.iter().any(|module| module.name == name);
    let others = catalog.iter().filter(|manifest| !is_in(&manifest.name));
    let planned = others.filter_map(|manifest| {
        let way = match manifest.targets.iter().any(|known| known == target) {
            true => MissingWay::Line(format!("{} = true", manifest.name)),
            false => MissingWay::Unsupported(manifest.unsupported.get(target)?.clone()),
        };
        Some(MissingPlan {
            name: manifest.name.clone(),
            surface: manifest.surface().map(str::to_owned).collect(),
            way,
        })
    });
    planned.collect()
}

struct Planning<'a> {
    sources: &'a Sources,
}

impl Plan {
    /// Whether a panic unwinds in a release of the binary: it does where native code of the user's is in it, whose panic is an error of
    /// the script that called it. A binary without such code is smaller, and a panic in it is a bug of the runtime.
    pub(crate) fn unwinds(&self) -> bool {
        let mut origins = self.modules.iter().map(|module| &module.origin);
        self.target == Target::Native
            && origins.any(|origin| !matches!(origin, ModuleOrigin::Std { .. }))
    }
}

impl Planning<'_> {
    fn why(&self, at: Option<&Span>) -> String {
        match at {
            Some(span) if self.sources.is_argument(span.file) => {
                format!("asked for by {}", self.sources.place(span))
            }
            Some(span) => format!("asked for in {}", self.sources.place(span)),
            None => "the default".to_owned(),
        }
    }

    fn for_limits(&self, spec: &Spec) -> Vec<FeaturePlan> {
        let mut taken: Vec<FeaturePlan> = Vec::new();
        for said in &spec.limits {
            let key = said.limit.key;
            let Some(keeping) = spec.engine.value.keeps(key) else {
                continue;
            };
            if let Some(cargo_feature) = keeping.cargo_feature {
                let is_taken = |feature: &FeaturePlan| feature.cargo_feature == cargo_feature;
                if !taken.iter().any(is_taken) {
                    taken.push(FeaturePlan {
                        name: key.to_owned(),
                        cargo_feature: cargo_feature.to_owned(),
                        why: format!("`limits.{key}` is {}", self.why(Some(&said.at))),
                    });
                }
            }
        }
        taken
    }

    fn chosen<T: Clone>(&self, said: &Said<T>) -> Chosen<T> {
        Chosen {
            value: said.value.clone(),
            why: self.why(said.at.as_ref()),
        }
    }

    fn app(&self, said: &Said<App>, spec: &Spec) -> AppPlan {
        let compiled = spec.engine.value.bytecode && spec.bytecode.value;
        let files = said.value.files.iter().map(|(path, file)| AppFilePlan {
            path: path.clone(),
            file: file.clone(),
            compiled: compiled && !path.ends_with(".json"),
        });
        AppPlan {
            entry: said.value.entry.clone(),
            files: files.collect(),
            why: self.why(said.at.as_ref()),
        }
    }

    /// Every entry once.
    fn grants(&self, spec: &Spec) -> Vec<GrantPlan> {
        let mut grants: Vec<GrantPlan> = Vec::new();
        let mut known: HashSet<(&str, &str)> = HashSet::new();
        for grant in &spec.grants {
            let kind = grant.kind.key;
            if known.insert((kind, &grant.entry)) {
                grants.push(GrantPlan {
                    kind: kind.to_owned(),
                    entry: grant.entry.clone(),
                    why: self.why(Some(&grant.at)),
                });
            }
        }
        grants
    }
}

fn mount_files(files: &mounts::Files) -> MountFiles {
    match files {
        mounts::Files::Host(folder) => MountFiles::Host(folder.clone()),
        mounts::Files::Memory => MountFiles::Memory,
        mounts::Files::Embed(files) => {
            let files = files.iter().map(|(path, file)| EmbeddedPlan {
                path: path.clone(),
                file: file.clone(),
            });
            MountFiles::Embed(files.collect())
        }
    }
}
