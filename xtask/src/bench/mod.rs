//! Measuring: what the project promises about speed and size, as goals that one run measures and judges.
//!
//! The boundary: it builds and runs programs as a user would. `goals` says what is promised, `peers` what runtimes are compared with,
//! `programs` builds it all, `process` runs and measures one process, `runtimes`, `jvm`, `tool` and `web` are the measurements, `page` is what
//! is made of them.

mod goals;

mod machine;
mod peers;
mod process;
mod programs;
mod samples;

mod jvm;
mod runtimes;
mod tool;
mod web;

mod page;

use serde::Serialize;

use crate::diagnostics::{Report, list, nearest};
use crate::machine::toolchain::Toolchain;
use crate::spec::Target;
use goals::{Goal, Group, groups};
use machine::Machine;
use peers::{PEERS, Peer};
use programs::Programs;

/// Measures the figures of a group, in the order of its goals.
#[derive(Debug)]
enum Measure {
    /// On each engine; no figures when it has no such thing.
    Engine(fn(&Programs, &Peer) -> Result<Vec<Figure>, Report>),
    /// On all engines at once, in turns.
    Sides(fn(&Programs) -> Result<Vec<Side>, Report>),
    /// Of the tool, which has no engine.
    Tool(fn(&Programs) -> Result<Vec<Figure>, Report>),
}

/// An engine, or none for the tool, and its figures.
type Side = (Option<&'static str>, Vec<Figure>);

impl Measure {
    /// The figures of every engine with its kind, or of the tool.
    fn all(&self, programs: &Programs) -> Result<Vec<Side>, Report> {
        match self {
            Self::Tool(measure) => Ok(vec![(None, measure(programs)?)]),
            Self::Sides(measure) => measure(programs),
            Self::Engine(measure) => {
                let each = PEERS
                    .iter()
                    .map(|peer| Ok((Some(peer.engine), measure(programs, peer)?)));
                each.collect()
            }
        }
    }
}

/// What a figure counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
enum Unit {
    /// Times what it is compared with.
    Times,
    /// Nanoseconds.
    Ns,
    /// Milliseconds.
    Ms,
    /// Seconds.
    S,
    /// How many in a second.
    #[serde(rename = "per second")]
    PerS,
    /// Thousands of bytes.
    #[serde(rename = "kB")]
    Kb,
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
    measured: Vec<Cell>,
}

/// What was measured of a goal on one engine, or of the tool.
#[derive(Debug, Serialize)]
struct Cell {
    #[serde(skip_serializing_if = "Option::is_none")]
    engine: Option<&'static str>,
    value: f64,
    /// `None`: nothing is promised.
    #[serde(skip_serializing_if = "Option::is_none")]
    is_met: Option<bool>,
    detail: String,
}

/// What a run measured, and where.
#[derive(Debug, Serialize)]
pub(crate) struct Bench {
    #[serde(skip)]
    target: Target,
    machine: Machine,
    goals: Vec<Row>,
    /// Whether every goal was measured.
    #[serde(skip)]
    is_whole: bool,
}

impl Bench {
    /// Measures every goal for a kind of target whose name contains `filter`.
    pub(crate) fn run(target: Target, filter: Option<&str>) -> Result<Self, Report> {
        let wanted = |key: &str| filter.is_none_or(|filter| key.contains(filter));
        let groups = groups(target);
        if groups.is_empty() {
            return Err(Report::error(format!(
                "nothing is measured for the target `{}` yet",
                target.name()
            )));
        }
        let all: Vec<String> = groups.iter().flat_map(keys).collect();
        if !all.iter().any(|key| wanted(key)) {
            let filter = filter.unwrap_or_default();
            return Err(no_such_goal(filter, groups, &all));
        }
        let toolchain = Toolchain::find()?;
        let machine = Machine::find(&toolchain);
        let programs = Programs::new(toolchain);
        let mut goals = Vec::new();
        for group in groups
            .iter()
            .filter(|group| keys(group).any(|key| wanted(&key)))
        {
            eprintln!("measuring {}", group.name);
            let mut rows: Vec<Row> = keys_and_goals(group)
                .map(|(key, goal)| Row {
                    key,
                    goal,
                    measured: Vec::new(),
                })
                .collect();
            for (engine, figures) in group.measure.all(&programs)? {
                assert!(
                    figures.is_empty() || figures.len() == rows.len(),
                    "tailor's bug: `{}` is not all measured",
                    group.name
                );
                for (row, figure) in rows.iter_mut().zip(figures) {
                    let most = row.goal.most.on(engine);
                    row.measured.push(Cell {
                        engine,
                        value: figure.value,
                        is_met: most.map(|most| figure.value <= most),
                        detail: figure.detail,
                    });
                }
            }
            goals.extend(rows.into_iter().filter(|row| wanted(&row.key)));
        }
        Ok(Self {
            target,
            machine,
            is_whole: goals.len() == all.len(),
            goals,
        })
    }

    /// Whether every goal that was measured is met.
    pub(crate) fn is_met(&self) -> bool {
        let cells = self.goals.iter().flat_map(|row| &row.measured);
        cells.into_iter().all(|cell| cell.is_met != Some(false))
    }
}

fn no_such_goal(filter: &str, groups: &[Group], all: &[String]) -> Report {
    let groups = groups.iter().map(|group| group.name);
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
        let check = |target, filter, expect: &str| {
            let text = Bench::run(target, Some(filter))
                .expect_err("nothing has it")
                .render(false);
            assert!(text.contains(expect), "{text}");
        };
        check(Target::Native, "helo", "did you mean `hello`?");
        check(
            Target::Native,
            "timers.sleap",
            "did you mean `timers.sleep`?",
        );
        check(Target::Native, "everything", "the goals are `hello.time`, ");
        check(
            Target::Wasm,
            "package.brotly",
            "did you mean `package.brotli`?",
        );
    }
}
