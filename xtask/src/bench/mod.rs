//! Measuring: what the project promises about speed and size, as goals that one run measures and judges.
//!
//! The boundary: it builds and runs programs as a user would. `goals` says what is promised, `programs` builds what is compared,
//! `process` runs and measures one process, `runtimes` and `tool` are the measurements, `page` is what is made of them.

mod goals;

mod machine;
mod process;
mod programs;
mod samples;

mod runtimes;
mod tool;

mod page;

use serde::Serialize;

use crate::diagnostics::{Report, list, nearest};
use crate::drive::toolchain::Toolchain;
use goals::{GROUPS, Goal, Group};
use machine::Machine;
use programs::Programs;

/// Measures the figures of a group, in the order of its goals.
type Measure = fn(&Programs) -> Result<Vec<Figure>, Report>;

/// What a figure counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
enum Unit {
    /// Times what it is compared with.
    Times,
    /// Milliseconds.
    Ms,
    /// Seconds.
    S,
}

/// What was measured.
#[derive(Debug)]
struct Figure {
    /// In the unit of the goal.
    value: f64,
    /// What it was made of, for a person.
    detail: String,
}

/// A goal and what was measured of it.
#[derive(Debug, Serialize)]
struct Row {
    key: String,
    #[serde(flatten)]
    goal: &'static Goal,
    measured: f64,
    is_met: bool,
    detail: String,
}

/// What a run measured, and where.
#[derive(Debug, Serialize)]
pub(crate) struct Bench {
    machine: Machine,
    goals: Vec<Row>,
    /// Whether every goal was measured.
    #[serde(skip)]
    is_whole: bool,
}

impl Bench {
    /// Measures every goal whose name contains `filter`.
    pub(crate) fn run(filter: Option<&str>) -> Result<Self, Report> {
        let wanted = |key: &str| filter.is_none_or(|filter| key.contains(filter));
        let all: Vec<String> = GROUPS.iter().flat_map(keys).collect();
        if !all.iter().any(|key| wanted(key)) {
            let filter = filter.unwrap_or_default();
            return Err(no_such_goal(filter, &all));
        }
        let toolchain = Toolchain::find()?;
        let machine = Machine::find(&toolchain);
        let programs = Programs::new(toolchain);
        let mut goals = Vec::new();
        for group in GROUPS
            .iter()
            .filter(|group| keys(group).any(|key| wanted(&key)))
        {
            eprintln!("measuring {}", group.name);
            let figures = (group.measure)(&programs)?;
            assert_eq!(
                figures.len(),
                group.goals.len(),
                "tailor's bug: `{}` is not all measured",
                group.name
            );
            let rows = keys_and_goals(group)
                .zip(figures)
                .map(|((key, goal), figure)| Row {
                    key,
                    goal,
                    measured: figure.value,
                    is_met: figure.value <= goal.most,
                    detail: figure.detail,
                });
            goals.extend(rows.filter(|row| wanted(&row.key)));
        }
        Ok(Self {
            machine,
            is_whole: goals.len() == all.len(),
            goals,
        })
    }

    /// Whether every goal that was measured is met.
    pub(crate) fn is_met(&self) -> bool {
        self.goals.iter().all(|row| row.is_met)
    }
}

fn no_such_goal(filter: &str, all: &[String]) -> Report {
    let groups = GROUPS.iter().map(|group| group.name);
    let near = nearest(filter, groups.chain(all.iter().map(String::as_str)));
    let help = match near {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("the goals are {}", list(all)),
    };
    Report::error(format!("no goal has `{filter}` in its name")).help(help)
}

fn keys_and_goals(group: &'static Group) -> impl Iterator<Item = (String, &'static Goal)> {
    group
        .goals
        .iter()
        .map(|goal| (format!("{}.{}", group.name, goal.name), goal))
}

fn keys(group: &'static Group) -> impl Iterator<Item = String> {
    keys_and_goals(group).map(|(key, _)| key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_filter_that_matches_nothing_says_what_would() {
        let check = |filter, expect: &str| {
            let text = Bench::run(Some(filter))
                .expect_err("nothing has it")
                .render(false);
            assert!(text.contains(expect), "{text}");
        };
        check("helo", "did you mean `hello`?");
        check("timers.sleap", "did you mean `timers.sleep`?");
        check("everything", "the goals are `hello.time`, ");
    }
}
