//! Specs as data: `tests/specs-check/`.
//!
//! A spec in `good/` has a snapshot of its plan and of the whole generated crate. One in `bad/` is refused and has the report in
//! the `.stderr` beside it; one in `warned/` holds and has its warnings there. A file's name states the rule. A first line
//! `#: …` is a command line. `UPDATE=1` writes the reports anew; the snapshots are insta's.

use std::collections::BTreeSet;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use clap::Parser;
use xtask::diagnostics::Report;
use xtask::file_tree::FileTree;
use xtask::pipeline::{self, Checked, SpecArgs};
use xtask::render::{self, Layout};
use xtask::spec::manifest::Catalog;
use xtask::spec::rules::RULES;

#[derive(Parser)]
struct CommandLine {
    #[command(flatten)]
    spec: SpecArgs,
}

fn folder(name: &str) -> PathBuf {
    pipeline::workspace().join("tests/specs-check").join(name)
}

fn cases(name: &str) -> Vec<PathBuf> {
    let mut paths = with_extension(&folder(name), "toml");
    paths.sort();
    assert!(!paths.is_empty(), "there are specs in `{name}`");
    paths
}

fn with_extension(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).expect("the folder can be listed");
    entries
        .map(|entry| entry.expect("an entry can be read").path())
        .filter(|path| path.extension().is_some_and(|found| found == extension))
        .collect()
}

/// The standard modules, and a few whose relations no standard module has.
fn catalog() -> Catalog {
    let standard = pipeline::catalog().expect("the manifests are right");
    let own = Catalog::load(&folder("modules")).expect("the manifests of the tests are right");
    Catalog::of(standard.iter().chain(own.iter()).cloned().collect())
}

fn check(path: &Path, catalog: Catalog) -> Result<Checked, Report> {
    let text = std::fs::read_to_string(path).unwrap_or_default();
    let line = text
        .lines()
        .next()
        .and_then(|line| line.strip_prefix("#: "));
    let words = std::iter::once("xtask").chain(line.unwrap_or_default().split_whitespace());
    let args = CommandLine::parse_from(words).spec;
    let shown = path
        .file_name()
        .expect("a case is a file")
        .to_string_lossy();
    pipeline::check(&shown, path, &args.arguments(), args.target, catalog)
}

fn expect(path: &Path, found: &str, wrong: &mut Vec<String>) {
    let beside = path.with_extension("stderr");
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&beside, found).expect("the report can be written");
    }
    let wanted = std::fs::read_to_string(&beside).unwrap_or_default();
    if let Some(diff) = xtask::file_tree::diff(&beside.display().to_string(), &wanted, found) {
        wrong.push(diff);
    }
}

#[test]
fn bad_specs_are_refused_with_every_error() {
    let catalog = catalog();
    let mut wrong = Vec::new();
    for path in cases("bad") {
        match check(&path, catalog.clone()) {
            Ok(_) => wrong.push(format!("{} is accepted", path.display())),
            Err(report) => expect(&path, &report.render(false), &mut wrong),
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn warned_specs_hold() {
    let catalog = catalog();
    let mut wrong = Vec::new();
    for path in cases("warned") {
        match check(&path, catalog.clone()) {
            Ok(checked) => {
                let text = checked.warnings().render(false) + &checked.plan().to_text();
                expect(&path, &text, &mut wrong);
            }
            Err(report) => wrong.push(report.render(false)),
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_rule_has_a_case_and_every_report_a_spec() {
    let mut names = BTreeSet::new();
    for name in ["bad", "warned"] {
        for path in cases(name) {
            names.insert(path.file_stem().expect("a case has a name").to_owned());
        }
        for path in with_extension(&folder(name), "stderr") {
            assert!(
                path.with_extension("toml").is_file(),
                "{} is stale",
                path.display()
            );
        }
    }
    for rule in RULES {
        assert!(
            names.contains(std::ffi::OsStr::new(rule.name)),
            "`{}` has no case",
            rule.name
        );
    }
}

#[test]
fn good_specs_become_readable_crates() {
    let catalog = pipeline::catalog().expect("the manifests are right");
    for path in cases("good") {
        let checked = check(&path, catalog.clone())
            .unwrap_or_else(|report| panic!("{}", report.render(false)));
        assert!(
            checked.warnings.is_empty(),
            "{}",
            checked.warnings().render(false)
        );
        let plan = checked.plan();
        let tree = render::krate(&plan, Layout::InPlace);
        let root = pipeline::workspace().display().to_string();
        let text = format!("{}\n{}", plan.to_text(), tree.to_text()).replace(&root, "[workspace]");
        let mut settings = insta::Settings::clone_current();
        settings.set_snapshot_path(folder("good"));
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        let name = path
            .file_stem()
            .expect("a case has a name")
            .to_string_lossy();
        settings.bind(|| insta::assert_snapshot!(&*name, text));
        formatted(&tree);
    }
}

/// Generated Rust is what rustfmt makes of it.
fn formatted(tree: &FileTree) {
    for (path, contents) in tree.iter().filter(|(path, _)| path.ends_with(".rs")) {
        let mut rustfmt = Command::new("rustfmt")
            .args(["--edition", "2024", "--config", "skip_children=true"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("rustfmt can be run");
        let mut stdin = rustfmt.stdin.take().expect("rustfmt reads its input");
        // Without the declarations of other files, which rustfmt would look for.
        let alone: String = contents
            .split_inclusive('\n')
            .filter(|line| !line.starts_with("mod ") && !line.starts_with("#[path"))
            .collect();
        stdin
            .write_all(alone.as_bytes())
            .expect("rustfmt reads its input");
        drop(stdin);
        let output = rustfmt.wait_with_output().expect("rustfmt ends");
        let formatted = String::from_utf8(output.stdout).expect("rustfmt prints text");
        let normal = alone.replace("\n\n\n", "\n\n");
        if let Some(diff) = xtask::file_tree::diff(path, &normal, &formatted) {
            panic!("{diff}");
        }
    }
}

#[test]
fn a_standalone_crate_names_no_place_outside_itself() {
    let catalog = pipeline::catalog().expect("the manifests are right");
    for case in ["path-module", "crate-module", "mounts"] {
        let path = folder("good").join(case).with_extension("toml");
        let checked = check(&path, catalog.clone()).expect("the spec is good");
        let tree = render::krate(&checked.plan(), Layout::Standalone);
        let root = pipeline::workspace().display().to_string();
        assert!(!tree.to_text().contains(&root), "{}", tree.to_text());
    }
}

#[test]
fn the_default_spec_holds() {
    let path = pipeline::workspace().join("runtime.toml");
    let checked = check(&path, pipeline::catalog().expect("the manifests are right"))
        .unwrap_or_else(|report| panic!("{}", report.render(false)));
    assert!(
        checked.warnings.is_empty(),
        "{}",
        checked.warnings().render(false)
    );
}

#[test]
fn a_spec_that_is_not_there_is_said_so() {
    let path = folder("good").join("minimul.toml");
    let report = check(&path, Catalog::default()).expect_err("there is no such file");
    assert_eq!(
        report.render(false).trim_end(),
        "error: cannot read the spec `minimul.toml`: there is no such file\n |\n = help: did you mean `minimal.toml`?"
    );
}
