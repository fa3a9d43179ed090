//! `cargo xtask explain engine`: the engines side by side, from the table of what each can do and from the figures that were measured.
//!
//! The boundary: no figure stands here. They are read from `BENCHMARKS.md`, from every table that has a column for each engine.

use runtime_core::engine::capabilities::{ENGINES, EngineInfo, Keeps};
use runtime_core::tables::LIMITS;

use crate::text::{fill, fitted};

/// What a cell of the comparison says of an engine.
type Cell = fn(&EngineInfo) -> String;

/// What can be said of every engine, a row each.
const ROWS: &[(&str, Cell)] = &[
    ("written in", |engine| {
        let language = match engine.c_code {
            Some(_) => "C; a build takes a C compiler",
            None => "Rust; a build takes nothing more",
        };
        language.to_owned()
    }),
    ("features to choose", |engine| match engine.features.len() {
        0 => "none".to_owned(),
        many => format!("{many}"),
    }),
    ("its own JavaScript", |engine| {
        let way = match engine.bytecode {
            true => "compiled when the runtime is built",
            false => "parsed at each start",
        };
        way.to_owned()
    }),
    ("stopped by a thread", |engine| {
        let when = match engine.interrupts {
            true => "while it runs",
            false => "before its next turn",
        };
        when.to_owned()
    }),
];

/// How far a limit is kept, in a few words.
pub(super) fn kept(how: Keeps) -> &'static str {
    match how {
        Keeps::Itself => "itself",
        Keeps::WithProcess => "with the process",
        Keeps::InPart => "in part",
    }
}

/// The engines side by side. `benchmarks` is the document of the figures.
pub(super) fn side_by_side(benchmarks: &str, width: usize) -> String {
    let engines: Vec<&EngineInfo> = ENGINES
        .iter()
        .filter(|engine| engine.not_yet.is_none())
        .collect();
    let row = |name: String, cell: &dyn Fn(&EngineInfo) -> String| -> Vec<String> {
        let cells = engines.iter().map(|engine| cell(engine));
        std::iter::once(name).chain(cells).collect()
    };
    let mut rows = vec![row(String::new(), &|engine| engine.kind.to_owned())];
    rows.extend(
        ROWS.iter()
            .map(|(name, cell)| row((*name).to_owned(), cell)),
    );
    for limit in LIMITS {
        if engines
            .iter()
            .any(|engine| engine.keeps(limit.key).is_some())
        {
            let name = format!("keeps limits.{}", limit.key);
            rows.push(row(name, &|engine| {
                let keeping = engine.keeps(limit.key);
                keeping
                    .map_or("not", |keeping| kept(keeping.how))
                    .to_owned()
            }));
        }
    }
    let mut text = "which engine\n\n".to_owned();
    for engine in &engines {
        let choose = format!("{}: {}", engine.kind, engine.doc);
        text.push_str(&fill(&choose, "  ", width));
    }
    text.push('\n');
    text.push_str(&super::explain::indent(&fitted(&rows, width - 2)));
    let kinds: Vec<&str> = engines.iter().map(|engine| engine.kind).collect();
    let figures = figures(benchmarks, &kinds);
    text.push_str("\nmeasured\n\n");
    if figures.is_empty() {
        text.push_str("  nothing side by side yet: `cargo xtask bench` measures both and writes BENCHMARKS.md\n");
    } else {
        let title =
            std::iter::once(String::new()).chain(kinds.iter().map(|kind| (*kind).to_owned()));
        let rows: Vec<Vec<String>> = std::iter::once(title.collect()).chain(figures).collect();
        text.push_str(&super::explain::indent(&fitted(&rows, width - 2)));
        text.push_str("\n  from BENCHMARKS.md, which says on what machine; `cargo xtask bench` measures on this one\n");
    }
    text
}

/// The rows of every table of a document that has a column for each of these: the first cell, and theirs.
fn figures(document: &str, kinds: &[&str]) -> Vec<Vec<String>> {
    let mut found = Vec::new();
    let mut places: Option<Vec<usize>> = None;
    for line in document.lines() {
        let Some(cells) = cells(line) else {
            places = None;
            continue;
        };
        let Some(places) = &places else {
            let of = |kind: &&str| {
                let named = |cell: &String| cell.eq_ignore_ascii_case(kind);
                cells.iter().position(named)
            };
            // A table without a place for each stays one until it ends: its rows are of nothing.
            places = Some(kinds.iter().map_while(of).collect());
            continue;
        };
        let is_rule = cells
            .iter()
            .all(|cell| cell.trim_matches(['-', ':']).is_empty());
        if places.len() < kinds.len() || is_rule {
            continue;
        }
        let figures = places
            .iter()
            .map(|place| cells.get(*place).cloned().unwrap_or_default());
        let row: Vec<String> = cells.first().cloned().into_iter().chain(figures).collect();
        found.push(row);
    }
    found
}

/// The cells of a line of a table in Markdown, without its marks.
fn cells(line: &str) -> Option<Vec<String>> {
    let inner = line.trim().strip_prefix('|')?.strip_suffix('|')?;
    let plain = |cell: &str| cell.trim().replace("**", "").replace('`', "");
    Some(inner.split('|').map(plain).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_taken_from_tables_with_a_column_for_each() {
        let document = "# A\n\n| What | boa | `quickjs` | Ratio |\n|---|---:|---|---|\n| hello | 2 ms | 1 ms | 2× |\n| size | 5 MB | 1 MB |\n\n\
            | What | Boa |\n|---|---|\n| other | 1 |\n\ntext | boa | quickjs\n";
        let rows = figures(document, &["boa", "quickjs"]);
        assert_eq!(rows, [["hello", "2 ms", "1 ms"], ["size", "5 MB", "1 MB"]]);
        assert!(figures("", &["boa"]).is_empty());
    }

    #[test]
    fn what_was_measured_fits_a_terminal_and_has_no_marks_of_markdown() {
        let benchmarks =
            std::fs::read_to_string(crate::pipeline::workspace().join("BENCHMARKS.md"));
        let text = side_by_side(&benchmarks.expect("it is there"), 100);
        for line in text.lines().filter(|line| !line.starts_with("  ")) {
            assert!(line.chars().count() <= 100, "{line}");
        }
        let (_, measured) = text.split_once("measured").expect("it has figures");
        assert!(measured.lines().count() > 5, "{text}");
        assert!(!measured.contains("**"), "{measured}");
        for line in measured.lines() {
            assert!(line.chars().count() <= 100, "{line}");
        }
    }

    #[test]
    fn the_comparison_has_every_engine_and_says_when_nothing_was_measured() {
        let text = side_by_side("", 100);
        for engine in ENGINES {
            assert!(text.contains(engine.kind), "{text}");
        }
        assert!(text.contains("keeps limits.memory"), "{text}");
        assert!(text.contains("nothing side by side yet"), "{text}");
        let names: Vec<&str> = ENGINES.iter().map(|engine| engine.kind).collect();
        let table = format!(
            "| What | {} |\n|---|\n| hello | {} |\n",
            names.join(" | "),
            names.join("1 | ")
        );
        assert!(side_by_side(&table, 100).contains("  hello"), "{table}");
    }
}
