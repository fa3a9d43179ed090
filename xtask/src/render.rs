//! The generated crate: a plan in, a tree of files out.
//!
//! The boundary: the shape of the crate stands in `templates/native/`, which loops and decides nothing; this file spells each
//! value the way rustfmt would and hands them over.

mod rust;
mod wasi;

use std::path::Path;

use minijinja::syntax::SyntaxConfig;
use minijinja::value::Serde;
use minijinja::{Environment, context};
use runtime_core::tables::Amount;
use toml_writer::ToTomlValue as _;

use runtime_core::engine::capabilities::engine;

use crate::file_tree::FileTree;
use crate::native;
use crate::plan::{
    AppFilePlan, AppPlan, EmbeddedPlan, ModuleOrigin, ModulePlan, MountFiles, MountPlan, Plan,
};
use crate::spec::{Allocator, CrateSource, Expose, Target};
use rust::{call, list, string, struct_literal};
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

/// The cargo feature of runtime-core that runs scripts in a process of their own.
pub(crate) const ISOLATION: &str = "isolation";

/// The modules that the host's side of a WebAssembly module knows of.
const WASM_FEATURES: &[&str] = &["console", "dom", "fs"];

/// The modules that Java's side of a library for Android knows of.
const ANDROID_FEATURES: &[&str] = &["console"];

/// The version of wasm-bindgen, which is also that of the program that makes its JavaScript.
pub(crate) const WASM_BINDGEN: &str = "0.2.130";

/// The line that the version of mimalloc is pinned by.
const MIMALLOC: &str = "0.1";

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
    let manifest = include_str!("../../templates/native/Cargo.toml.jinja");
    let root = context!(
        name => &plan.name,
        about => &plan.description,
        entry => if plan.isolated.is_some() { "supervised_main" } else { "main" },
        has_app => plan.app.is_some(),
        has_embedded => embedded_mounts(plan).next().is_some(),
        has_native => has_native(plan),
        allocator => allocator(plan).map(|(ty, value)| context!(ty, value)),
    );
    let mut tree = common(plan, layout, manifest);
    let template = include_str!("../../templates/native/main.rs.jinja");
    tree.insert("src/main.rs", fill(template, root));
    tree
}

/// Renders the crate of a WebAssembly module.
pub fn wasm(plan: &Plan, layout: Layout) -> FileTree {
    let manifest = include_str!("../../templates/wasm/Cargo.toml.jinja");
    let root = include_str!("../../templates/wasm/lib.rs.jinja");
    library(plan, layout, manifest, root)
}

/// Renders the crate of a library for Android.
pub fn android(plan: &Plan, layout: Layout) -> FileTree {
    let manifest = include_str!("../../templates/android/Cargo.toml.jinja");
    let root = include_str!("../../templates/android/lib.rs.jinja");
    library(plan, layout, manifest, root)
}

fn library(plan: &Plan, layout: Layout, manifest: &str, template: &str) -> FileTree {
    let root = context!(
        name => &plan.name,
        about => &plan.description,
        has_app => plan.app.is_some(),
        has_embedded => embedded_mounts(plan).next().is_some(),
        has_native => has_native(plan),
        allocator => allocator(plan).map(|(ty, value)| context!(ty, value)),
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
fn common(plan: &Plan, layout: Layout, manifest: &str) -> FileTree {
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
        let table = include_str!("../../templates/native/embedded.rs.jinja");
        tree.insert(
            "src/embedded.rs",
            fill(table, context!(mounts => Serde(embedded))),
        );
    }
    let compiled = compiled(plan, layout);
    if !compiled.is_empty() {
        let files = list(&compiled, 4, "runtime_core::ahead::compile_app()".len());
        let build = include_str!("../../templates/native/build.rs.jinja");
        tree.insert("build.rs", fill(build, context!(files => files)));
    }
    if !files.is_empty() {
        tree.insert("src/native.rs", native_modules(&files, layout));
    }
    tree
}

/// Fills a template in. A template is compiled in, so that a mistake in one is a bug of ours.
pub(crate) fn fill(template: &str, values: minijinja::Value) -> String {
    let syntax = SyntaxConfig::builder()
        .trim_blocks(true)
        .lstrip_blocks(true)
        .keep_trailing_newline(true)
        .build();
    let mut environment = Environment::new();
    syntax
        .and_then(|syntax| {
            environment.set_syntax(syntax);
            environment.render_str(template, values)
        })
        .unwrap_or_else(|error| panic!("tailor's bug: a template cannot be filled in: {error:#}"))
}

struct Crates<'a> {
    plan: &'a Plan,
    layout: Layout,
}

impl Crates<'_> {
    fn manifest(&self, template: &str) -> String {
        let plan = self.plan;
        fill(
            template,
            context!(
                name => &plan.name,
                library => native::ident(&plan.name),
                version => &plan.version,
                description => (!plan.description.is_empty()).then(|| toml_string(&plan.description)),
                dependencies => Serde(self.dependencies()),
                builders => Serde(self.builders()),
                profiles => shared_profiles(),
                panic => if plan.unwinds() { "unwind" } else { "abort" },
                c_crate => engine(&plan.engine.kind)
                    .and_then(|engine| engine.c_code.as_ref())
                    .map(|code| code.krate.replace('_', "-")),
            ),
        )
    }

    /// The lines of `[dependencies]`, by name.
    fn dependencies(&self) -> Vec<String> {
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
        let mut standard = plan
            .modules
            .iter()
            .flat_map(|module| &module.cargo_features)
            .map(String::as_str)
            .peekable();
        if standard.peek().is_some() {
            lines.push(self.ours("runtime-std", standard));
        }
        let of_host = |known: &'static [&'static str]| {
            let selected = plan.modules.iter().map(|module| module.name.as_str());
            selected.filter(move |name| known.contains(name))
        };
        match plan.target {
            Target::Native => {}
            Target::Wasm => {
                lines.push(self.ours("runtime-wasm", of_host(WASM_FEATURES)));
                lines.push(format!("wasm-bindgen = \"={WASM_BINDGEN}\""));
            }
            Target::Android => {
                lines.push(self.ours("runtime-android", of_host(ANDROID_FEATURES)));
            }
        }
        if plan.allocator.value == Allocator::Mimalloc {
            lines.push(format!(
                "mimalloc = {{ version = \"{MIMALLOC}\", default-features = false }}"
            ));
        }
        for module in &plan.modules {
            if let ModuleOrigin::Crate {
                package, source, ..
            } = &module.origin
            {
                lines.push(match source {
                    CrateSource::Path(path) => {
                        format!("{package} = {{ path = {} }}", self.path(path, package))
                    }
                    CrateSource::Version(version) => {
                        format!("{package} = {}", toml_string(version))
                    }
                });
            }
        }
        lines.sort();
        lines
    }

    /// The lines of `[build-dependencies]`: the engine, where it compiles the app.
    fn builders(&self) -> Vec<String> {
        let engine = std::iter::once(self.plan.engine.cargo_feature.as_str());
        match compiled(self.plan, self.layout).is_empty() {
            true => Vec::new(),
            false => vec![self.ours("runtime-core", engine)],
        }
    }

    fn ours<'f>(&self, name: &str, features: impl Iterator<Item = &'f str>) -> String {
        let features: Vec<String> = features.map(toml_string).collect();
        format!(
            "{name} = {{ path = {}, default-features = false, features = [{}] }}",
            self.path(&self.plan.workspace.join(name), name),
            features.join(", ")
        )
    }

    fn path(&self, in_place: &Path, package: &str) -> String {
        match self.layout {
            Layout::InPlace => toml_string(&in_place.display().to_string()),
            Layout::Standalone => toml_string(&format!("crates/{package}")),
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
fn allocator(plan: &Plan) -> Option<(String, String)> {
    let own = match plan.allocator.value {
        Allocator::System => "std::alloc::System",
        Allocator::Mimalloc => "mimalloc::MiMalloc",
    };
    match (plan.counts_memory, plan.allocator.value) {
        (false, Allocator::System) => None,
        (false, Allocator::Mimalloc) => Some((own.to_owned(), format!(" {own}"))),
        (true, _) => Some((
            format!("runtime_core::Counting<{own}>"),
            format!("\n    runtime_core::Counting({own})"),
        )),
    }
}

pub(crate) fn toml_string(text: &str) -> String {
    toml_writer::TomlStringBuilder::new(text)
        .as_default()
        .to_toml_value()
}

/// The files that the build script compiles: pairs of the path below the app's folder and where it is.
fn compiled(plan: &Plan, layout: Layout) -> Vec<String> {
    let files = plan.app.iter().flat_map(|app| &app.files);
    let compiled = files.filter(|file| file.compiled);
    compiled
        .map(|file| {
            let place = match layout {
                Layout::InPlace => file.file.display().to_string(),
                Layout::Standalone => format!("app/{}", file.path),
            };
            format!("({}, {})", string(&file.path), string(&place))
        })
        .collect()
}

/// The table of the app's files: a row for each.
fn app(app: &AppPlan, layout: Layout) -> String {
    let row = |file: &AppFilePlan| {
        let code = if file.compiled {
            let place = string(&format!("/app/{}.bin", file.path));
            format!("Code::Bytecode(include_bytes!(concat!(env!(\"OUT_DIR\"), {place})))")
        } else {
            let place = match layout {
                Layout::InPlace => file.file.display().to_string(),
                Layout::Standalone => format!("../app/{}", file.path),
            };
            format!("Code::Text(include_str!({}))", string(&place))
        };
        format!("AppFile {{ path: {}, code: {code} }}", string(&file.path))
    };
    let rows: Vec<String> = app.files.iter().map(row).collect();
    fill(
        include_str!("../../templates/native/app.rs.jinja"),
        context!(rows => Serde(rows)),
    )
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

/// The tables of embedded files: name, mount point, rows.
fn embedded(plan: &Plan, layout: Layout) -> Vec<(String, String, Vec<String>)> {
    let table = |(name, mount, files): (String, &MountPlan, &[EmbeddedPlan])| {
        let row = |file: &EmbeddedPlan| {
            let place = match layout {
                Layout::InPlace => file.file.display().to_string(),
                Layout::Standalone => format!("../embedded/{name}/{}", file.path),
            };
            format!(
                "EmbeddedFile {{ path: {}, bytes: include_bytes!({}) }}",
                string(&file.path),
                string(&place)
            )
        };
        let rows = files.iter().map(row).collect();
        (name.to_uppercase(), mount.at.clone(), rows)
    };
    embedded_mounts(plan).map(table).collect()
}

/// The rows of the mounts.
fn mounts(plan: &Plan) -> Vec<String> {
    let mut tables = embedded_mounts(plan).map(|(name, ..)| name.to_uppercase());
    let mut row = |mount: &MountPlan| {
        let quota = mount
            .quota
            .and_then(|quota| Some(("quota", rust::amount(Amount::Bytes(quota))?)));
        let mut table = || format!("crate::embedded::{}", tables.next().unwrap_or_default());
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
            (MountFiles::Embed(_), None) => format!("MountSource::Embed({})", table()),
            (MountFiles::Embed(_), Some(quota)) => {
                rust::inner_struct("MountSource::OverEmbed", &[("files", table()), quota])
            }
        };
        struct_literal(
            "Mount",
            &[
                ("at", string(&mount.at)),
                ("from", from),
                ("writable", mount.writable.to_string()),
            ],
        )
    };
    plan.mounts.iter().map(&mut row).collect()
}

fn spec(plan: &Plan) -> String {
    let modules: Vec<String> = plan.modules.iter().map(module_path).collect();
    let kinds = runtime_core::tables::PERMISSIONS
        .iter()
        .map(|kind| kind.key);
    let grants: Vec<(&str, String)> = kinds
        .map(|kind| {
            let grants = plan.permissions.iter().filter(|grant| grant.kind == kind);
            let entries: Vec<String> = grants.map(|grant| string(&grant.entry)).collect();
            (kind, list(&entries, 8, kind.len() + 2))
        })
        .collect();
    let mounts = mounts(plan);
    let missing: Vec<String> = plan
        .missing
        .iter()
        .flat_map(|module| module.surface.iter().map(move |name| (name, &module.line)))
        .map(|(name, line)| {
            struct_literal(
                "MissingModule",
                &[("specifier", string(name)), ("line", string(line))],
            )
        })
        .collect();
    let (limits, has_time) = limits(plan);
    let mut types = vec!["GrantsDef", "Limits", "RuntimeDef"];
    if !mounts.is_empty() {
        types.extend(["Mount", "MountSource"]);
    }
    if !missing.is_empty() {
        types.push("MissingModule");
    }
    if plan.app.is_some() {
        types.push("App");
    }
    types.sort_unstable();
    fill(
        include_str!("../../templates/native/spec.rs.jinja"),
        context!(
            app => plan.app.as_ref().map(|app| {
                let fields = [
                    ("entry", string(&app.entry)),
                    ("files", "crate::app::FILES".to_owned()),
                ];
                struct_literal("App", &fields).replace('\n', "\n    ")
            }),
            types => types.join(", "),
            has_time,
            limits => limits,
            name => string(&plan.name),
            version => string(&plan.version),
            description => string(&plan.description),
            modules => list(&modules, 4, "modules: ".len()),
            permissions => Serde(grants),
            mounts => list(&mounts, 4, "mounts: ".len()),
            missing => list(&missing, 4, "missing: ".len()),
        ),
    )
}

/// The limits, and whether one of them is a length of time.
fn limits(plan: &Plan) -> (String, bool) {
    let amounts = plan.limits.iter().filter_map(|limit| {
        // What the script runs in is no amount, and no field of the limits.
        let amount = rust::amount(limit.amount)?;
        Some((limit.key.replace(['.', '-'], "_"), amount))
    });
    let fields: Vec<(String, String)> = amounts.collect();
    if fields.is_empty() {
        return ("Limits::NONE".to_owned(), false);
    }
    let mut out = String::from("Limits {\n");
    for (field, amount) in &fields {
        out.push_str(&format!("        {field}: Some({amount}),\n"));
    }
    let has_time = fields
        .iter()
        .any(|(_, amount)| amount.starts_with("Duration"));
    (out + "        ..Limits::NONE\n    }", has_time)
}

/// The constant that holds a module's definition.
fn module_path(module: &ModulePlan) -> String {
    match &module.origin {
        ModuleOrigin::Std => format!("runtime_std::{}::MODULE", native::ident(&module.name)),
        ModuleOrigin::File { .. } => format!("crate::native::{}", constant(&module.name)),
        ModuleOrigin::Crate {
            library, expose, ..
        } => {
            let specifier = string(module.specifier.as_deref().unwrap_or_default());
            let exposed = format!("{library}::MODULE.expose({specifier})");
            match expose {
                Expose::Specifier(_) => exposed,
                Expose::Global => exposed + ".expose_global()",
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
        let rows = |def: &'static str, items: &[native::NativeItem]| -> Vec<String> {
            let paths = items.iter().map(|item| format!("{rust}::{}", item.rust));
            paths.map(|path| call(def, &path)).collect()
        };
        let mut fields = vec![("name", string(&module.name))];
        if let Some(specifier) = &module.specifier {
            fields.push(("specifier", string(specifier)));
        }
        if !native.doc.is_empty() {
            fields.push(("doc", string(&native.doc)));
        }
        if *expose == Expose::Global {
            add("Surface");
            fields.push(("surface", "Surface::Globals".to_owned()));
        }
        if !native.functions.is_empty() {
            add("FnDef");
            fields.push((
                "functions",
                list(
                    &rows("FnDef::of", &native.functions),
                    4,
                    "functions: ".len(),
                ),
            ));
        }
        if !native.classes.is_empty() {
            add("ClassDef");
            fields.push((
                "classes",
                list(&rows("ClassDef::of", &native.classes), 4, "classes: ".len()),
            ));
        }
        modules.push(context!(
            rust => rust,
            constant => constant(&module.name),
            path => (layout == Layout::InPlace).then(|| string(&path.display().to_string())),
            fields => Serde(fields),
        ));
    }
    types.sort_unstable();
    let types = match types.as_slice() {
        [one] => (*one).to_owned(),
        many => format!("{{{}}}", many.join(", ")),
    };
    fill(
        include_str!("../../templates/native/native.rs.jinja"),
        context!(types => types, modules => Serde(modules)),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lock_file_pins_what_a_generated_crate_may_depend_on() {
        let manifest = include_str!("../Cargo.toml");
        let line = format!(
            "mimalloc = {{ version = \"{MIMALLOC}\", default-features = false, optional = true }}"
        );
        assert!(manifest.contains(&line), "{line}");
    }
}
