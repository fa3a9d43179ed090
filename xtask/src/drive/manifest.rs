//! `manifest.json`: what is in a binary, for programs: installers, updaters, audits.
//!
//! The boundary: the shape of the file. It names no path of the machine that built.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::plan::{ModuleOrigin, Plan};
use crate::size::{Group, SizeReport};
use crate::spec::CrateSource;

/// What is in a binary.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct Manifest {
    /// The version of Tailor.
    pub(crate) tailor: String,
    pub(crate) name: String,
    pub(crate) version: String,
    pub(crate) description: String,
    pub(crate) target: String,
    pub(crate) triple: String,
    pub(crate) profile: String,
    pub(crate) allocator: String,
    pub(crate) engine: EngineRow,
    pub(crate) modules: Vec<ModuleRow>,
    /// Every kind that has an entry.
    pub(crate) permissions: BTreeMap<String, Vec<String>>,
    pub(crate) mounts: Vec<MountRow>,
    pub(crate) limits: Vec<LimitRow>,
    pub(crate) binary: BinaryRow,
    /// The command for hosts of WASI, where it stands beside a module for pages.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) command: Option<BinaryRow>,
    /// What is made for Android, of which `binary` is the first library.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) android: Option<AndroidRow>,
    pub(crate) size: SizeReport,
    pub(crate) rustc: String,
    /// What else compiled it, in words, where there is a choice.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) backend: Option<String>,
    /// The SHA-256 of the lock file.
    pub(crate) lock: String,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct EngineRow {
    pub(crate) kind: String,
    /// The version of its crate.
    pub(crate) version: String,
    pub(crate) features: Vec<String>,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct ModuleRow {
    pub(crate) name: String,
    /// `std`, `file` or `crate`.
    pub(crate) origin: String,
    /// The file's name, or the package and its version.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) from: Option<String>,
    pub(crate) specifier: Option<String>,
    pub(crate) globals: Vec<String>,
    pub(crate) why: String,
    /// The bytes of its code.
    pub(crate) bytes: u64,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct MountRow {
    pub(crate) at: String,
    pub(crate) from: String,
    pub(crate) writable: bool,
    /// The most bytes that are kept in memory, where any are.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) quota: Option<u64>,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct LimitRow {
    pub(crate) key: String,
    pub(crate) value: String,
    pub(crate) kept: bool,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct BinaryRow {
    pub(crate) file: String,
    pub(crate) bytes: u64,
    pub(crate) gzipped: u64,
    /// Its length when a server sends it so; of modules for the web.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) brotli: Option<u64>,
    pub(crate) sha256: String,
    /// Whether the symbols were taken out.
    pub(crate) stripped: bool,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct AndroidRow {
    pub(crate) package: String,
    pub(crate) min_sdk: u32,
    /// What it is fit for: `release`, or `testing` where there was no NDK.
    pub(crate) fit_for: String,
    pub(crate) abis: Vec<AbiRow>,
    /// The archive, where it was made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) aar: Option<FileRow>,
}

/// What there is for one kind of processor.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct AbiRow {
    pub(crate) abi: String,
    pub(crate) triple: String,
    /// What compiled it, in words.
    pub(crate) backend: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) library: Option<FileRow>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) command: Option<FileRow>,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct FileRow {
    pub(crate) file: String,
    pub(crate) bytes: u64,
    pub(crate) gzipped: u64,
    pub(crate) sha256: String,
}

/// What a plan does not say: it is known when the binary is there.
#[derive(Clone, Debug)]
pub(crate) struct Facts {
    pub(crate) triple: String,
    pub(crate) engine_version: String,
    pub(crate) binary: BinaryRow,
    pub(crate) size: SizeReport,
    pub(crate) rustc: String,
    pub(crate) backend: Option<String>,
    pub(crate) lock: String,
}

impl Manifest {
    /// The manifest of a binary that was built after a plan.
    pub(crate) fn of(plan: &Plan, facts: Facts) -> Self {
        let mut permissions: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for grant in &plan.permissions {
            permissions
                .entry(grant.kind.clone())
                .or_default()
                .push(grant.entry.clone());
        }
        let modules = plan.modules.iter().map(|module| {
            let (origin, from) = match &module.origin {
                ModuleOrigin::Std { .. } => ("std", None),
                ModuleOrigin::File { path, .. } => (
                    "file",
                    path.file_name()
                        .map(|name| name.to_string_lossy().into_owned()),
                ),
                ModuleOrigin::Crate {
                    package,
                    source: CrateSource::Path(_),
                    ..
                } => ("crate", Some(package.clone())),
                ModuleOrigin::Crate {
                    package,
                    source: CrateSource::Version(version),
                    ..
                } => ("crate", Some(format!("{package} {version}"))),
            };
            ModuleRow {
                name: module.name.clone(),
                origin: origin.to_owned(),
                from,
                specifier: module.specifier.clone(),
                globals: module.globals.clone(),
                why: module.why.clone(),
                bytes: facts.size.bytes_of(Group::Modules, &module.name),
            }
        });
        let mounts = plan.mounts.iter().map(|mount| MountRow {
            at: mount.at.clone(),
            from: mount.from.clone(),
            writable: mount.writable,
            quota: mount.quota,
        });
        let limits = plan.limits.iter().map(|limit| LimitRow {
            key: limit.key.clone(),
            value: limit.value.clone(),
            kept: limit.gap.is_none(),
        });
        Self {
            tailor: env!("CARGO_PKG_VERSION").to_owned(),
            name: plan.name.clone(),
            version: plan.version.clone(),
            description: plan.description.clone(),
            target: plan.target.name().to_owned(),
            triple: facts.triple,
            profile: plan.profile.value.word().to_owned(),
            allocator: plan.allocator.value.word().to_owned(),
            engine: EngineRow {
                kind: plan.engine.kind.clone(),
                version: facts.engine_version,
                features: plan
                    .engine
                    .features
                    .iter()
                    .map(|feature| feature.name.clone())
                    .collect(),
            },
            modules: modules.collect(),
            permissions,
            mounts: mounts.collect(),
            limits: limits.collect(),
            binary: facts.binary,
            command: None,
            android: None,
            size: facts.size,
            rustc: facts.rustc,
            backend: facts.backend,
            lock: facts.lock,
        }
    }
}
