//! The engines there are, and what each can be built with.
//!
//! The boundary: a table for the spec and its documentation, compiled without any engine. Outside this folder nothing names
//! an engine; what needs to know one asks here.

use crate::tables::prose;

/// An engine: a value of `[engine] kind`.
#[derive(Debug)]
pub struct EngineInfo {
    /// What the spec calls it.
    pub kind: &'static str,
    /// The cargo feature of runtime-core that compiles it in.
    pub cargo_feature: &'static str,
    /// Why it cannot be built yet, if so.
    pub not_yet: Option<&'static str>,
    /// What it is, in one line.
    pub summary: &'static str,
    /// What to expect of it.
    pub doc: &'static str,
    /// What is known of its C, if it is written in C: a build needs a C compiler for each target then.
    pub c_code: Option<CCode>,
    /// Whether it can compile JavaScript when a runtime is built, and run that later.
    pub bytecode: bool,
    /// Its own features.
    pub features: &'static [EngineFeature],
    /// Whether a script that is running ends when another thread asks for it; else it ends before its next turn.
    pub interrupts: bool,
    /// How it keeps each limit that is the engine's to keep.
    pub limits: &'static [Keeping],
}

/// How an engine keeps one limit, in a process that it shares with the program.
#[derive(Debug)]
pub struct Keeping {
    /// The limit's key: `memory`.
    pub key: &'static str,
    /// How far.
    pub how: Keeps,
    /// The cargo feature of runtime-core that it takes.
    pub cargo_feature: Option<&'static str>,
    /// How it does it, and what is left.
    pub doc: &'static str,
}

/// How far an engine keeps a limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keeps {
    /// Everywhere: the script ends, and the program goes on.
    Itself,
    /// Between the operations of a script. Within a single one nothing but the end of the process keeps it: a built runtime ends
    /// itself then, and a program that embeds one cannot be asked to.
    WithProcess,
    /// Not everywhere, and the process cannot help.
    InPart,
}

/// An engine's C, as a linker sees it: its symbols have no crate.
#[derive(Debug)]
pub struct CCode {
    /// The crate that compiles and declares it.
    pub krate: &'static str,
    /// The files that it is compiled from, by which the symbols that only a file sees are known.
    pub files: &'static [&'static str],
    /// How the names of those begin that every file sees.
    pub prefixes: &'static [&'static str],
}

/// A feature of an engine: a value of `[engine] features`.
#[derive(Debug)]
pub struct EngineFeature {
    /// What the spec calls it.
    pub name: &'static str,
    /// The cargo feature of runtime-core that compiles it in.
    pub cargo_feature: &'static str,
    /// What it adds, in one line.
    pub summary: &'static str,
}

impl EngineInfo {
    /// The feature with this name.
    pub fn feature(&self, name: &str) -> Option<&'static EngineFeature> {
        self.features.iter().find(|feature| feature.name == name)
    }

    /// How it keeps the limit with this key; `None`: the limit is not an engine's to keep.
    pub fn keeps(&self, limit: &str) -> Option<&'static Keeping> {
        self.limits.iter().find(|keeping| keeping.key == limit)
    }
}

/// Every engine, the default first.
pub static ENGINES: &[EngineInfo] = &[
    EngineInfo {
        kind: "boa",
        cargo_feature: "boa",
        not_yet: None,
        summary: prose("Boa: pure Rust, memory-safe, portable"),
        doc: prose(
            "The default. Pure Rust, so it cross-compiles wherever Rust does. An interpreter: choose it for configuration, glue and \
              plug-ins rather than for number crunching.",
        ),
        c_code: None,
        bytecode: false,
        features: &[
            EngineFeature {
                name: "intl",
                cargo_feature: "boa-intl",
                summary: prose("`Intl` with its data; adds several megabytes"),
            },
            EngineFeature {
                name: "temporal",
                cargo_feature: "boa-temporal",
                summary: prose("`Temporal`: dates and times"),
            },
            EngineFeature {
                name: "annex-b",
                cargo_feature: "boa-annex-b",
                summary: prose(
                    "the legacy of the web: `escape`, `substr`, `getYear`, HTML-like comments",
                ),
            },
            EngineFeature {
                name: "xsum",
                cargo_feature: "boa-xsum",
                summary: prose("`Math.sumPrecise`"),
            },
            EngineFeature {
                name: "float16",
                cargo_feature: "boa-float16",
                summary: prose("`Float16Array`, `Math.f16round`"),
            },
            EngineFeature {
                name: "experimental",
                cargo_feature: "boa-experimental",
                summary: prose("proposals that are not part of the standard yet"),
            },
            EngineFeature {
                name: "system-time-zone",
                cargo_feature: "boa-system-time-zone",
                summary: prose("`Temporal.Now` in the time zone of the machine"),
            },
        ],
        interrupts: true,
        limits: &[
            Keeping {
                key: "memory",
                how: Keeps::WithProcess,
                cargo_feature: Some("boa-guards"),
                doc: prose(
                    "All memory of the process is counted. Beyond the limit the script ends at its next turn or call of a native \
                      function; a single operation that wants more than is left ends the process, in words. One that could never \
                      fit, such as `repeat`, is a RangeError where that is known beforehand.",
                ),
            },
            Keeping {
                key: "cpu",
                how: Keeps::WithProcess,
                cargo_feature: Some("boa-guards"),
                doc: prose(
                    "The engine asks every few thousand calls and turns of loops, and the script ends. It does not ask within a single \
                      long operation, such as a regular expression that tries every way or `join` on billions of holes: that is \
                      ended with the process, at most a tenth of a second later.",
                ),
            },
            Keeping {
                key: "wall",
                how: Keeps::WithProcess,
                cargo_feature: Some("boa-guards"),
                doc: prose(
                    "As `limits.cpu`: the engine asks as it goes. A single operation in which it does not ask is ended with the process.",
                ),
            },
            Keeping {
                key: "stack",
                how: Keeps::InPart,
                cargo_feature: Some("boa-guards"),
                doc: prose(
                    "The depth of calls follows from it. What the engine itself does by recursion, such as parsing and printing of \
                      nested data, is guarded where it is known, which is no proof.",
                ),
            },
        ],
    },
    EngineInfo {
        kind: "quickjs",
        cargo_feature: "quickjs",
        not_yet: None,
        summary: prose("QuickJS: smaller and faster, written in C"),
        doc: prose(
            "Smaller and several times faster than the default, with limits on memory and time that hold. It is written in C, so a \
              C compiler for the target is needed.",
        ),
        c_code: Some(CCode {
            krate: "rquickjs_sys",
            files: &["quickjs.c", "libregexp.c", "libunicode.c", "dtoa.c"],
            prefixes: &[
                "JS_", "__JS_", "js_", "lre_", "cr_", "unicode_", "qjsc_", "i32toa", "i64toa",
                "u32toa", "u64toa",
            ],
        }),
        bytecode: true,
        features: &[],
        interrupts: true,
        limits: &[
            Keeping {
                key: "memory",
                how: Keeps::Itself,
                cargo_feature: None,
                doc: prose("The engine's own allocator counts, and refuses what does not fit."),
            },
            Keeping {
                key: "cpu",
                how: Keeps::WithProcess,
                cargo_feature: None,
                doc: prose(
                    "The engine asks every few thousand operations, in regular expressions and callbacks too, and the script ends. It does not ask \
                      while `join`, `slice`, `concat` and their like walk an array of billions of holes, or within one operation on a huge \
                      `BigInt`: that is ended with the process, at most a tenth of a second later.",
                ),
            },
            Keeping {
                key: "wall",
                how: Keeps::WithProcess,
                cargo_feature: None,
                doc: prose(
                    "As `limits.cpu`: the engine asks as it goes. A single operation in which it does not ask is ended with the process.",
                ),
            },
            Keeping {
                key: "stack",
                how: Keeps::Itself,
                cargo_feature: None,
                doc: prose("The engine measures its stack at every call and while it parses."),
            },
        ],
    },
];

/// The engine of this kind.
pub fn engine(kind: &str) -> Option<&'static EngineInfo> {
    ENGINES.iter().find(|engine| engine.kind == kind)
}
