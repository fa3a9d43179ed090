//! The generated crate: a plan in, a tree of files out.
//!
//! The boundary: the shape of the crate stands in `templates/native/`, which loops and decides nothing; this file spells each
//! value the way rustfmt would and hands them over. What is inserted is encoded by `encode`.

mod encode;
mod rust;
mod toml;
mod wasi;

#[cfg(test)]
mod hostile;

use std::path::Path;

use minijinja::{Value, context};
use runtime_core::engine::capabilities::engine;
use runtime_core::tables::Amount;

pub(crate) use self::toml::featured as dependency;
use crate::file_tree::FileTree;
use crate::native;
use crate::plan::{
    AppFilePlan, AppPlan, EmbeddedPlan, ISOLATION, MissingWay, ModuleOrigin, ModulePlan,
    MountFiles, MountPlan, Plan,
};
use crate::spec::{Allocator, CrateSource, Expose, Target};
pub(crate) use encode::{
    Code, Language, Template, data, fill, remark, template, text, word, words,
};
use rust::{call, imports, list, ours, string, struct_literal};
pub use wasi::wasi;

/// Where the crate finds what it is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layout {
    /// In Tailor's workspace and beside the spec: absolute paths.
    InPlace,
    /// Beside itself: `crates/<package>` for crates with a path, `src/native/<module>.rs` for files. Whoever writes the
    /// tree copies those there.
    Standalone,
}

/// The modules that the host's side of a WebAssembly module knows of.
const WASM_FEATURES: &[&str] = &["console", "dom", "fs"];

/// The modules that Java's side of a library for Android knows of.
const ANDROID_FEATURES: &[&str] = &["console"];

/// The version of wasm-bindgen, which is also that of the program that makes its JavaScript.
pub(crate) const WASM_BINDGEN: &str = "0.2.130";

/// What a manifest says of mimalloc.
const MIMALLOC: &str = "{ version = \"0.1\", default-features = false }";

/// Renders the crate of the plan's target.
pub fn krate(plan: &Plan, layout: Layout) -> FileTree {
    match plan.target {
        Target::Native => native(plan, layout),
        Target::Wasm if plan.npm.as_ref().is_some_and(|npm| !npm.has_shared()) => {
            wasi(plan, layout)
        }
        Target::Wasm => wasm(plan, layout),
        Target::Android => android(plan, layout),
    }
}

/// Renders the crate of a native binary.
pub fn native(plan: &Plan, layout: Layout) -> FileTree {
    let manifest = template!("native/Cargo.toml.jinja");
    let root = context!(
        name => word(&plan.name),
        about => remark(&plan.description),
        entry => word(if plan.isolated.is_some() { "supervised_main" } else { "main" }),
        has_app => plan.app.is_some(),
        has_embedded => embedded_mounts(plan).next().is_some(),
        has_native => has_native(plan),
        allocator => allocator(plan).map(|(ty, value)| context!(ty => ours(ty), value => ours(value))),
    );
    let mut tree = common(plan, layout, manifest);
    tree.insert("src/main.rs", fill(template!("native/main.rs.jinja"), root));
    tree
}

/// Renders the crate of a WebAssembly module.
pub fn wasm(plan: &Plan, layout: Layout) -> FileTree {
    let manifest = template!("wasm/Cargo.toml.jinja");
    library(plan, layout, manifest, template!("wasm/lib.rs.jinja"))
}

/// Renders the crate of a library for Android.
pub fn android(plan: &Plan, layout: Layout) -> FileTree {
    let manifest = template!("android/Cargo.toml.jinja");
    library(plan, layout, manifest, template!("android/lib.rs.jinja"))
}

fn library(
    plan: &Plan,
    layout: Layout,
    manifest: Template<'_>,
    template: Template<'_>,
) -> FileTree {
    let root = context!(
        name => word(&plan.name),
        about => remark(&plan.description),
        has_app => plan.app.is_some(),
        has_embedded => embedded_mounts(plan).next().is_some(),
        has_native => has_native(plan),
        allocator => allocator(plan).map(|(ty, value)| context!(ty => ours(ty), value => ours(value))),
    );
    let mut tree = common(plan, layout, manifest);
    tree.insert("src/lib.rs", fill(template, root));
    tree
}

fn has_native(plan: &Plan) -> bool {
    let mut origins = plan.modules.iter().map(|module| &module.origin);
    origins.any(|origin| matches!(origin, ModuleOrigin::File { .. }))
}

/// What the crates of all targets have: the manifest, the table, and what it names.
fn common(plan: &Plan, layout: Layout, manifest: Template<'_>) -> FileTree {
    let crates = Crates { plan, layout };
    let files: Vec<&ModulePlan> = plan
        .modules
        .iter()
        .filter(|module| matches!(module.origin, ModuleOrigin::File { .. }))
        .collect();
    let mut tree = FileTree::default();
    tree.insert("Cargo.toml", crates.manifest(manifest));
    tree.insert("src/spec.rs", spec(plan));
    if let Some(plan) = &plan.app {
        tree.insert("src/app.rs", app(plan, layout));
    }
    let embedded = embedded(plan, layout);
    if !embedded.is_empty() {
        let table = template!("native/embedded.rs.jinja");
        tree.insert("src/embedded.rs", fill(table, context!(mounts => embedded)));
    }
    let compiled = compiled(plan, layout);
    if !compiled.is_empty() {
        let files = list(&compiled, 4, "runtime_core::ahead::compile_app()".len());
        let build = template!("native/build.rs.jinja");
        tree.insert("build.rs", fill(build, context!(files => files)));
    }
    if !files.is_empty() {
        tree.insert("src/native.rs", native_modules(&files, layout));
    }
    tree
}

struct Crates<'a> {
    plan: &'a Plan,
    layout: Layout,
}

impl Crates<'_> {
    fn manifest(&self, template: Template<'_>) -> String {
        let plan = self.plan;
        let c_code = engine(&plan.engine.kind).and_then(|engine| engine.c_code.as_ref());
        fill(
            template,
            context!(
                name => word(&plan.name),
                library => word(&native::ident(&plan.name)),
                version => word(&plan.version),
                description => (!plan.description.is_empty()).then(|| text(&plan.description)),
                dependencies => self.dependencies(),
                builders => self.builders(),
                profiles => Code::ours(Language::Toml, shared_profiles()),
                panic => word(if plan.unwinds() { "unwind" } else { "abort" }),
                c_crate => c_code.map(|code| word(&code.krate.replace('_', "-"))),
            ),
        )
    }

    /// The lines of `[dependencies]`, by name.
    fn dependencies(&self) -> Vec<Code> {
        let plan = self.plan;
        let engine = std::iter::once(plan.engine.cargo_feature.as_str()).chain(
            plan.engine
                .features
                .iter()
                .chain(&plan.engine.for_limits)
                .map(|feature| feature.cargo_feature.as_str()),
        );
        let isolation = plan.isolated.as_ref().map(|_| ISOLATION);
        let mut lines = vec![self.ours("runtime-core", engine.chain(isolation))];
        let of_host = |known: &'static [&'static str]| {
            let selected = plan.modules.iter().map(|module| module.name.as_str());
            selected.filter(move |name| known.contains(name))
        };
        match plan.target {
            Target::Native => {}
            Target::Wasm => {
                lines.push(self.ours("runtime-wasm", of_host(WASM_FEATURES)));
                lines.push(toml::version("wasm-bindgen", &format!("={WASM_BINDGEN}")));
            }
            Target::Android => {
                lines.push(self.ours("runtime-android", of_host(ANDROID_FEATURES)));
            }
        }
        if plan.allocator.value == Allocator::Mimalloc {
            lines.push(toml::line("mimalloc", MIMALLOC));
        }
        for module in &plan.modules {
            match &module.origin {
                ModuleOrigin::Std { package, folder } => {
                    let features = module.cargo_features.iter().map(String::as_str);
                    lines.push(toml::featured(
                        package,
                        &self.path(folder, package),
                        features,
                    ));
                }
                ModuleOrigin::Crate {
                    package, source, ..
                } => lines.push(match source {
                    CrateSource::Path(path) => toml::folder(package, &self.path(path, package)),
                    CrateSource::Version(version) => toml::version(package, version),
                }),
                ModuleOrigin::File { .. } => {}
            }
        }
        lines.sort_by(|a, b| a.as_str().cmp(b.as_str()));
        lines
    }

    /// The lines of `[build-dependencies]`: the engine, where it compiles the app.
    fn builders(&self) -> Vec<Code> {
        let engine = std::iter::once(self.plan.engine.cargo_feature.as_str());
        match compiled(self.plan, self.layout).is_empty() {
            true => Vec::new(),
            false => vec![self.ours("runtime-core", engine)],
        }
    }

    fn ours<'f>(&self, name: &'static str, features: impl Iterator<Item = &'f str>) -> Code {
        let path = self.path(&self.plan.workspace.join(name), name);
        toml::featured(name, &path, features)
    }

    fn path(&self, in_place: &Path, package: &str) -> String {
        match self.layout {
            Layout::InPlace => in_place.display().to_string(),
            Layout::Standalone => format!("crates/{package}"),
        }
    }
}

/// The workspace's own tables of the profile `dev` for the packages that a generated crate has, so that a debug build shares the
/// engine's compiled code with it. The table for a package of the xtask alone would be a warning of cargo's.
fn shared_profiles() -> &'static str {
    let manifest = include_str!("../../Cargo.toml");
    let start = manifest.find("[profile.dev]");
    let end = manifest.find("\n\n# For the workspace alone");
    let (start, end) = start.zip(end).expect("the workspace has profiles to share");
    &manifest[start..end]
}

/// The type of the global allocator and its value after the `=`, when it is not the one that every program has.
fn allocator(plan: &Plan) -> Option<(&'static str, &'static str)> {
    match (plan.counts_memory, plan.allocator.value) {
        (false, Allocator::System) => None,
        (false, Allocator::Mimalloc) => Some(("mimalloc::MiMalloc", " mimalloc::MiMalloc")),
        (true, Allocator::System) => Some((
            "runtime_core::Counting<std::alloc::System>",
            "\n    runtime_core::Counting(std::alloc::System)",
        )),
        (true, Allocator::Mimalloc) => Some((
            "runtime_core::Counting<mimalloc::MiMalloc>",
            "\n    runtime_core::Counting(mimalloc::MiMalloc)",
        )),
    }
}

/// The files that the build script compiles: pairs of the path below the app's folder and where it is.
fn compiled(plan: &Plan, layout: Layout) -> Vec<Code> {
    let files = plan.app.iter().flat_map(|app| &app.files);
    let compiled = files.filter(|file| file.compiled);
    compiled
        .map(|file| {
            let place = match layout {
                Layout::InPlace => file.file.display().to_string(),
                Layout::Standalone => format!("app/{}", file.path),
            };
            rust::pair(&string(&file.path), &string(&place))
        })
        .collect()
}

/// The table of the app's files: a row for each.
fn app(app: &AppPlan, layout: Layout) -> String {
    let row = |file: &AppFilePlan| {
        let code = if file.compiled {
            let place = string(&format!("/app/{}.bin", file.path));
            let before = "Code::Bytecode(include_bytes!(concat!(env!(\"OUT_DIR\"), ";
            rust::around(before, &place, ")))")
        } else {
            let place = match layout {
                Layout::InPlace => file.file.display().to_string(),
                Layout::Standalone => format!("../app/{}", file.path),
            };
            rust::around("Code::Text(include_str!(", &string(&place), "))")
        };
        rust::row("AppFile", &[("path", string(&file.path)), ("code", code)])
    };
    let rows: Vec<Code> = app.files.iter().map(row).collect();
    fill(template!("native/app.rs.jinja"), context!(rows))
}

/// The mounts that ship files, each with the name of its table and of the folder where a standalone crate has them.
pub(crate) fn embedded_mounts(
    plan: &Plan,
) -> impl Iterator<Item = (String, &MountPlan, &[EmbeddedPlan])> {
    let files = plan.mounts.iter().filter_map(|mount| match &mount.files {
        MountFiles::Embed(files) => Some((mount, files.as_slice())),
        MountFiles::Host(_) | MountFiles::Memory => None,
    });
    let named = |(at, (mount, files))| (format!("mount_{at}"), mount, files);
    files.enumerate().map(named)
}

/// The tables of embedded files.
fn embedded(plan: &Plan, layout: Layout) -> Vec<Value> {
    let table = |(name, mount, files): (String, &MountPlan, &[EmbeddedPlan])| {
        let row = |file: &EmbeddedPlan| {
            let place = match layout {
                Layout::InPlace => file.file.display().to_string(),
                Layout::Standalone => format!("../embedded/{name}/{}", file.path),
            };
            let bytes = rust::around("include_bytes!(", &string(&place), ")");
            rust::row(
                "EmbeddedFile",
                &[("path", string(&file.path)), ("bytes", bytes)],
            )
        };
        let rows: Vec<Code> = files.iter().map(row).collect();
        context!(name => word(&name.to_uppercase()), at => remark(&mount.at), rows)
    };
    embedded_mounts(plan).map(table).collect()
}

/// The rows of the mounts.
fn mounts(plan: &Plan) -> Vec<Code> {
    let mut tables = embedded_mounts(plan).map(|(name, ..)| name.to_uppercase());
    let mut row = |mount: &MountPlan| {
        let quota = mount
            .quota
            .and_then(|quota| Some(("quota", rust::amount(Amount::Bytes(quota))?)));
        let mut table = || {
            let name = tables.next().unwrap_or_default();
            rust::around("crate::embedded::", &rust::path(&[&name]), "")
        };
        let from = match (&mount.files, quota) {
            (MountFiles::Host(folder), None) => {
                rust::call_with("MountSource::Host", &string(folder), 12 + "from: ".len())
            }
            (MountFiles::Host(folder), Some(quota)) => rust::inner_struct(
                "MountSource::OverHost",
                &[("folder", string(folder)), quota],
            ),
            (MountFiles::Memory, quota) => {
                let quota: Vec<_> = quota.into_iter().collect();
                rust::inner_struct("MountSource::Memory", &quota)
            }
            (MountFiles::Embed(_), None) => rust::around("MountSource::Embed(", &table(), ")"),
            (MountFiles::Embed(_), Some(quota)) => {
                rust::inner_struct("MountSource::OverEmbed", &[("files", table()), quota])
            }
        };
        struct_literal(
            "Mount",
            &[
                ("at", string(&mount.at)),
                ("from", from),
                (
                    "writable",
                    ours(if mount.writable { "true" } else { "false" }),
                ),
            ],
        )
    };
    plan.mounts.iter().map(&mut row).collect()
}

fn spec(plan: &Plan) -> String {
    let modules: Vec<Code> = plan.modules.iter().map(module_path).collect();
    let kinds = runtime_core::tables::PERMISSIONS
        .iter()
        .map(|kind| kind.key);
    let grants: Vec<Value> = kinds
        .map(|kind| {
            let grants = plan.permissions.iter().filter(|grant| grant.kind == kind);
            let entries: Vec<Code> = grants.map(|grant| string(&grant.entry)).collect();
            context!(kind => word(kind), entries => list(&entries, 8, kind.len() + 2))
        })
        .collect();
    let mounts = mounts(plan);
    let missing: Vec<Code> = plan
        .missing
        .iter()
        .map(|module| {
            let way = match &module.way {
                MissingWay::Line(line) => {
                    rust::call_with("MissingWay::Line", &string(line), 12 + "way: ".len())
                }
                MissingWay::Unsupported(why) => {
                    rust::call_with("MissingWay::Unsupported", &string(why), 12 + "way: ".len())
                }
            };
            struct_literal(
                "MissingModule",
                &[("names", string(&module.surface.join(" "))), ("way", way)],
            )
        })
        .collect();
    let (limits, has_time) = limits(plan);
    let mut types = vec!["GrantsDef", "Limits", "RuntimeDef"];
    if !mounts.is_empty() {
        types.extend(["Mount", "MountSource"]);
    }
    if !missing.is_empty() {
        types.extend(["MissingModule", "MissingWay"]);
    }
    if plan.app.is_some() {
        types.push("App");
    }
    types.sort_unstable();
    fill(
        template!("native/spec.rs.jinja"),
        context!(
            app => plan.app.as_ref().map(|app| {
                let fields = [
                    ("entry", string(&app.entry)),
                    ("files", ours("crate::app::FILES")),
                ];
                rust::indented(&struct_literal("App", &fields))
            }),
            types => imports(&types, "use runtime_core::definition::".len()),
            has_time,
            limits,
            name => text(&plan.name),
            version => text(&plan.version),
            description => text(&plan.description),
            modules => list(&modules, 4, "modules: ".len()),
            permissions => grants,
            mounts => list(&mounts, 4, "mounts: ".len()),
            missing => list(&missing, 4, "missing: ".len()),
        ),
    )
}

/// The limits, and whether one of them is a length of time.
fn limits(plan: &Plan) -> (Code, bool) {
    let amounts = plan.limits.iter().filter_map(|limit| {
        // What the script runs in is no amount, and no field of the limits.
        let amount = rust::amount(limit.amount)?;
        Some((limit.key.replace(['.', '-'], "_"), amount))
    });
    let fields: Vec<(String, Code)> = amounts.collect();
    let has_time = fields
        .iter()
        .any(|(_, amount)| amount.as_str().starts_with("Duration"));
    (rust::some_of("Limits", &fields), has_time)
}

/// The constant that holds a module's definition.
fn module_path(module: &ModulePlan) -> Code {
    match &module.origin {
        ModuleOrigin::Std { package, .. } => rust::path(&[&native::ident(package), "MODULE"]),
        ModuleOrigin::File { .. } => {
            let constant = rust::path(&[&constant(&module.name)]);
            rust::around("crate::native::", &constant, "")
        }
        ModuleOrigin::Crate {
            library, expose, ..
        } => {
            let specifier = string(module.specifier.as_deref().unwrap_or_default());
            let library = rust::path(&[library, "MODULE"]);
            match expose {
                Expose::Own => library,
                Expose::Specifier(_) => rust::exposed(&library, &specifier, ""),
                Expose::Global => rust::exposed(&library, &specifier, ".expose_global()"),
            }
        }
    }
}

fn constant(name: &str) -> String {
    native::ident(name).to_uppercase()
}

fn native_modules(files: &[&ModulePlan], layout: Layout) -> String {
    let mut types = vec!["ModuleDef"];
    let mut add = |name: &'static str| {
        if !types.contains(&name) {
            types.push(name);
        }
    };
    let mut modules = Vec::new();
    for module in files {
        let ModuleOrigin::File {
            path,
            native,
            expose,
        } = &module.origin
        else {
            continue;
        };
        let rust = native::ident(&module.name);
        let rows = |def: &'static str, items: &[native::NativeItem]| -> Vec<Code> {
            let paths = items.iter().map(|item| rust::path(&[&rust, &item.rust]));
            paths.map(|path| call(def, &path)).collect()
        };
        let mut fields: Vec<Value> = Vec::new();
        let mut field =
            |name: &'static str, value: Code| fields.push(context!(name => word(name), value));
        field("name", string(&module.name));
        if let Some(specifier) = &module.specifier {
            field("specifier", string(specifier));
        }
        if !native.doc.is_empty() {
            field("doc", string(&native.doc));
        }
        if *expose == Expose::Global {
            add("Surface");
            field("surface", ours("Surface::Globals"));
        }
        if !native.functions.is_empty() {
            add("FnDef");
            let rows = rows("FnDef::of", &native.functions);
            field("functions", list(&rows, 4, "functions: ".len()));
        }
        if !native.classes.is_empty() {
            add("ClassDef");
            let rows = rows("ClassDef::of", &native.classes);
            field("classes", list(&rows, 4, "classes: ".len()));
        }
        modules.push(context!(
            rust => rust::path(&[&rust]),
            constant => rust::path(&[&constant(&module.name)]),
            path => (layout == Layout::InPlace).then(|| text(&path.display().to_string())),
            fields,
        ));
    }
    types.sort_unstable();
    fill(
        template!("native/native.rs.jinja"),
        context!(types => imports(&types, "use runtime_core::definition::".len()), modules),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lock_file_pins_what_a_generated_crate_may_depend_on() {
        let manifest = include_str!("../Cargo.toml");
        let line = format!(
            "mimalloc = {}",
            MIMALLOC.replace(" }", ", optional = true }")
        );
        assert!(manifest.contains(&line), "{line}");
    }
}
