//! What is made of the figures: a table for a person, and its place in BENCHMARKS.md.

use std::fs;

use super::{Bench, Row, Unit};
use crate::diagnostics::Report;
use crate::drive::files::{failed, replace};
use crate::pipeline;
use crate::text::columns;

/// The document, and the lines between which it is written.
const DOCUMENT: &str = "BENCHMARKS.md";
const BEGIN: &str = "<!-- figures: written by `cargo xtask bench` -->";
const END: &str = "<!-- /figures -->";

impl Bench {
    /// The table for a terminal.
    pub(crate) fn to_text(&self) -> String {
        let mut rows = vec![["GOAL", "AT MOST", "MEASURED", "", "OF WHAT"].map(str::to_owned)];
        rows.extend(self.goals.iter().map(|row| {
            let [most, measured] = amounts(row);
            [
                row.key.clone(),
                most,
                measured,
                verdict(row).to_owned(),
                row.detail.clone(),
            ]
        }));
        format!("{}\n{}\n", columns(&rows), self.machine.to_text())
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
            between_markers(&is, &self.to_markdown())?.as_bytes(),
        )?;
        Ok(true)
    }

    fn to_markdown(&self) -> String {
        let mut out =
            "| What | At most | Measured | | Of what |\n|---|---|---|---|---|\n".to_owned();
        for row in &self.goals {
            let [most, measured] = amounts(row);
            out.push_str(&format!(
                "| {} | {most} | {measured} | {} | {} |\n",
                row.goal.what,
                verdict(row),
                row.detail
            ));
        }
        format!("\nMeasured on: {}.\n\n{out}\n", self.machine.to_text())
    }
}

fn verdict(row: &Row) -> &'static str {
    if row.is_met { "met" } else { "missed" }
}

/// What was promised and what was measured.
fn amounts(row: &Row) -> [String; 2] {
    [row.goal.most, row.measured].map(|amount| match row.goal.unit {
        Unit::Times => format!("{amount:.2}×"),
        Unit::Ms => format!("{amount:.1} ms"),
        Unit::S => format!("{amount:.2} s"),
    })
}

fn between_markers(text: &str, figures: &str) -> Result<String, Report> {
    let parts = text
        .split_once(BEGIN)
        .and_then(|(before, rest)| Some((before, rest.split_once(END)?.1)));
    let Some((before, after)) = parts else {
        return Err(
            Report::error(format!("`{DOCUMENT}` has no place for the figures")).help(format!(
                "write these two lines where they belong:\n{BEGIN}\n{END}"
            )),
        );
    };
    Ok(format!("{before}{BEGIN}\n{figures}{END}{after}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bench::goals::GROUPS;

    fn row(measured: f64) -> Row {
        let goal = &GROUPS[0].goals[0];
        Row {
            key: "hello.time".to_owned(),
            goal,
            measured,
            is_met: measured <= goal.most,
            detail: "a to b".to_owned(),
        }
    }

    #[test]
    fn a_goal_is_met_or_missed() {
        assert_eq!((verdict(&row(1.3)), verdict(&row(1.31))), ("met", "missed"));
        assert_eq!(amounts(&row(1.234)), ["1.30×", "1.23×"]);
    }

    #[test]
    fn the_document_has_a_place_for_the_figures() {
        let path = pipeline::workspace().join(DOCUMENT);
        let text = fs::read_to_string(path).expect("the document is there");
        let written = between_markers(&text, "new\n").expect("the markers are there");
        assert!(written.contains(&format!("{BEGIN}\nnew\n{END}")));
        assert!(between_markers("no place", "").is_err());
    }
}
