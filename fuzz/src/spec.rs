//! The spec: any text is either explained, every mistake at bytes that exist, or built into a crate that can be read back.
//!
//! An input is a `runtime.toml` in the folder of the good specs, beside the files that those name. Its first line may be
//! `#: --set key=value --set …`, as in the specs' own tests. The boundary: the pure stages; a text that names files elsewhere
//! is not followed there.

use std::path::{Component, Path, PathBuf};
use std::sync::OnceLock;

use xtask::diagnostics::{Diagnostic, FileId, Report, Severity, Sources, Span};
use xtask::file_tree::FileTree;
use xtask::pipeline::{self, Checked};
use xtask::render::{self, Layout};
use xtask::spec::Target as Platform;
use xtask::spec::manifest::Catalog;
use xtask::spec::raw::{self, Node, Setting, Value};

use crate::{Target, repository};

pub(crate) const TARGET: Target = Target {
    name: "spec",
    run,
    more_seeds: &[
        "tests/specs-check/good",
        "tests/specs-check/bad",
        "tests/specs-check/warned",
        "tests/specs",
        "runtime.toml",
    ],
    extension: ".toml",
    words: &[
        "schema = 1\n",
        "include = [\"presets/base.toml\"]\n",
        "[runtime]\n",
        "name = ",
        "version = ",
        "entry = \"app/main.js\"\n",
        "[engine]\n",
        "kind = ",
        "\"boa\"",
        "\"quickjs\"",
        "features = [",
        "[build]\n",
        "profile = ",
        "allocator = ",
        "budget = { binary = ",
        "bytecode = false\n",
        "[modules]\n",
        "console = true\n",
        "fs = ",
        "timers = false\n",
        "{ mounts = [{ at = \"/data\", from = \"host:./data\", mode = \"rw\" }] }",
        "{ mounts = [{ at = \"/\", from = \"memory\", quota = \"1MiB\" }, { at = \"/a\", from = \"overlay:embed:./native\" }] }",
        "greet = { path = \"native/greet.rs\" }\n",
        "expose = \"global\"",
        "crate = { path = \"crates/sensor\" }",
        "[permissions]\n",
        "read = [\"./data\"]\n",
        "net = [",
        "env = [",
        "sys = [",
        "[limits]\n",
        "enforce = \"best\"\n",
        "memory = \"64MiB\"\n",
        "cpu = \"2s\"\n",
        "stack = ",
        "isolation = \"process\"\n",
        "requests = \"20/s\"",
        "quota",
        "open-files",
        "pending",
        "timers.max",
        "[targets.native]\n",
        "triples = [\"host\"]\n",
        "[targets.native.override]\n",
        "modules.",
        "#: --set ",
        "'''",
        "\"\"\"",
        "\\u",
        "\\\"",
        "\u{feff}",
        "\r\n",
        "é",
        "\u{1f980}",
        "\0",
        ".",
        "=",
        "[[",
        "]]",
        "{",
        "}",
    ],
    inputs: 10_000,
};

fn run(data: &[u8]) {
    let text = String::from_utf8_lossy(data).into_owned();
    if !stays_here(&text) {
        return;
    }
    match check(&text) {
        Err(report) => {
            assert!(report.has_errors(), "a refusal says why: {report:?}");
            explains(&report);
        }
        Ok(checked) => {
            let warnings = checked.warnings();
            assert!(
                !warnings.has_errors(),
                "an error is not ignored: {warnings:?}"
            );
            explains(&warnings);
            builds(&checked);
        }
    }
}

fn check(text: &str) -> Result<Checked, Report> {
    let folder = repository().join("tests/specs-check/good");
    let arguments: Vec<(&'static str, String)> = arguments(text)
        .map(|argument| ("--set", argument.to_owned()))
        .collect();
    let path = folder.join("runtime.toml");
    pipeline::check_text(
        &path,
        text.to_owned(),
        &arguments,
        Platform::Native,
        catalog(),
    )
}

fn arguments(text: &str) -> impl Iterator<Item = &str> {
    let first = text.lines().next().unwrap_or_default();
    let said = first.strip_prefix("#: ").unwrap_or_default();
    said.split("--set ").skip(1).map(str::trim)
}

/// The standard modules; they do not change while this runs.
pub(crate) fn catalog() -> Catalog {
    static CATALOG: OnceLock<Catalog> = OnceLock::new();
    let catalog = CATALOG.get_or_init(|| pipeline::catalog().expect("the manifests can be read"));
    catalog.clone()
}

/// Whether every file that the text names lies below the spec: the made-up rest of the disk is no input.
fn stays_here(text: &str) -> bool {
    let names = |text: &str| {
        let mut ignored = Vec::new();
        let root = raw::parse(FileId::default(), text, true, &mut ignored);
        let settings = raw::flatten(&root, text, &mut ignored).settings;
        settings
            .iter()
            .filter(|setting| names_files(setting))
            .all(|setting| is_below(&setting.value))
    };
    // An argument that is no TOML as it stands is read as a string.
    let quoted = |argument: &str| {
        let (key, value) = argument.split_once('=')?;
        Some(format!("{key}='{}'", value.trim().replace('\'', "")))
    };
    names(text)
        && arguments(text)
            .all(|argument| names(argument) && quoted(argument).is_none_or(|quoted| names(&quoted)))
}

fn names_files(setting: &Setting) -> bool {
    let path = setting.path.as_str();
    path == "include" || path == "runtime.entry" || path.starts_with("modules")
}

fn is_below(node: &Node) -> bool {
    match &node.value {
        Value::String(text) => PathBuf::from(text)
            .components()
            .all(|step| matches!(step, Component::Normal(_) | Component::CurDir)),
        Value::Array(items) => items.iter().all(is_below),
        Value::Table(entries) => entries.iter().all(|entry| match entry.key.as_str() {
            // Where a mount is seen is no place on the disk.
            "at" => true,
            "from" => is_source_below(&entry.node),
            _ => is_below(&entry.node),
        }),
        Value::Integer(_) | Value::Bool(_) | Value::Other(_) => true,
    }
}

/// Of the sources of mounts only what is embedded is looked at.
fn is_source_below(node: &Node) -> bool {
    match node.as_str().and_then(|text| text.rsplit_once("embed:")) {
        Some((_, folder)) => is_below(&Node {
            value: Value::String(folder.to_owned()),
            span: node.span.clone(),
        }),
        None => true,
    }
}

/// Every diagnostic says something, and points at characters that are there.
pub(crate) fn explains(report: &Report) {
    for diagnostic in &report.diagnostics {
        assert!(!diagnostic.message.is_empty(), "{diagnostic:?}");
        let places = diagnostic.primary.iter().chain(&diagnostic.context);
        for (span, _) in places {
            is_inside(&report.sources, span, diagnostic);
        }
        if diagnostic.severity == Severity::Error {
            let mends = !diagnostic.help.is_empty() || diagnostic.primary.is_some();
            assert!(
                mends,
                "an error says where or how to mend it: {diagnostic:?}"
            );
        }
    }
    let said = report.diagnostics.is_empty();
    for colours in [false, true] {
        assert_eq!(report.render(colours).is_empty(), said);
    }
    report.to_json();
}

fn is_inside(sources: &Sources, span: &Span, diagnostic: &Diagnostic) {
    let text = &sources.get(span.file).text;
    assert!(
        text.get(span.range.clone()).is_some(),
        "{span:?} is no part of {} bytes: {diagnostic:?}",
        text.len()
    );
    assert!(sources.line(span) > 0);
    assert!(!sources.place(span).is_empty());
}

/// What holds is planned and rendered, the same each time, into files that say what the spec said.
pub(crate) fn builds(checked: &Checked) {
    let plan = checked.plan();
    assert!(!plan.to_text().is_empty());
    for layout in [Layout::InPlace, Layout::Standalone] {
        let tree = render::native(&plan, layout);
        assert_eq!(tree.to_text(), render::native(&plan, layout).to_text());
        reads_back(&tree, checked);
    }
}

fn reads_back(tree: &FileTree, checked: &Checked) {
    for (path, text) in tree.iter() {
        if path.ends_with(".rs") {
            let parsed = syn::parse_file(text);
            assert!(parsed.is_ok(), "{path}: {:?}\n{text}", parsed.err());
        } else if path.ends_with(".toml") {
            let parsed = toml::from_str::<toml::Table>(text);
            assert!(parsed.is_ok(), "{path}: {:?}\n{text}", parsed.err());
        }
        assert!(Path::new(path).is_relative(), "{path}");
    }
    let manifest = tree.get("Cargo.toml").expect("a crate has a manifest");
    let manifest: toml::Table = toml::from_str(manifest).expect("it was read above");
    let package = &manifest["package"];
    for (key, said) in [
        ("name", &checked.spec.name.value),
        ("version", &checked.spec.version.value),
    ] {
        assert_eq!(package[key].as_str(), Some(said.as_str()), "{key}");
    }
}
