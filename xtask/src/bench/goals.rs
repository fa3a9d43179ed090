//! The goals: every figure that is promised, and how much it may be.
//!
//! The boundary: a table. How a figure comes about is in the measurements.

use serde::Serialize;

use super::runtimes::{calls, hello, timers};
use super::tool;
use super::{Measure, Unit};

/// Figures that are measured together.
#[derive(Debug)]
pub(super) struct Group {
    /// The first part of what `--filter` calls them.
    pub(super) name: &'static str,
    /// Measures them; the figures come in the order of the goals.
    pub(super) measure: Measure,
    /// What is promised.
    pub(super) goals: &'static [Goal],
}

/// What is promised.
#[derive(Debug, Serialize)]
pub(super) struct Goal {
    /// The second part of what `--filter` calls it.
    pub(super) name: &'static str,
    /// What is measured.
    pub(super) what: &'static str,
    /// The most that it may be.
    pub(super) most: f64,
    /// In what.
    pub(super) unit: Unit,
}

/// All goals, in the order in which they are measured.
pub(super) const GROUPS: &[Group] = &[
    Group {
        name: "hello",
        measure: hello,
        goals: &[
            Goal {
                name: "time",
                what: "hello, start to finish, against bare Boa",
                most: 1.3,
                unit: Unit::Times,
            },
            Goal {
                name: "memory",
                what: "hello, resident memory, against bare Boa",
                most: 1.2,
                unit: Unit::Times,
            },
            Goal {
                name: "size",
                what: "the minimal binary, against bare Boa",
                most: 1.1,
                unit: Unit::Times,
            },
        ],
    },
    Group {
        name: "calls",
        measure: calls,
        goals: &[
            Goal {
                name: "numbers",
                what: "a call of `#[js_fn] fn add(a: f64, b: f64) -> f64`, against a hand-written one",
                most: 1.15,
                unit: Unit::Times,
            },
            Goal {
                name: "strings",
                what: "a call of `#[js_fn] fn concat(a: String, b: String) -> String`, against a hand-written one",
                most: 1.3,
                unit: Unit::Times,
            },
        ],
    },
    Group {
        name: "timers",
        measure: timers,
        goals: &[
            Goal {
                name: "growth",
                what: "100,000 pending timers for each time that 10,000 take, against n log n",
                // A tenth for memory: more of it is further away. Twice n log n would be 2, n² 8.
                most: 1.1,
                unit: Unit::Times,
            },
            Goal {
                name: "sleep",
                what: "processor time of a whole process that sleeps for 1 s",
                most: 10.0,
                unit: Unit::Ms,
            },
        ],
    },
    Group {
        name: "plan",
        measure: tool::plan,
        goals: &[Goal {
            name: "time",
            what: "`cargo xtask plan`, the xtask being built",
            most: 100.0,
            unit: Unit::Ms,
        }],
    },
    Group {
        name: "check",
        measure: tool::check,
        goals: &[Goal {
            name: "time",
            what: "`cargo xtask check`, the xtask being built",
            most: 100.0,
            unit: Unit::Ms,
        }],
    },
    Group {
        name: "build",
        measure: tool::build,
        goals: &[Goal {
            name: "unchanged",
            what: "`cargo xtask build` with nothing changed",
            most: 1.0,
            unit: Unit::S,
        }],
    },
    Group {
        name: "toggle",
        measure: tool::toggle,
        goals: &[Goal {
            name: "debug",
            what: "`cargo xtask build --profile debug` after a module was toggled",
            most: 15.0,
            unit: Unit::S,
        }],
    },
];
