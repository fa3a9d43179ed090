//! `cargo xtask doctor`: what this machine lacks to build the spec, and the command that gets it.

use std::process::ExitCode;

use serde_json::json;

use super::{print, print_json};
use crate::diagnostics::{Report, Severity};
use crate::doctor::{self, Android, Machine, Row, State};
use crate::pipeline::{self, SpecArgs};
use crate::spec::Target;

/// Which spec, and how to answer.
#[derive(clap::Args, Debug)]
pub(super) struct Args {
    #[command(flatten)]
    spec: SpecArgs,
    /// Prints what was found as JSON
    #[arg(long)]
    json: bool,
}

/// Examines this machine.
pub(super) fn run(args: &Args) -> Result<ExitCode, Report> {
    let (spec, triples, needs_c, android) = match pipeline::load(&args.spec) {
        Ok(checked) => {
            let name = checked.sources.get(checked.root).name.clone();
            let needs_c = checked.spec.engine.value.c_code.is_some();
            let android =
                (checked.spec.target == Target::Android).then(|| Android::look(&checked.spec));
            let triples: Vec<String> = match android {
                // What links for them is the NDK, and no linker of this machine's.
                Some(_) => Vec::new(),
                None => checked
                    .spec
                    .triples
                    .into_iter()
                    .map(|triple| triple.value)
                    .collect(),
            };
            (Ok(name), triples, needs_c, android)
        }
        Err(report) => (Err(errors(&report)), vec!["host".to_owned()], false, None),
    };
    let machine = Machine::look(&pipeline::workspace(), &triples, needs_c, android);
    let rows = doctor::examine(&machine, &spec);
    let missing = rows
        .iter()
        .filter(|row| matches!(row.state, State::Missing(..)))
        .count();
    if args.json {
        let rows: Vec<_> = rows.iter().map(to_json).collect();
        print_json(&json!({ "ok": missing == 0, "needs": rows }))?;
    } else {
        print(&(text(&rows) + verdict(missing).as_str()))?;
    }
    Ok(if missing == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

fn errors(report: &Report) -> usize {
    let errors = report
        .diagnostics
        .iter()
        .filter(|found| found.severity == Severity::Error);
    errors.count()
}

fn text(rows: &[Row]) -> String {
    let width = rows
        .iter()
        .map(|row| row.name.chars().count())
        .max()
        .unwrap_or(0);
    let mut out = String::new();
    let mut part = None;
    for row in rows {
        if part != Some(&row.part) {
            out.push_str(&format!("{}\n", row.part.name()));
            part = Some(&row.part);
        }
        let (mark, said, help) = match &row.state {
            State::Found(what) => ("ok", what, None),
            State::Missed(why, help) => ("--", why, Some(help)),
            State::Missing(why, help) => ("NO", why, Some(help)),
        };
        out.push_str(&format!("  {mark}  {:width$}  {said}\n", row.name));
        if let Some(help) = help {
            out.push_str(&format!("      {:width$}  help: {help}\n", ""));
        }
    }
    out
}

fn verdict(missing: usize) -> String {
    match missing {
        0 => "\nthis machine has what a build needs\n".to_owned(),
        1 => "\n1 thing is missing\n".to_owned(),
        many => format!("\n{many} things are missing\n"),
    }
}

fn to_json(row: &Row) -> serde_json::Value {
    let (state, said, help) = match &row.state {
        State::Found(what) => ("found", what, None),
        State::Missed(why, help) => ("missed", why, Some(help)),
        State::Missing(why, help) => ("missing", why, Some(help)),
    };
    json!({
        "for": row.part.name(),
        "what": row.name,
        "state": state,
        "said": said,
        "help": help,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doctor::Part;

    #[test]
    fn rows_stand_under_what_needs_them_with_the_help_beneath() {
        let row = |part, name: &str, state| Row {
            part,
            name: name.to_owned(),
            state,
        };
        let rows = [
            row(Part::Build, "rustc", State::Found("1.95.0".to_owned())),
            row(
                Part::Build,
                "lock file",
                State::Missing("none".to_owned(), "git checkout".to_owned()),
            ),
            row(
                Part::Native,
                "strip",
                State::Missed("larger".to_owned(), "apt".to_owned()),
            ),
        ];
        let expect = "\
every build
  ok  rustc      1.95.0
  NO  lock file  none
                 help: git checkout
target native
  --  strip      larger
                 help: apt
";
        assert_eq!(text(&rows), expect);
    }
}
