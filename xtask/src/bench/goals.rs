//! The goals: every figure that is promised or told, and how much it may be.
//!
//! The boundary: a table. How a figure comes about is in the measurements.

use serde::Serialize;

use super::runtimes::{
    async_calls, bytecode, calls, hello, isolation, limits, programs, promises, timers,
};
use super::{Measure, Unit, jvm, tool, web};
use crate::spec::Target;

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
    pub(super) most: Most,
    /// In what.
    pub(super) unit: Unit,
}

/// The most that a figure may be.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub(super) enum Most {
    /// Nothing is promised: it is told.
    Told,
    /// This much, on every engine.
    All(f64),
    /// As much on each engine, by its kind.
    Each(&'static [(&'static str, f64)]),
}

impl Most {
    /// The most on this engine; the tool has none.
    pub(super) fn on(&self, engine: Option<&str>) -> Option<f64> {
        match self {
            Self::Told => None,
            Self::All(most) => Some(*most),
            Self::Each(each) => {
                let mut of = each.iter().filter(|(kind, _)| Some(*kind) == engine);
                of.next().map(|(_, most)| *most)
            }
        }
    }
}

/// What a limit that is on and not hit may cost.
const LIMIT: Most = Most::Each(&[("boa", 1.15), ("quickjs", 1.05)]);

const fn times(name: &'static str, what: &'static str, most: Most) -> Goal {
    Goal {
        name,
        what,
        most,
        unit: Unit::Times,
    }
}

const fn told(name: &'static str, what: &'static str, unit: Unit) -> Goal {
    Goal {
        name,
        what,
        most: Most::Told,
        unit,
    }
}

/// What is promised for a kind of target, in the order in which it is measured.
pub(super) fn groups(target: Target) -> &'static [Group] {
    match target {
        Target::Native => NATIVE,
        Target::Wasm => WASM,
        Target::Android => ANDROID,
    }
}

const NATIVE: &[Group] = &[
    Group {
        name: "hello",
        measure: Measure::Engine(hello),
        goals: &[
            times(
                "time",
                "hello, start to finish, against the bare engine",
                Most::All(1.3),
            ),
            times(
                "memory",
                "hello, resident memory, against the bare engine",
                Most::All(1.2),
            ),
            times(
                "size",
                "the minimal binary, against the bare engine",
                Most::Each(&[("boa", 1.1)]),
            ),
        ],
    },
    Group {
        name: "isolation",
        measure: Measure::Engine(isolation),
        goals: &[told(
            "time",
            "what `isolation = \"process\"` adds to hello",
            Unit::Ms,
        )],
    },
    Group {
        name: "bytecode",
        measure: Measure::Engine(bytecode),
        goals: &[times(
            "time",
            "the start of an app of 600 functions compiled when built, against one that is parsed",
            Most::All(1.0),
        )],
    },
    Group {
        name: "calls",
        measure: Measure::Engine(calls),
        goals: &[
            times(
                "numbers",
                "a call of `fn add(a: f64, b: f64) -> f64`, against a hand-written one",
                Most::All(1.15),
            ),
            times(
                "strings",
                "a call of `fn concat(a: String, b: String) -> String`, against a hand-written one",
                Most::All(1.3),
            ),
            times(
                "bytes",
                "a call of `fn copy(bytes: &[u8]) -> Vec<u8>` with 1 KiB, against a hand-written one",
                Most::Told,
            ),
            times(
                "objects",
                "a call of `fn mirror(place: Point) -> Point`, against a hand-written one",
                Most::Told,
            ),
        ],
    },
    Group {
        name: "async",
        measure: Measure::Engine(async_calls),
        goals: &[told(
            "calls",
            "an `await` of `async fn later(value: f64) -> f64`",
            Unit::Ns,
        )],
    },
    Group {
        name: "promises",
        measure: Measure::Engine(promises),
        goals: &[
            times(
                "cost",
                "a turn of a promise, against the bare engine",
                Most::All(1.1),
            ),
            told("turns", "turns of promises", Unit::PerS),
        ],
    },
    Group {
        name: "timers",
        measure: Measure::Engine(timers),
        goals: &[
            told("rate", "timers set and called", Unit::PerS),
            // A tenth for memory: more of it is further away. Twice n log n would be 2, n² 8.
            times(
                "growth",
                "100,000 pending timers for each time that 10,000 take, against n log n",
                Most::All(1.1),
            ),
            Goal {
                name: "sleep",
                what: "processor time of a whole process that sleeps for 1 s",
                most: Most::All(10.0),
                unit: Unit::Ms,
            },
        ],
    },
    Group {
        name: "programs",
        measure: Measure::Engine(programs),
        goals: &[
            times(
                "recursion",
                "recursion in plain JavaScript, against the bare engine",
                Most::All(1.05),
            ),
            times("objects", "objects, likewise", Most::All(1.05)),
            times("strings", "strings, likewise", Most::All(1.05)),
            times("regexps", "regular expressions, likewise", Most::All(1.05)),
            times("json", "JSON, likewise", Most::All(1.05)),
            times("sorting", "sorting, likewise", Most::All(1.05)),
            times("classes", "classes, likewise", Most::All(1.05)),
            times("arrays", "typed arrays, likewise", Most::All(1.05)),
        ],
    },
    Group {
        name: "limits",
        measure: Measure::Engine(limits),
        goals: &[
            times(
                "memory",
                "these programs with `limits.memory`, not hit, against none",
                LIMIT,
            ),
            times("cpu", "with `limits.cpu`", LIMIT),
            times("wall", "with `limits.wall`", LIMIT),
            times("stack", "with `limits.stack`", LIMIT),
            times("timers", "100,000 timers with `limits.timers.max`", LIMIT),
            times(
                "files",
                "small files with `limits.fs.quota` and `fs.open-files`",
                LIMIT,
            ),
        ],
    },
    Group {
        name: "plan",
        measure: Measure::Tool(tool::plan),
        goals: &[Goal {
            name: "time",
            what: "`cargo xtask plan`, the xtask being built",
            most: Most::All(100.0),
            unit: Unit::Ms,
        }],
    },
    Group {
        name: "check",
        measure: Measure::Tool(tool::check),
        goals: &[Goal {
            name: "time",
            what: "`cargo xtask check`, the xtask being built",
            most: Most::All(100.0),
            unit: Unit::Ms,
        }],
    },
    Group {
        name: "build",
        measure: Measure::Tool(tool::build),
        goals: &[Goal {
            name: "unchanged",
            what: "`cargo xtask build` with nothing changed",
            most: Most::All(1.0),
            unit: Unit::S,
        }],
    },
    Group {
        name: "toggle",
        measure: Measure::Tool(tool::toggle),
        goals: &[Goal {
            name: "debug",
            what: "`cargo xtask build --profile debug` after a module was toggled",
            most: Most::All(15.0),
            unit: Unit::S,
        }],
    },
];

const WASM: &[Group] = &[
    Group {
        name: "package",
        measure: Measure::Sides(web::package),
        goals: &[
            told("raw", "the module of a console and timers", Unit::Kb),
            told("gzip", "the same, compressed by gzip", Unit::Kb),
            Goal {
                name: "brotli",
                what: "the same, compressed by brotli",
                most: Most::Each(&[("boa", 620.0), ("quickjs", 265.0)]),
                unit: Unit::Kb,
            },
        ],
    },
    Group {
        name: "node",
        measure: Measure::Sides(web::node),
        goals: IN_A_HOST,
    },
    Group {
        name: "browser",
        measure: Measure::Sides(web::browser),
        goals: IN_A_HOST,
    },
];

/// What is measured in each host, against `quickjs-emscripten` there.
const IN_A_HOST: &[Goal] = &[
    times(
        "instantiation",
        "from nothing to an instance of the module",
        Most::Told,
    ),
    times("context", "from there to a first value", Most::Told),
    times("more", "one more runtime, to its first value", Most::Told),
    times("fib", "`fib(25)`, warm", Most::Each(&[("quickjs", 1.0)])),
    times(
        "calls",
        "100,000 calls of a function of the host's",
        Most::All(1.0),
    ),
    times("bytes", "1 MB of bytes to the host and back", Most::Told),
];

const ANDROID: &[Group] = &[
    Group {
        name: "java",
        measure: Measure::Engine(jvm::java),
        goals: &[
            times(
                "creation",
                "a runtime made, used once and closed, against the embedding API",
                Most::Told,
            ),
            Goal {
                name: "eval",
                what: "what `eval(\"1 + 1\")` takes more than through the embedding API",
                most: Most::All(5_000.0),
                unit: Unit::Ns,
            },
            times(
                "calls",
                "a call of a function of Java's by a script, against one of Rust's",
                Most::Told,
            ),
            times(
                "bytes",
                "1 MB of bytes to Java and back, against Rust",
                Most::Told,
            ),
        ],
    },
    Group {
        name: "library",
        measure: Measure::Engine(jvm::library),
        goals: &[
            Goal {
                name: "raw",
                what: "the library for arm64 with console, timers and fs",
                most: Most::All(5_000.0),
                unit: Unit::Kb,
            },
            told("gzip", "the same, compressed", Unit::Kb),
            told("aar", "the AAR with it", Unit::Kb),
        ],
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_promised_may_depend_on_the_engine() {
        assert_eq!(LIMIT.on(Some("boa")), Some(1.15));
        assert_eq!(LIMIT.on(Some("quickjs")), Some(1.05));
        assert_eq!(Most::All(2.0).on(None), Some(2.0));
        assert_eq!(Most::Told.on(Some("boa")), None);
    }
}
