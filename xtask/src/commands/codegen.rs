//! `cargo xtask codegen`: what is generated from tables and committed.
//!
//! The boundary: the list of generated files. With `--check` nothing is written, and a stale file is an error with its diff.

use std::path::Path;
use std::process::ExitCode;

use runtime_core::engine::capabilities::{ENGINES, Keeps};
use runtime_core::tables::{Keeper, LIMITS, Limit};

use super::print;
use crate::diagnostics::{Diagnostic, Report, Sources};
use crate::file_tree::diff;
use crate::pipeline;
use crate::schema;
use crate::spec::manifest::Catalog;
use crate::tidy::layers::{CRATES, Upward};

/// Whether to write.
#[derive(clap::Args, Debug)]
pub(super) struct Args {
    /// Fails with a diff when a file is stale, and writes nothing
    #[arg(long)]
    check: bool,
}

/// A committed file that a table makes: its path in the workspace, and its contents from what is there now.
struct Generated {
    path: &'static str,
    make: fn(&Catalog, &str) -> Result<String, Report>,
}

const GENERATED: &[Generated] = &[
    Generated {
        path: "runtime.schema.json",
        make: |catalog, _| Ok(schema::text(catalog)),
    },
    Generated {
        path: "README.md",
        make: |catalog, is| {
            let readme = between(&MODULES, is, "README.md", &module_table(catalog))?;
            between(&LIMITS_TABLE, &readme, "README.md", &limit_table())
        },
    },
    Generated {
        path: "ARCHITECTURE.md",
        make: |_, is| between(&LAYERS, is, "ARCHITECTURE.md", &layer_lists()),
    },
];

/// Writes the generated files, or checks that they are current.
pub(super) fn run(args: &Args) -> Result<ExitCode, Report> {
    let workspace = pipeline::workspace();
    let stale = stale(&workspace, &pipeline::catalog()?)?;
    if args.check {
        if stale.is_empty() {
            return print("everything generated is current\n");
        }
        let diagnostics = stale
            .iter()
            .map(|(path, is, should)| {
                Diagnostic::error(format!("`{path}` is stale"))
                    .note(diff(path, is, should).unwrap_or_default())
                    .help("`cargo xtask codegen` writes it anew")
            })
            .collect();
        return Err(Report {
            sources: Sources::default(),
            diagnostics,
        });
    }
    for (path, _, should) in &stale {
        std::fs::write(workspace.join(path), should)
            .map_err(|error| Report::error(format!("cannot write `{path}`: {error}")))?;
        print(&format!("wrote {path}\n"))?;
    }
    Ok(ExitCode::SUCCESS)
}

/// The files that are not what the tables make of them: path, what is there, what should be.
pub(crate) fn stale(
    workspace: &Path,
    catalog: &Catalog,
) -> Result<Vec<(&'static str, String, String)>, Report> {
    let mut stale = Vec::new();
    for generated in GENERATED {
        let is = std::fs::read_to_string(workspace.join(generated.path)).unwrap_or_default();
        let should = (generated.make)(catalog, &is)?;
        if is != should {
            stale.push((generated.path, is, should));
        }
    }
    Ok(stale)
}

/// Where a table stands in a file that is written by hand.
struct Place {
    what: &'static str,
    begin: &'static str,
    end: &'static str,
}

const MODULES: Place = Place {
    what: "modules",
    begin: "<!-- modules: written by `cargo xtask codegen` from the manifests -->",
    end: "<!-- /modules -->",
};

const LIMITS_TABLE: Place = Place {
    what: "limits",
    begin: "<!-- limits: written by `cargo xtask codegen` from the runtime's own table -->",
    end: "<!-- /limits -->",
};

const LAYERS: Place = Place {
    what: "layers",
    begin: "<!-- layers: written by `cargo xtask codegen` from the table that `cargo xtask tidy` holds -->",
    end: "<!-- /layers -->",
};

fn between(place: &Place, text: &str, path: &str, table: &str) -> Result<String, Report> {
    let Place { what, begin, end } = place;
    let parts = text
        .split_once(begin)
        .and_then(|(before, rest)| Some((before, rest.split_once(end)?.1)));
    let Some((before, after)) = parts else {
        return Err(
            Report::error(format!("`{path}` has no place for the table of {what}")).help(format!(
                "write these two lines where it belongs:\n{begin}\n{end}"
            )),
        );
    };
    Ok(format!("{before}{begin}\n{table}{end}{after}"))
}

/// The layers of each crate, from below to above, and what points up.
fn layer_lists() -> String {
    let mut lists = String::new();
    for krate in CRATES {
        lists.push_str(&format!("\n`{}`:\n\n", krate.name));
        for (at, layer) in krate.layers.iter().enumerate() {
            let modules: Vec<String> = layer.modules.iter().map(|it| format!("`{it}`")).collect();
            let (modules, holds) = (modules.join(", "), layer.holds);
            lists.push_str(&format!("{}. {modules}: {holds}\n", at + 1));
        }
        for Upward { from, to, reason } in krate.upward {
            lists.push_str(&format!("- `{from}` imports `{to}`, above it: {reason}\n"));
        }
    }
    lists.push('\n');
    lists
}

/// What becomes of a script that hits a limit, and how each engine keeps it.
fn limit_table() -> String {
    let engines: Vec<&str> = ENGINES.iter().map(|engine| engine.kind).collect();
    let mut table = format!(
        "\n| Limit | What it bounds | When it is hit | Status | {} |\n|---|---|---|---|{}\n",
        engines.join(" | "),
        "---|".repeat(engines.len())
    );
    let bounds = |limit: &&Limit| !matches!(limit.keeper, Keeper::Isolation(_));
    for limit in LIMITS.iter().filter(bounds) {
        let status = limit
            .status
            .map_or("–".to_owned(), |status| status.to_string());
        let kept = ENGINES.iter().map(|engine| match limit.keeper {
            Keeper::Nobody(_) => "not yet",
            Keeper::Runtime | Keeper::Isolation(_) => "kept",
            Keeper::Engine => match engine.keeps(limit.key).map(|keeping| keeping.how) {
                Some(Keeps::Itself) => "kept",
                Some(Keeps::WithProcess) => "kept by the process",
                Some(Keeps::InPart) => "in part",
                None => "not kept",
            },
        });
        table.push_str(&format!(
            "| `{} = {}` | {} | {} | {status} | {} |\n",
            limit.key,
            limit.written(limit.example),
            limit.summary,
            limit.outcome,
            kept.collect::<Vec<_>>().join(" | ")
        ));
    }
    table + "\n"
}

fn module_table(catalog: &Catalog) -> String {
    let mut table =
        "\n| Module | What it is | Seen as | Permissions |\n|---|---|---|---|\n".to_owned();
    let code = |names: &mut dyn Iterator<Item = &str>| {
        let names: Vec<String> = names.map(|name| format!("`{name}`")).collect();
        if names.is_empty() {
            "–".to_owned()
        } else {
            names.join(", ")
        }
    };
    for module in catalog.iter() {
        table.push_str(&format!(
            "| `{}` | {} | {} | {} |\n",
            module.name,
            module.summary,
            code(&mut module.surface()),
            code(&mut module.permissions.iter().map(String::as_str)),
        ));
    }
    table + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_committed_is_current() {
        let catalog = pipeline::catalog().expect("the manifests are right");
        let stale = stale(&pipeline::workspace(), &catalog).expect("the markers are there");
        let diffs: Vec<_> = stale
            .iter()
            .filter_map(|(path, is, should)| diff(path, is, should))
            .collect();
        assert!(diffs.is_empty(), "{}", diffs.join("\n"));
    }

    #[test]
    fn a_stale_file_is_found_and_the_rest_of_it_is_kept() {
        let folder = tempfile::tempdir().expect("a folder can be made");
        let old = |place: &Place| format!("{}\nold\n{}", place.begin, place.end);
        for (path, places) in [
            ("README.md", [&MODULES, &LIMITS_TABLE].map(old).join("\n\n")),
            ("ARCHITECTURE.md", old(&LAYERS)),
        ] {
            let text = format!("# Mine\n\n{places}\n\nThe end.\n");
            std::fs::write(folder.path().join(path), text).expect("a file can be written");
        }
        let stale = stale(folder.path(), &Catalog::default()).expect("the markers are there");
        let paths: Vec<&str> = stale.iter().map(|(path, ..)| *path).collect();
        assert_eq!(
            paths,
            ["runtime.schema.json", "README.md", "ARCHITECTURE.md"]
        );
        for (path, is, should) in &stale[1..] {
            assert!(
                should.starts_with("# Mine\n") && should.ends_with("The end.\n"),
                "{should}"
            );
            let diff = diff(path, is, should).expect("they differ");
            assert!(diff.contains("\n-old\n"), "{diff}");
        }
    }

    #[test]
    fn a_readme_without_the_markers_is_refused() {
        let report = between(&MODULES, "# Mine\n", "README.md", "").expect_err("there is no place");
        assert!(report.diagnostics[0].help[0].contains(MODULES.begin));
    }
}
