//! `cargo xtask explain`: the documentation of a key, module, permission, limit or engine, from the tables that check the spec, and of
//! what `topics` knows.

use std::fs;
use std::process::ExitCode;

use runtime_core::engine::capabilities::{ENGINES, EngineInfo};
use runtime_core::tables::{Keeper, Limit, limit};

use super::{engines, print, topics};
use crate::diagnostics::{Report, list, nearest};
use crate::pipeline;
use crate::spec::keys::{self, KEYS, Key, Kind, PRESET};
use crate::spec::manifest::{Catalog, Manifest};
use crate::spec::presets::{PRESETS, Preset};
use crate::text::{columns, fill};

/// What to explain.
#[derive(clap::Args, Debug)]
pub(super) struct Args {
    /// A key (`build.profile`), module (`timers`), preset (`web`), option (`fs.mounts`), permission (`read`), limit (`memory`), engine (`boa`), attribute
    /// (`js_class`) or code of an error (`ERR_NOT_ALLOWED`); without one, the topics are listed
    name: Option<String>,
}

/// Prints the documentation.
pub(super) fn run(args: &Args) -> Result<ExitCode, Report> {
    let catalog = pipeline::catalog()?;
    let Some(name) = &args.name else {
        return print(&topics::list(&catalog, WIDTH));
    };
    let mut text = explain(name, &catalog)?;
    if name == "engine" {
        // Without the document the figures are not there, which the text says.
        let benchmarks = fs::read_to_string(pipeline::workspace().join("BENCHMARKS.md"));
        text.push('\n');
        text.push_str(&engines::side_by_side(
            &benchmarks.unwrap_or_default(),
            WIDTH,
        ));
    }
    print(&text)
}

const WIDTH: usize = 100;

/// The documentation of everything that a name means.
pub(crate) fn explain(name: &str, catalog: &Catalog) -> Result<String, Report> {
    let options: Vec<Key> = catalog.iter().flat_map(Manifest::keys).collect();
    let mut found: Vec<String> = catalog
        .iter()
        .filter(|module| module.name == name || format!("modules.{}", module.name) == name)
        .map(|module| module_text(module, &options))
        .collect();
    found.extend(
        ENGINES
            .iter()
            .filter(|engine| engine.kind == name)
            .map(engine_text),
    );
    found.extend(
        PRESETS
            .iter()
            .filter(|preset| preset.name == name)
            .map(|preset| preset_text(preset, catalog)),
    );
    let exact = |key: &&Key| key.path == name || name == format!("modules.{}", key.path);
    found.extend(KEYS.iter().filter(exact).map(|key| key_text(key, catalog)));
    found.extend(
        options
            .iter()
            .filter(exact)
            .map(|key| key_text(key, catalog)),
    );
    if found.is_empty() {
        // The last part of a path, or a path without its section: `profile`, `net.requests`.
        let end = format!(".{name}");
        let ends = |key: &&Key| key.path.ends_with(&end);
        found.extend(
            KEYS.iter()
                .chain(&options)
                .filter(ends)
                .map(|key| key_text(key, catalog)),
        );
    }
    found.extend(ENGINES.iter().flat_map(|engine| {
        let features = engine.features.iter().filter(|feature| feature.name == name);
        features.map(move |feature| {
            format!(
                "{name}: a feature of the engine {}\n\n{}\n  written as  engine.features = [\"{name}\"]\n",
                engine.kind,
                fill(feature.summary, "  ", WIDTH)
            )
        })
    }));
    found.extend(topics::explain(name, WIDTH));
    if !found.is_empty() {
        return Ok(found.join("\n"));
    }
    let attributes = topics::attributes();
    let modules = catalog.names().into_iter();
    let paths = KEYS
        .iter()
        .chain(&options)
        .flat_map(|key| [&*key.path, key.name()]);
    let engines = ENGINES.iter().map(|engine| engine.kind);
    let attributes = attributes.iter().map(|attribute| &*attribute.name);
    let codes = topics::CODES.iter().map(|code| code.name);
    let presets = PRESETS.iter().map(|preset| preset.name);
    let names = modules.chain(presets).chain(paths).chain(engines);
    let error = Report::error(format!("there is no topic `{name}`"));
    Err(match nearest(name, names.chain(attributes).chain(codes)) {
        Some(near) => error.help(format!("did you mean `{near}`?")),
        None => error.help("`cargo xtask explain` without a name lists the topics"),
    })
}

fn key_text(key: &Key, catalog: &Catalog) -> String {
    let mut rows = vec![["type".to_owned(), type_name(&key.kind)]];
    if let Some(default) = &key.default {
        rows.push(["default".to_owned(), default.to_string()]);
    }
    rows.push(["example".to_owned(), example(key)]);
    if let Some(instead) = &key.not_yet {
        rows.push(["for now".to_owned(), instead.to_string()]);
    }
    if let Some(limit) = key.path.strip_prefix("limits.").and_then(limit) {
        rows.extend(limit_rows(limit));
    }
    let mut text = format!(
        "{}\n\n{}\n{}",
        key.path,
        fill(&key.doc, "  ", WIDTH),
        indent(&wrapped(&rows))
    );
    let more = more(key, catalog);
    if !more.is_empty() {
        text.push('\n');
        text.push_str(&indent(&wrapped(&more)));
    }
    text
}

/// What becomes of a script that hits a limit, and who sees to it.
fn limit_rows(limit: &'static Limit) -> Vec<[String; 2]> {
    let mut rows = vec![["when hit".to_owned(), limit.outcome.to_owned()]];
    if let Some(status) = limit.status {
        let text = format!("{status}, when the script is ended by it");
        rows.push(["exit status".to_owned(), text]);
    }
    match limit.keeper {
        Keeper::Engine => rows.extend(ENGINES.iter().filter_map(|engine| {
            let keeping = engine.keeps(limit.key)?;
            let how = engines::kept(keeping.how);
            let text = format!("{how}. {}", keeping.doc);
            Some([format!("kept by {}", engine.kind), text])
        })),
        Keeper::Runtime => rows.push(["kept".to_owned(), "on every engine".to_owned()]),
        Keeper::Nobody(why) => rows.push(["kept".to_owned(), format!("by nobody: {why}")]),
        Keeper::Isolation(words) => {
            rows.push(["kept".to_owned(), format!("{} so far", list(words))]);
        }
    }
    rows
}

/// What a value may be made of: its words, or the keys below it.
fn more(key: &Key, catalog: &Catalog) -> Vec<[String; 2]> {
    let child = |key: &Key| [key.name().to_owned(), first_sentence(&key.doc)];
    match &key.kind {
        Kind::Choice(_) if key.path == PRESET => PRESETS
            .iter()
            .map(|preset| {
                let modules = preset.modules(catalog).join(", ");
                [preset.name.to_owned(), format!("{}: {modules}", preset.doc)]
            })
            .collect(),
        Kind::Choice(choices) => choices
            .iter()
            .map(|choice| {
                let later = choice.not_yet.as_ref().map(|_| "not available yet");
                let parts: Vec<&str> = [Some(&*choice.doc), later].into_iter().flatten().collect();
                [choice.name.to_string(), parts.join("; ")]
            })
            .collect(),
        Kind::Features => ENGINES
            .iter()
            .flat_map(|engine| engine.features)
            .map(|feature| [feature.name.to_owned(), feature.summary.to_owned()])
            .collect(),
        Kind::Rows(fields) => fields
            .iter()
            .map(|field| [field.name().to_owned(), field.doc.to_string()])
            .collect(),
        Kind::Section if key.path == "modules" => catalog
            .iter()
            .map(|module| [module.name.clone(), module.summary.clone()])
            .chain([[
                "*".to_owned(),
                "a module of your own: `explain modules.*`".to_owned(),
            ]])
            .collect(),
        Kind::Section | Kind::Module => keys::children(&key.path).map(child).collect(),
        _ => Vec::new(),
    }
}

/// The example as a whole line or, for a table's key, with its section.
fn example(key: &Key) -> String {
    match key.path.split_once('.') {
        _ if key.path == "modules.*" => format!("modules.console = {}", key.example),
        Some(("modules", name)) if name.contains('.') => {
            format!("modules.greet = {{ {} }}", key.line())
        }
        Some((section, _)) if keys::find(section).is_none() => {
            let (module, option) = key.path.split_once('.').unwrap_or_default();
            format!("modules.{module} = {{ {option} = {} }}", key.example)
        }
        _ => format!("{} = {}", key.path, key.example),
    }
}

fn module_text(module: &Manifest, options: &[Key]) -> String {
    let words = |words: &[String]| match words {
        [] => "none".to_owned(),
        words => words.join(", "),
    };
    let mut rows = vec![[
        "written as".to_owned(),
        format!("modules.{} = true", module.name),
    ]];
    if let Some(specifier) = &module.specifier {
        rows.push(["import".to_owned(), specifier.clone()]);
    }
    let all = PRESETS.iter().filter(|preset| preset.holds(module));
    let presets = all.map(|preset| preset.name.to_owned()).collect();
    let lists = [
        ("presets", &presets),
        ("exports", &module.exports),
        ("globals", &module.globals),
        ("permissions", &module.permissions),
        ("requires", &module.requires),
        ("brings along", &module.implies),
        ("excludes", &module.conflicts),
        ("targets", &module.targets),
    ];
    for (name, list) in lists {
        if !list.is_empty() || name == "permissions" {
            rows.push([name.to_owned(), words(list)]);
        }
    }
    for (target, reason) in &module.unsupported {
        rows.push([format!("not on {target}"), reason.clone()]);
    }
    rows.push(["since".to_owned(), module.since.clone()]);
    let own: Vec<[String; 2]> = options
        .iter()
        .filter(|key| key.section() == module.name)
        .map(|key| [key.path.to_string(), first_sentence(&key.doc)])
        .collect();
    let mut text = format!(
        "{}: {}\n\n{}\n{}",
        module.name,
        module.summary,
        fill(&module.doc, "  ", WIDTH),
        indent(&wrapped(&rows))
    );
    if !own.is_empty() {
        text.push_str("\n  options\n");
        text.push_str(&indent(&indent(&columns(&own))));
    }
    text
}

/// Two columns, the second filled.
fn wrapped(rows: &[[String; 2]]) -> String {
    let width = rows.iter().map(|[name, _]| name.len()).max().unwrap_or(0) + 2;
    let blank = " ".repeat(width);
    rows.iter()
        .map(|[name, text]| {
            let filled = fill(text, &blank, WIDTH - 2);
            let line = format!("{name:width$}{}", &filled[width.min(filled.len())..]);
            line.trim_end().to_owned() + "\n"
        })
        .collect()
}

fn preset_text(preset: &Preset, catalog: &Catalog) -> String {
    let rows = [
        [
            "written as".to_owned(),
            format!("{PRESET} = \"{}\"", preset.name),
        ],
        [
            "modules".to_owned(),
            preset.modules(catalog).join(", ") + ", where the target supports them",
        ],
    ];
    format!(
        "{}: a preset of modules\n\n{}\n{}",
        preset.name,
        fill(preset.doc, "  ", WIDTH),
        indent(&wrapped(&rows))
    )
}

fn engine_text(engine: &EngineInfo) -> String {
    let doc = format!("{}. {}", engine.summary, engine.doc);
    let mut text = format!("{}\n\n{}", engine.kind, fill(&doc, "  ", WIDTH));
    if let Some(reason) = engine.not_yet {
        text.push_str(&format!("\n  not available yet: {reason}\n"));
    }
    let features: Vec<[String; 2]> = engine
        .features
        .iter()
        .map(|feature| [feature.name.to_owned(), feature.summary.to_owned()])
        .collect();
    if !features.is_empty() {
        text.push_str("\n  features\n");
        text.push_str(&indent(&indent(&columns(&features))));
    }
    text
}

fn type_name(kind: &Kind) -> String {
    let name = match kind {
        Kind::Section | Kind::Override => "table",
        Kind::Schema => "the number 1",
        Kind::Text => "string",
        Kind::Texts => "list of strings",
        Kind::Bool => "boolean",
        Kind::Count => "whole number from 1",
        Kind::Name => "name of a crate",
        Kind::Version => "version",
        Kind::Bytes => "size: a number and B, KiB, MiB, GiB, kB, MB or GB",
        Kind::Duration => "time: a number and us, ms, s, min or h",
        Kind::Rate => "rate: a number and /s, /min or /h",
        Kind::Choice(_) => "one of the words below",
        Kind::Entries(permission) => return format!("list of {}", permission.entries),
        Kind::Features => "list of features",
        Kind::Triples => "list of target triples",
        Kind::Module => "boolean or table",
        Kind::MountPoint => "absolute path",
        Kind::MountSource => "source of a mount",
        Kind::Rows(_) => "list of tables",
    };
    name.to_owned()
}

fn first_sentence(text: &str) -> String {
    let end = text.find(". ").map_or(text.len(), |at| at + 1);
    text[..end].trim_end_matches('.').to_owned()
}

pub(super) fn indent(text: &str) -> String {
    text.lines().map(|line| format!("  {line}\n")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_in_the_tables_can_be_explained() {
        let catalog = pipeline::catalog().expect("the manifests are right");
        let options: Vec<Key> = catalog.iter().flat_map(Manifest::keys).collect();
        let names = KEYS.iter().chain(&options).map(|key| key.path.to_string());
        let names = names.chain(catalog.names().into_iter().map(str::to_owned));
        let names = names.chain(PRESETS.iter().map(|preset| preset.name.to_owned()));
        for name in names.chain(["read", "memory", "boa", "intl", "profile"].map(str::to_owned)) {
            let text = explain(&name, &catalog).unwrap_or_else(|_| panic!("`{name}` is explained"));
            assert!(text.contains(&name), "{text}");
            assert!(text.lines().all(|line| line.trim_end() == line), "{text}");
        }
    }

    #[test]
    fn a_near_miss_gets_a_suggestion() {
        let catalog = pipeline::catalog().expect("the manifests are right");
        let report = explain("permission.raed", &catalog).expect_err("there is no such key");
        assert_eq!(
            report.diagnostics[0].help,
            ["did you mean `permissions.read`?"]
        );
    }
}
