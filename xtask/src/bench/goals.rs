//! The goals: every figure that is promised, and how much it may be.
//!
//! The boundary: a table. How a figure comes about is in the measurements.

use serde::Serialize;

/// What is promised.
#[derive(Debug, Serialize)]
pub(crate) struct Goal {
    /// What `--filter` calls it: the group and the figure.
    pub(crate) key: &'static str,
    /// What is measured.
    pub(crate) what: &'static str,
    /// The most that it may be.
    pub(crate) most: f64,
    /// In what.
    pub(crate) unit: Unit,
}

/// What a figure counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Unit {
    /// Times what it is compared with.
    Times,
    /// Milliseconds.
    Ms,
    /// Seconds.
    S,
}

/// All goals, in the order in which they are measured.
pub(crate) const GOALS: &[Goal] = &[
    Goal {
        key: "hello.time",
        what: "hello, start to finish, against bare Boa",
        most: 1.3,
        unit: Unit::Times,
    },
    Goal {
        key: "hello.memory",
        what: "hello, resident memory, against bare Boa",
        most: 1.2,
        unit: Unit::Times,
    },
    Goal {
        key: "hello.size",
        what: "the minimal binary, against bare Boa",
        most: 1.1,
        unit: Unit::Times,
    },
    Goal {
        key: "calls.numbers",
        what: "a call of `add(a: f64, b: f64) -> f64`, against a hand-written function of the engine",
        most: 1.15,
        unit: Unit::Times,
    },
    Goal {
        key: "calls.strings",
        what: "a call of `concat(a: String, b: String) -> String`, against a hand-written function of the engine",
        most: 1.3,
        unit: Unit::Times,
    },
    Goal {
        key: "timers.growth",
        what: "100,000 pending timers for each time that 10,000 take, against n log n",
        most: 1.0,
        unit: Unit::Times,
    },
    Goal {
        key: "timers.sleep",
        what: "processor time of a script that sleeps for 1 s, its start included",
        most: 10.0,
        unit: Unit::Ms,
    },
    Goal {
        key: "xtask.plan",
        what: "`cargo xtask plan`, once the xtask is built",
        most: 100.0,
        unit: Unit::Ms,
    },
    Goal {
        key: "xtask.check",
        what: "`cargo xtask check`, once the xtask is built",
        most: 100.0,
        unit: Unit::Ms,
    },
    Goal {
        key: "xtask.build",
        what: "`cargo xtask build` with nothing changed",
        most: 1.0,
        unit: Unit::S,
    },
    Goal {
        key: "xtask.toggle",
        what: "`cargo xtask build --profile debug` after a module was toggled",
        most: 15.0,
        unit: Unit::S,
    },
];
