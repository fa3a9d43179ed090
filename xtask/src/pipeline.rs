//! From the command line to a checked spec: how every command gets its plan.
//!
//! The boundary: it calls the stages in order and stops before the first that would act on a wrong spec.

use std::path::{Path, PathBuf};

use clap::Args;

use crate::diagnostics::{Diagnostic, FileId, Report, Sources};
use crate::plan::{self, Plan};
use crate::spec::include::Merged;
use crate::spec::manifest::Catalog;
use crate::spec::{Profile, Spec, TARGETS, Target, include, resolve, rules};

/// Which spec, and what the command line sets in it.
#[derive(Args, Clone, Debug, Default)]
pub struct SpecArgs {
    /// The spec, or a folder with a `runtime.toml`; without it, the one here, or else the workspace's
    #[arg(long, value_name = "PATH")]
    pub spec: Option<PathBuf>,
    /// Sets a key for this run: `--set build.allocator=mimalloc`
    #[arg(long, value_name = "KEY=VALUE")]
    pub set: Vec<String>,
    /// The profile for this run: size, speed or debug; `run` and `types` take debug without it
    #[arg(long, value_name = "PROFILE")]
    pub profile: Option<String>,
    /// The kind of target
    #[arg(long, value_name = "TARGET", default_value = "native", value_parser = parse_target)]
    pub target: Target,
}

impl SpecArgs {
    /// The same in another profile than the spec's, unless the command line says one.
    #[must_use]
    pub fn in_profile(&self, profile: Profile) -> Self {
        let is_key = |set: &String| {
            let key = set.split('=').next().unwrap_or_default();
            key.trim() == "build.profile"
        };
        let mut args = self.clone();
        if !self.set.iter().any(is_key) {
            args.profile
                .get_or_insert_with(|| profile.word().to_owned());
        }
        args
    }

    /// What is set, as the option that sets it and `key=value`.
    pub fn arguments(&self) -> Vec<(&'static str, String)> {
        let sets = self.set.iter().map(|set| ("--set", set.clone()));
        let profile = self.profile.iter();
        sets.chain(profile.map(|name| ("--profile", format!("build.profile={name}"))))
            .collect()
    }
}

/// A spec that holds, with the texts it was read from and what it was warned about.
#[derive(Debug)]
pub struct Checked {
    /// What it means.
    pub spec: Spec,
    /// The texts.
    pub sources: Sources,
    /// The spec's own text in [`Checked::sources`].
    pub root: FileId,
    /// The standard modules.
    pub catalog: Catalog,
    /// What was said and then ignored.
    pub warnings: Vec<Diagnostic>,
}

impl Checked {
    /// What would be built.
    pub fn plan(&self) -> Plan {
        plan::plan(&self.spec, &self.catalog, &self.sources, &workspace())
    }

    /// The warnings as a report.
    pub fn warnings(&self) -> Report {
        Report {
            sources: self.sources.clone(),
            diagnostics: self.warnings.clone(),
        }
    }
}

/// The folder of the workspace.
pub fn workspace() -> PathBuf {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).parent();
    folder.unwrap_or(Path::new(".")).to_owned()
}

/// The manifests of the standard modules.
pub fn catalog() -> Result<Catalog, Report> {
    Catalog::load(&workspace().join("runtime-std"))
}

/// Reads, resolves and judges a spec. All errors come at once; with an error there is no spec.
pub fn load(args: &SpecArgs) -> Result<Checked, Report> {
    let (shown, path) = locate(args.spec.as_deref());
    check(&shown, &path, &args.arguments(), args.target, catalog()?)
}

/// The pure part of [`load`]: `arguments` are options of the command line and the `key=value` of each.
pub fn check(
    shown: &str,
    path: &Path,
    arguments: &[(&'static str, String)],
    target: Target,
    catalog: Catalog,
) -> Result<Checked, Report> {
    let mut report = Report::default();
    let (sources, found) = (&mut report.sources, &mut report.diagnostics);
    match include::read(shown, path, arguments, sources, found) {
        Some(merged) => judge(&merged, target, catalog, report),
        None => Err(report),
    }
}

/// The same for a text at hand, as if it stood in the file at `path`.
pub fn check_text(
    path: &Path,
    text: String,
    arguments: &[(&'static str, String)],
    target: Target,
    catalog: Catalog,
) -> Result<Checked, Report> {
    let mut report = Report::default();
    let (sources, found) = (&mut report.sources, &mut report.diagnostics);
    let merged = include::read_as("runtime.toml", path, text, arguments, sources, found);
    judge(&merged, target, catalog, report)
}

fn judge(
    merged: &Merged,
    target: Target,
    catalog: Catalog,
    mut report: Report,
) -> Result<Checked, Report> {
    let (sources, found) = (&mut report.sources, &mut report.diagnostics);
    let spec = resolve::resolve(merged, target, &catalog, sources, found);
    rules::check(&spec, &catalog, found);
    report.sort();
    if report.has_errors() {
        return Err(report);
    }
    Ok(Checked {
        spec,
        sources: report.sources,
        root: merged.root,
        catalog,
        warnings: report.diagnostics,
    })
}

/// The spec's name as messages show it, and its absolute path.
fn locate(spec: Option<&Path>) -> (String, PathBuf) {
    let path = match spec {
        Some(path) if path.is_dir() => path.join("runtime.toml"),
        Some(path) => path.to_owned(),
        None if Path::new("runtime.toml").is_file() => PathBuf::from("runtime.toml"),
        None => {
            let path = workspace().join("runtime.toml");
            return ("runtime.toml".to_owned(), path);
        }
    };
    let shown = path.display().to_string();
    (shown, std::path::absolute(&path).unwrap_or(path))
}

/// A kind of target by the name that a person gives.
pub(crate) fn parse_target(text: &str) -> Result<Target, String> {
    match TARGETS.iter().find(|(name, _)| *name == text) {
        Some((_, target)) => Ok(*target),
        None => {
            let names: Vec<&str> = TARGETS.iter().map(|(name, _)| *name).collect();
            Err(format!(
                "unknown target; {}",
                crate::diagnostics::did_you_mean(text, "targets", &names)
            ))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_with_a_profile_of_its_own_leaves_the_last_word_to_the_command_line() {
        let check = |profile: Option<&str>, set: &[&str], expect: &[(&str, &str)]| {
            let args = SpecArgs {
                profile: profile.map(str::to_owned),
                set: set.iter().map(|&set| set.to_owned()).collect(),
                ..SpecArgs::default()
            };
            let arguments = args.in_profile(Profile::Debug).arguments();
            let arguments: Vec<_> = arguments.iter().map(|(by, set)| (*by, &**set)).collect();
            assert_eq!(arguments, expect);
        };
        check(None, &[], &[("--profile", "build.profile=debug")]);
        check(Some("size"), &[], &[("--profile", "build.profile=size")]);
        let set = "build.profile=\"speed\"";
        check(None, &[set], &[("--set", set)]);
    }
}
