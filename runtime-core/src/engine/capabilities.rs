//! The engines there are, and what each can be built with.
//!
//! The boundary: a table for the spec and its documentation, compiled without any engine. Outside this folder nothing names
//! an engine; what needs to know one asks here.

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
    /// Whether it can compile JavaScript when a runtime is built, and run that later.
    pub bytecode: bool,
    /// Its own features.
    pub features: &'static [EngineFeature],
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
}

/// Every engine, the default first.
pub static ENGINES: &[EngineInfo] = &[
    EngineInfo {
        kind: "boa",
        cargo_feature: "boa",
        not_yet: None,
        summary: "Boa: pure Rust, memory-safe, portable",
        doc: "The default. Pure Rust, so it cross-compiles wherever Rust does. An interpreter: choose it for configuration, glue and \
              plug-ins rather than for number crunching.",
        bytecode: false,
        features: &[
            EngineFeature {
                name: "intl",
                cargo_feature: "boa-intl",
                summary: "`Intl` with its data; adds several megabytes",
            },
            EngineFeature {
                name: "temporal",
                cargo_feature: "boa-temporal",
                summary: "`Temporal`: dates and times",
            },
            EngineFeature {
                name: "annex-b",
                cargo_feature: "boa-annex-b",
                summary: "the legacy of the web: `escape`, `substr`, `getYear`, HTML-like comments",
            },
            EngineFeature {
                name: "xsum",
                cargo_feature: "boa-xsum",
                summary: "`Math.sumPrecise`",
            },
            EngineFeature {
                name: "float16",
                cargo_feature: "boa-float16",
                summary: "`Float16Array`, `Math.f16round`",
            },
            EngineFeature {
                name: "experimental",
                cargo_feature: "boa-experimental",
                summary: "proposals that are not part of the standard yet",
            },
            EngineFeature {
                name: "system-time-zone",
                cargo_feature: "boa-system-time-zone",
                summary: "`Temporal.Now` in the time zone of the machine",
            },
        ],
    },
    EngineInfo {
        kind: "quickjs",
        cargo_feature: "quickjs",
        not_yet: Some("its backend is not written yet"),
        summary: "QuickJS: smaller and faster, written in C",
        doc: "Smaller and several times faster than the default, with limits on memory and time that hold. It is written in C, so a \
              C compiler for the target is needed.",
        bytecode: true,
        features: &[],
    },
];

/// The engine of this kind.
pub fn engine(kind: &str) -> Option<&'static EngineInfo> {
    ENGINES.iter().find(|engine| engine.kind == kind)
}
