//! The plan as a person reads it: what, and why, in aligned columns.

use std::path::Path;

use runtime_core::tables::show_bytes;

use super::{ISOLATION, MissingWay, ModuleOrigin, ModulePlan, MountFiles, Plan};
use crate::spec::{CrateSource, Std};
use crate::text::columns;

type Row = [String; 3];

impl Plan {
    /// The plan as text.
    pub fn to_text(&self) -> String {
        let mut rows = self.build_rows();
        section(
            &mut rows,
            "modules",
            self.modules.iter().map(|module| self.module_row(module)),
        );
        let grants = self
            .permissions
            .iter()
            .map(|grant| row(&grant.kind, &grant.entry, &grant.why));
        section(&mut rows, "permissions", grants);
        let mounts = self.mounts.iter().map(|mount| {
            let mode = if mount.writable { "rw" } else { "ro" };
            let files = match &mount.files {
                MountFiles::Embed(files) if files.len() == 1 => ", 1 file".to_owned(),
                MountFiles::Embed(files) => format!(", {} files", files.len()),
                MountFiles::Host(_) | MountFiles::Memory => String::new(),
            };
            let quota = mount.quota.map_or_else(String::new, |quota| {
                format!(", keeps {}", show_bytes(quota))
            });
            let what = format!("{} {mode}{files}{quota}", mount.from);
            row(&mount.at, what, &mount.why)
        });
        section(&mut rows, "mounts", mounts);
        let limits = self.limits.iter().map(|limit| {
            let why = match &limit.gap {
                None => limit.why.clone(),
                Some(gap) => format!("{}; {gap}", limit.why),
            };
            row(&limit.key, &limit.value, why)
        });
        section(&mut rows, "limits", limits);
        section(
            &mut rows,
            "cargo features",
            self.cargo_features().into_iter(),
        );
        let mut text = format!(
            "{} {} for {}\n\n{}",
            self.name,
            self.version,
            self.target.name(),
            columns(&rows)
        );
        let missing: Vec<&str> = self
            .missing
            .iter()
            .filter(|module| matches!(module.way, MissingWay::Line(_)))
            .map(|module| module.name.as_str())
            .collect();
        if !missing.is_empty() {
            text.push_str(&format!("\nnot in it: {}\n", missing.join(", ")));
        }
        text
    }

    fn build_rows(&self) -> Vec<Row> {
        let mut rows = Vec::new();
        for triple in &self.triples {
            rows.push(row("triple", &triple.value, &triple.why));
        }
        if let Some(app) = &self.app {
            let compiled = app.files.iter().filter(|file| file.compiled).count();
            let ahead = match compiled {
                0 => String::new(),
                some => format!(", {some} compiled ahead"),
            };
            let what = format!("{} of {} files{ahead}", app.entry, app.files.len());
            rows.push(row("app", what, &app.why));
        }
        if let Some(npm) = &self.npm {
            rows.push(row("package", &npm.name, &npm.why));
            for flavour in &npm.flavours {
                rows.push(row("flavour", flavour.value.word(), &flavour.why));
            }
        }
        if let Some(android) = &self.android {
            for abi in &android.abis {
                rows.push(row("abi", abi.value.word(), &abi.why));
            }
            let min_sdk = android.min_sdk.value.to_string();
            rows.push(row("min-sdk", min_sdk, &android.min_sdk.why));
            rows.push(row("package", &android.package.value, &android.package.why));
            for made in &android.artifacts {
                rows.push(row("artifact", made.value.word(), &made.why));
            }
        }
        rows.push(row("engine", &self.engine.kind, &self.engine.why));
        rows.push(row("profile", self.profile.value.word(), &self.profile.why));
        rows.push(row(
            "allocator",
            self.allocator.value.word(),
            &self.allocator.why,
        ));
        if self.std.value != Std::Prebuilt {
            rows.push(row("std", self.std.value.word(), &self.std.why));
        }
        if self.packed_relocations.value {
            rows.push(row("relocations", "packed", &self.packed_relocations.why));
        }
        if let Some(preset) = &self.preset {
            rows.push(row("preset", &preset.value, &preset.why));
        }
        if let Some(budget) = &self.budget {
            rows.push(row("budget", show_bytes(budget.value), &budget.why));
        }
        rows
    }

    fn module_row(&self, module: &ModulePlan) -> Row {
        let mut seen: Vec<String> = module.specifier.iter().cloned().collect();
        match module.globals.as_slice() {
            [] => {}
            [one] => seen.push(format!("global {one}")),
            many => seen.push(format!("{} globals", many.len())),
        }
        let from = match &module.origin {
            ModuleOrigin::Std { .. } => String::new(),
            ModuleOrigin::File { path, .. } => format!(" from {}", self.beside_spec(path)),
            ModuleOrigin::Crate {
                package, source, ..
            } => match source {
                CrateSource::Path(path) => format!(" from {}", self.beside_spec(path)),
                CrateSource::Version(version) => format!(" from {package} {version}"),
            },
        };
        row(&module.name, seen.join(", ") + &from, &module.why)
    }

    /// A path below the spec's folder as the spec would write it.
    fn beside_spec(&self, path: &Path) -> String {
        let folder = self
            .spec
            .parent()
            .and_then(|folder| folder.canonicalize().ok());
        let below = folder.and_then(|folder| path.strip_prefix(folder).ok().map(Path::to_owned));
        below.as_deref().unwrap_or(path).display().to_string()
    }

    fn cargo_features(&self) -> Vec<Row> {
        let mut rows = vec![row(
            "runtime-core",
            &self.engine.cargo_feature,
            format!("the engine, {}", self.engine.why),
        )];
        for feature in self.engine.features.iter().chain(&self.engine.for_limits) {
            rows.push(row("runtime-core", &feature.cargo_feature, &feature.why));
        }
        if let Some(why) = &self.isolated {
            rows.push(row("runtime-core", ISOLATION, why));
        }
        for module in &self.modules {
            if let ModuleOrigin::Std { package, .. } = &module.origin {
                for feature in &module.cargo_features {
                    rows.push(row(package, feature, &module.why));
                }
            }
        }
        rows
    }
}

fn section(rows: &mut Vec<Row>, title: &str, more: impl Iterator<Item = Row>) {
    let mut more = more.peekable();
    if more.peek().is_none() {
        return;
    }
    rows.push(row("", "", ""));
    rows.push(row(title, "", ""));
    rows.extend(more.map(|[what, value, why]| [format!("  {what}"), value, why]));
}

fn row(what: impl Into<String>, value: impl Into<String>, why: impl Into<String>) -> Row {
    [what.into(), value.into(), why.into()]
}
