//! What is made of the figures: tables for a person, and their place in BENCHMARKS.md.

use std::fs;

use super::goals::Most;
use super::peers::PEERS;
use super::{Bench, Cell, Row, Unit};
use crate::diagnostics::Report;
use crate::files::{failed, replace};
use crate::pipeline;
use crate::spec::Target;
use crate::text::columns;

/// The document, and the lines between which it is written.
const DOCUMENT: &str = "BENCHMARKS.md";
const END: &str = "<!-- /figures -->";

impl Bench {
    /// The tables for a terminal.
    pub(crate) fn to_text(&self) -> String {
        let mut text = String::new();
        for mut table in self.tables(|row| row.key.clone()) {
            if let Some(title) = table.first_mut() {
                title
                    .iter_mut()
                    .for_each(|cell| *cell = cell.to_uppercase());
            }
            text.push_str(&columns(&table));
            text.push('\n');
        }
        text + &self.machine.to_text() + "\n"
    }

    /// Writes the figures into the document, when all were measured. Says whether they were.
    pub(crate) fn write(&self) -> Result<bool, Report> {
        if !self.is_whole {
            return Ok(false);
        }
        let path = pipeline::workspace().join(DOCUMENT);
        let is = fs::read_to_string(&path).map_err(|error| failed("read", &path, &error))?;
        replace(
            "the figures",
            &path,
            between_markers(&is, begin(self.target), &self.to_markdown())?.as_bytes(),
        )?;
        Ok(true)
    }

    fn to_markdown(&self) -> String {
        let mut out = format!("\nMeasured on: {}.\n\n", self.machine.to_text());
        for table in self.tables(|row| row.goal.what.to_owned()) {
            for (at, cells) in table.iter().enumerate() {
                out.push_str(&format!("| {} |\n", cells.join(" | ")));
                if at == 0 {
                    out.push_str(&format!("|{}\n", "---|".repeat(cells.len())));
                }
            }
            out.push('\n');
        }
        out
    }

    /// A table of the engines side by side, and one of the tool; none that would be empty.
    fn tables(&self, name: impl Fn(&Row) -> String) -> Vec<Vec<Vec<String>>> {
        let is_tool = |row: &&Row| row.measured.iter().any(|cell| cell.engine.is_none());
        let engines: Vec<Option<&str>> = PEERS.iter().map(|peer| Some(peer.engine)).collect();
        let table = |rows: Vec<&Row>, sides: &[Option<&str>]| -> Vec<Vec<String>> {
            let title = ["What", "At most"].map(str::to_owned).into_iter();
            let title = title.chain(
                sides
                    .iter()
                    .map(|side| side.unwrap_or("Measured").to_owned()),
            );
            let rows = rows.into_iter().map(|row| {
                let cells = sides.iter().map(|side| measured(row, *side));
                [name(row), most(row, sides)]
                    .into_iter()
                    .chain(cells)
                    .collect()
            });
            std::iter::once(title.collect()).chain(rows).collect()
        };
        let (tool, both): (Vec<&Row>, Vec<&Row>) = self.goals.iter().partition(is_tool);
        [table(both, &engines), table(tool, &[None])]
            .into_iter()
            .filter(|table| table.len() > 1)
            .collect()
    }
}

/// What is promised: once where it is the same for all.
fn most(row: &Row, sides: &[Option<&str>]) -> String {
    let amount = |most: Option<f64>| most.map_or("–".to_owned(), |most| amount(row, most));
    match row.goal.most {
        Most::Told => amount(None),
        Most::All(most) => amount(Some(most)),
        Most::Each(_) => {
            let each = sides.iter().map(|side| amount(row.goal.most.on(*side)));
            each.collect::<Vec<_>>().join(", ")
        }
    }
}

/// What was measured on one engine, or of the tool.
fn measured(row: &Row, side: Option<&str>) -> String {
    let Some(cell) = row.measured.iter().find(|cell| cell.engine == side) else {
        return "–".to_owned();
    };
    let Cell {
        value,
        is_met,
        detail,
        ..
    } = cell;
    let verdict = if *is_met == Some(false) {
        " **missed**"
    } else {
        ""
    };
    format!("{}{verdict} ({detail})", amount(row, *value))
}

fn amount(row: &Row, amount: f64) -> String {
    match row.goal.unit {
        Unit::Times => format!("{amount:.2}×"),
        Unit::Ns => format!("{amount:.0} ns"),
        Unit::Ms => format!("{amount:.1} ms"),
        Unit::S => format!("{amount:.2} s"),
        Unit::Kb => format!("{amount:.0} KB"),
        Unit::PerS if amount >= 1e6 => format!("{:.1} million/s", amount / 1e6),
        Unit::PerS => format!("{:.0} thousand/s", amount / 1e3),
    }
}

/// The line before the figures of a kind of target.
fn begin(target: Target) -> &'static str {
    match target {
        Target::Native => "<!-- figures: written by `cargo xtask bench` -->",
        Target::Wasm => "<!-- figures: written by `cargo xtask bench --target wasm` -->",
        Target::Android => "<!-- figures: written by `cargo xtask bench --target android` -->",
    }
}

fn between_markers(text: &str, begin: &str, figures: &str) -> Result<String, Report> {
    let parts = text
        .split_once(begin)
        .and_then(|(before, rest)| Some((before, rest.split_once(END)?.1)));
    let Some((before, after)) = parts else {
        return Err(
            Report::error(format!("`{DOCUMENT}` has no place for the figures")).help(format!(
                "write these two lines where they belong:\n{begin}\n{END}"
            )),
        );
    };
    Ok(format!("{before}{begin}\n{figures}{END}{after}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bench::goals::groups;

    fn row(goal: &str, measured: &[(Option<&'static str>, f64)]) -> Row {
        let (group, name) = goal.split_once('.').expect("a group and a goal");
        let group = groups(Target::Native)
            .iter()
            .find(|row| row.name == group)
            .expect("a group");
        let goal = group
            .goals
            .iter()
            .find(|goal| goal.name == name)
            .expect("a goal");
        let measured = measured.iter().map(|(engine, value)| Cell {
            engine: *engine,
            value: *value,
            is_met: goal.most.on(*engine).map(|most| *value <= most),
            detail: "a to b".to_owned(),
        });
        Row {
            key: format!("{}.{}", group.name, goal.name),
            goal,
            measured: measured.collect(),
        }
    }

    #[test]
    fn a_goal_is_met_or_missed_on_each_engine() {
        let [first, second] = [PEERS[0].engine, PEERS[1].engine].map(Some);
        let row = row("limits.cpu", &[(first, 1.1), (second, 1.1)]);
        assert_eq!(measured(&row, first), "1.10× (a to b)");
        assert_eq!(measured(&row, second), "1.10× **missed** (a to b)");
        assert_eq!(most(&row, &[first, second]), "1.15×, 1.05×");
    }

    #[test]
    fn what_an_engine_does_not_have_is_a_dash_and_what_is_told_has_no_goal() {
        let second = Some(PEERS[1].engine);
        let row = row("promises.turns", &[(second, 2_345_678.0)]);
        assert_eq!(measured(&row, Some(PEERS[0].engine)), "–");
        assert_eq!(measured(&row, second), "2.3 million/s (a to b)");
        assert_eq!(most(&row, &[second]), "–");
    }

    #[test]
    fn the_document_has_a_place_for_the_figures() {
        let path = pipeline::workspace().join(DOCUMENT);
        let text = fs::read_to_string(path).expect("the document is there");
        for target in [Target::Native, Target::Wasm, Target::Android] {
            let begin = begin(target);
            let written = between_markers(&text, begin, "new\n").expect("the markers are there");
            assert!(written.contains(&format!("{begin}\nnew\n{END}")));
            assert!(between_markers("no place", begin, "").is_err());
        }
    }
}
