//! The table of keys: every word that `runtime.toml` knows.
//!
//! From it come the errors for unknown keys and wrong types, the suggestions, the JSON Schema and `explain`. The boundary:
//! rows. What a value must look like is `values`; what a module's own options are is said by its manifest, in the same rows.

// tidy: long, most of it is the table

use std::borrow::Cow;
use std::sync::LazyLock;

use runtime_core::engine::capabilities::ENGINES;
use runtime_core::tables::{LIMITS, Limit, PERMISSIONS, Permission, Unit};

use super::presets::PRESETS;

type Text = Cow<'static, str>;

/// The one key of `[modules]` that is no module.
pub const PRESET: &str = "modules.preset";

/// A key of `runtime.toml`, or of a module's options.
#[derive(Clone, Debug)]
pub struct Key {
    /// The whole path, `build.budget.binary`; `*` stands for a name of the user's choice.
    pub path: Text,
    /// What its value is.
    pub kind: Kind,
    /// What holds when it is absent, as it would be written.
    pub default: Option<Text>,
    /// Meaning, interactions, and what it does not protect against.
    pub doc: Text,
    /// A value as it may be written.
    pub example: Text,
    /// Known, but of no use yet: what to do instead.
    pub not_yet: Option<Text>,
}

/// What a value is.
#[derive(Clone, Debug)]
pub enum Kind {
    /// A table of keys with rows of their own.
    Section,
    /// The version of the schema.
    Schema,
    /// Any string.
    Text,
    /// A list of strings.
    Texts,
    /// `true` or `false`.
    Bool,
    /// A whole number from 1.
    Count,
    /// The name of a crate.
    Name,
    /// A version, as in `1.2.0`.
    Version,
    /// `64MiB`
    Bytes,
    /// `30s`
    Duration,
    /// `20/s`
    Rate,
    /// One of a few words.
    Choice(Cow<'static, [Choice]>),
    /// A list of a permission's entries.
    Entries(&'static Permission),
    /// Features of the engine.
    Features,
    /// Target triples.
    Triples,
    /// A value of `[modules]`.
    Module,
    /// Any section again, for one target.
    Override,
    /// An absolute path that a script sees.
    MountPoint,
    /// What is mounted there.
    MountSource,
    /// A list of tables with these keys.
    Rows(Cow<'static, [Key]>),
}

/// A word that a [`Kind::Choice`] offers.
#[derive(Clone, Debug)]
pub struct Choice {
    /// The word.
    pub name: Text,
    /// What it means.
    pub doc: Text,
    /// Known, but of no use yet: why.
    pub not_yet: Option<Text>,
}

impl Key {
    /// The last part of the path.
    pub fn name(&self) -> &str {
        self.path.rsplit('.').next().unwrap_or(&self.path)
    }

    /// The section it stands in; empty for a key of the top level.
    pub fn section(&self) -> &str {
        self.path
            .rsplit_once('.')
            .map_or("", |(section, _)| section)
    }

    /// Whether a target may say it again.
    pub fn is_overridable(&self) -> bool {
        !["schema", "include", "targets"].contains(&&*self.path)
    }

    /// `binary = "6MiB"`, as a line of its section.
    pub fn line(&self) -> String {
        format!("{} = {}", self.name(), self.example)
    }
}

const fn row(
    path: &'static str,
    kind: Kind,
    default: Option<&'static str>,
    example: &'static str,
    doc: &'static str,
) -> Key {
    key(path, kind, default, example, doc, None)
}

const fn later(
    path: &'static str,
    kind: Kind,
    example: &'static str,
    instead: &'static str,
) -> Key {
    key(
        path,
        kind,
        None,
        example,
        "Not available yet.",
        Some(instead),
    )
}

const fn key(
    path: &'static str,
    kind: Kind,
    default: Option<&'static str>,
    example: &'static str,
    doc: &'static str,
    not_yet: Option<&'static str>,
) -> Key {
    Key {
        path: Cow::Borrowed(path),
        kind,
        default: borrowed(default),
        doc: Cow::Borrowed(doc),
        example: Cow::Borrowed(example),
        not_yet: borrowed(not_yet),
    }
}

const fn borrowed(text: Option<&'static str>) -> Option<Text> {
    match text {
        Some(text) => Some(Cow::Borrowed(text)),
        None => None,
    }
}

const fn word(name: &'static str, doc: &'static str) -> Choice {
    later_word(name, doc, None)
}

const fn later_word(
    name: &'static str,
    doc: &'static str,
    instead: Option<&'static str>,
) -> Choice {
    Choice {
        name: Cow::Borrowed(name),
        doc: Cow::Borrowed(doc),
        not_yet: borrowed(instead),
    }
}

const PROFILES: &[Choice] = &[
    word(
        "size",
        "the smallest binary: opt-level z, one unit of code, no unwinding",
    ),
    word(
        "speed",
        "the fastest binary: opt-level 3, one unit of code, no unwinding",
    ),
    word(
        "debug",
        "the fastest build: shares its compiled code with the workspace, keeps line numbers",
    ),
];

const ALLOCATORS: &[Choice] = &[
    word("system", "the platform's own; adds nothing"),
    word(
        "mimalloc",
        "faster under many small objects; adds about 100 KiB and needs a C compiler",
    ),
    later_word(
        "arena",
        "everything is freed at once, at the end",
        Some("use `system`"),
    ),
    later_word(
        "debug",
        "counts and checks every allocation",
        Some("use `system`"),
    ),
];

const STDS: &[Choice] = &[
    word("prebuilt", "the one that comes with the toolchain"),
    word(
        "rebuilt",
        "compiled from its source for this binary: about 350 KiB less; takes a nightly toolchain with `rust-src`",
    ),
];

const ENFORCEMENTS: &[Choice] = &[
    word("hard", "a limit that cannot be kept is an error"),
    word("best", "a limit that cannot be kept is a warning"),
];

/// The rows that are written here; the ones of permissions and limits follow from the runtime's own tables.
const ROWS: &[Key] = &[
    row(
        "schema",
        Kind::Schema,
        Some("1"),
        "1",
        "The version of this file's format. There is one so far.",
    ),
    row(
        "include",
        Kind::Texts,
        Some("[]"),
        r#"["presets/edge.toml"]"#,
        "Other specs to build on. They are merged first, in order and depth first; a key that is said later wins, and a list \
         replaces a list. A path is relative to the file that says it, and ends in `.toml`. A cycle is an error, and so are more than 100 \
         includes. Messages print no lines of a file outside the folder of the spec.",
    ),
    row(
        "runtime",
        Kind::Section,
        None,
        r#"{ name = "acme-js" }"#,
        "What the runtime calls itself.",
    ),
    row(
        "runtime.name",
        Kind::Name,
        None,
        r#""acme-js""#,
        "The name of the binary and of the generated crate. Lowercase letters, digits, `-` and `_`, a letter first. Required.",
    ),
    row(
        "runtime.version",
        Kind::Version,
        Some(r#""0.1.0""#),
        r#""1.2.0""#,
        "The version that `--version` prints.",
    ),
    row(
        "runtime.description",
        Kind::Text,
        Some(r#""""#),
        r#""The scripts of Acme""#,
        "One line for `--help` and the manifest.",
    ),
    row(
        "runtime.entry",
        Kind::Text,
        None,
        r#""app/main.js""#,
        "The script that the binary runs, relative to the spec that says it. It is embedded with every `.js`, `.mjs` and `.json` file in \
         its folder and below (`node_modules`, `target`, `dist` and hidden ones left out), which import each other by relative paths. \
         The folder must lie in that of the spec, and none of its files may be a link. \
         The binary gives the app all of its arguments. Without this key the binary is a general interpreter: `acme-js run file.js`.",
    ),
    row(
        "engine",
        Kind::Section,
        None,
        r#"{ kind = "boa" }"#,
        "What runs the JavaScript.",
    ),
    row(
        "engine.features",
        Kind::Features,
        Some("[]"),
        r#"["temporal"]"#,
        "Parts of the language that the engine can be built with. What is absent is not compiled. Which there are depends on \
         `engine.kind`.",
    ),
    row(
        "build",
        Kind::Section,
        None,
        r#"{ profile = "size" }"#,
        "How the binary is made.",
    ),
    row(
        "build.profile",
        Kind::Choice(Cow::Borrowed(PROFILES)),
        Some(r#""size""#),
        r#""speed""#,
        "What the compiler optimises for. `--profile` on the command line wins over it, and `cargo xtask run` takes `debug` without that.",
    ),
    row(
        "build.allocator",
        Kind::Choice(Cow::Borrowed(ALLOCATORS)),
        Some(r#""system""#),
        r#""mimalloc""#,
        "What hands out memory.",
    ),
    row(
        "build.std",
        Kind::Choice(Cow::Borrowed(STDS)),
        Some(r#""prebuilt""#),
        r#""rebuilt""#,
        "Where the standard library of Rust in a native binary comes from. A rebuilt one leaves out what the binary does not use, and \
         prints no backtraces. Other targets choose by themselves, and a debug build takes the prebuilt one.",
    ),
    row(
        "build.packed-relocations",
        Kind::Bool,
        Some("false"),
        "true",
        "Whether a native binary for Linux lists the addresses that the loader fills in as a bitmap, which takes about 80 KiB less. \
         The binary then starts only where the C library is at least glibc 2.36 (August 2022) or musl 1.2.4.",
    ),
    row(
        "build.bytecode",
        Kind::Bool,
        Some("true"),
        "false",
        "Whether embedded JavaScript is compiled when the runtime is built, so that it starts faster. An engine without bytecode embeds \
         the text in any case.",
    ),
    row(
        "build.budget",
        Kind::Section,
        None,
        r#"{ binary = "6MiB" }"#,
        "What the result may cost.",
    ),
    row(
        "build.budget.binary",
        Kind::Bytes,
        None,
        r#""6MiB""#,
        "The most bytes that the stripped binary may have. A build that exceeds it fails, says by how much and what the bytes \
         are spent on, and leaves the last result in place.",
    ),
    row(
        "build.budget.wasm",
        Kind::Bytes,
        None,
        r#""900KiB""#,
        "The most bytes that the module of an npm package may have, as it is before a server compresses it. As `build.budget.binary`.",
    ),
    row(
        "build.budget.android",
        Kind::Bytes,
        None,
        r#""6MiB""#,
        "The most bytes that a library for Android may have, as it is before it is packed. As `build.budget.binary`.",
    ),
    later(
        "build.budget.startup",
        Kind::Duration,
        r#""5ms""#,
        "leave it out; `cargo xtask bench` measures the start",
    ),
    row(
        "modules",
        Kind::Section,
        None,
        "{ console = true }",
        "What scripts can use. A module that neither the preset nor an entry selects is not in the binary.",
    ),
    row(
        "modules.preset",
        Kind::Choice(Cow::Borrowed(&[])),
        None,
        r#""web""#,
        "The modules to begin with. The entries of `[modules]` add to them (`fs = true`) and take some out (`timers = false`), \
         wherever they stand: in this file, in an include, for a target or on the command line. A preset that is said later \
         replaces an earlier one. It selects what the target supports, and grants no permission. A newer Tailor may \
         have more modules in a preset.",
    ),
    row(
        "modules.*",
        Kind::Module,
        None,
        "true",
        "A module of the standard set: `true`, or a table of its options. `false` takes out what the preset or an include brought. A module of \
         your own: `{ path = \"native/greet.rs\" }` or `{ crate = { path = \"../sensor\" } }`.",
    ),
    row(
        "modules.*.path",
        Kind::Text,
        None,
        r#""native/greet.rs""#,
        "A Rust file with `#[js_fn]` functions or `#[js_class]` types at its top level. Relative to the spec that says it.",
    ),
    row(
        "modules.*.crate",
        Kind::Text,
        None,
        r#"{ path = "../sensor" }"#,
        "A crate whose root exports `MODULE`, as `#[js_module]` makes it: `{ path = \"…\" }`, relative to the spec that says it, \
         or a version, `\"1.2\"` or `{ version = \"1.2\" }`, of the crate that has the module's name.",
    ),
    row(
        "modules.*.expose",
        Kind::Text,
        Some(r#""runtime:<name>""#),
        r#""acme:sensor""#,
        "What `import` calls a module of your own, or `global`: each of its exports \
         is a property of the global object then, too.",
    ),
    row(
        "permissions",
        Kind::Section,
        None,
        r#"{ read = ["./data"] }"#,
        "What scripts may do. Nothing listed is nothing allowed. The list is part of the binary: a flag at run time narrows it \
         and never widens it.",
    ),
    row(
        "limits",
        Kind::Section,
        None,
        r#"{ memory = "64MiB" }"#,
        "How much scripts may use. Without a key there is no limit.",
    ),
    row(
        "limits.enforce",
        Kind::Choice(Cow::Borrowed(ENFORCEMENTS)),
        Some(r#""hard""#),
        r#""best""#,
        "What to do about a limit that this engine, in this mode of isolation, cannot keep. It is never silent.",
    ),
    row(
        "targets",
        Kind::Section,
        None,
        r#"{ native = { triples = ["host"] } }"#,
        "What is built, and what is different where.",
    ),
    row(
        "targets.native",
        Kind::Section,
        None,
        r#"{ triples = ["host"] }"#,
        "Binaries for desktops, servers and devices.",
    ),
    row(
        "targets.native.triples",
        Kind::Triples,
        Some(r#"["host"]"#),
        r#"["host", "aarch64-unknown-linux-gnu"]"#,
        "Which platforms to build for, as `rustc` names them; `host` is the machine that builds. Another platform needs its \
         standard library and linker: `cargo xtask doctor` says what is missing.",
    ),
    row(
        "targets.native.override",
        Kind::Override,
        None,
        r#"{ build = { profile = "speed" } }"#,
        "Any other section again, for this target only. It wins over the rest of the file; a module's entry and a list are \
         replaced as a whole.",
    ),
    row(
        "targets.android",
        Kind::Section,
        None,
        r#"{ package = "com.acme.js" }"#,
        "A library and an AAR with the runtime for apps in Java and Kotlin: `cargo xtask build --target android`.",
    ),
    row(
        "targets.android.abis",
        Kind::Texts,
        Some(r#"["arm64-v8a"]"#),
        r#"["arm64-v8a", "x86_64"]"#,
        "The kinds of processor: `arm64-v8a` is today's phones, `armeabi-v7a` older ones, `x86_64` and `x86` emulators. Each has a library \
         of its own in the AAR. They are compiled by the NDK, which `ANDROID_NDK_HOME`, `ANDROID_NDK_ROOT` or `ANDROID_HOME` leads to.",
    ),
    row(
        "targets.android.min-sdk",
        Kind::Count,
        Some("23"),
        "26",
        "The API level of the oldest system that it runs on, from 23 (Android 6). An app that uses the AAR must ask for as much.",
    ),
    row(
        "targets.android.package",
        Kind::Text,
        None,
        r#""com.acme.js""#,
        "The name of the package in the AAR's manifest, and its group in a Maven repository. Without it, `dev.tailor.` and the name \
         of the runtime.",
    ),
    row(
        "targets.android.artifact",
        Kind::Texts,
        Some(r#"["so", "aar"]"#),
        r#"["so", "aar", "bin"]"#,
        "What is made: `so` is a library for each ABI, `aar` the archive of the libraries and the Java API that Gradle takes, which \
         needs `javac` and has the libraries beside it, `bin` a command for each ABI, as `targets.native` gives one.",
    ),
    row(
        "targets.android.override",
        Kind::Override,
        None,
        r#"{ build = { profile = "speed" } }"#,
        "As `targets.native.override`.",
    ),
    row(
        "targets.wasm",
        Kind::Section,
        None,
        r#"{ flavours = ["web"] }"#,
        "An npm package with the runtime as WebAssembly: `cargo xtask build --target wasm`.",
    ),
    row(
        "targets.wasm.flavours",
        Kind::Texts,
        Some(r#"["web", "bundler", "nodejs"]"#),
        r#"["web", "nodejs"]"#,
        "What the package is for: `web` is loaded by a page itself, `bundler` by what a bundler makes of it, `nodejs` by Node. `wasi` is a module of its own beside theirs: a command like the native binary, for `wasmtime` or `node:wasi`; its files are those that the host opens for it.",
    ),
    row(
        "targets.wasm.npm",
        Kind::Section,
        None,
        r#"{ name = "@acme/js" }"#,
        "How the package is published.",
    ),
    row(
        "targets.wasm.npm.name",
        Kind::Text,
        None,
        r#""@acme/js""#,
        "The name of the npm package, with its scope. Without it, that of the runtime.",
    ),
    row(
        "targets.wasm.override",
        Kind::Override,
        None,
        r#"{ build = { profile = "speed" } }"#,
        "As `targets.native.override`.",
    ),
];

/// Every key, in the order of the documentation.
pub static KEYS: LazyLock<Vec<Key>> = LazyLock::new(|| {
    let mut keys = Vec::new();
    for key in ROWS {
        keys.push(key.clone());
        match &*key.path {
            "engine" => keys.push(engine_kind()),
            PRESET => {
                if let Some(key) = keys.last_mut() {
                    key.kind = Kind::Choice(presets());
                }
            }
            "permissions" => keys.extend(PERMISSIONS.iter().map(permission_key)),
            "limits.enforce" => keys.extend(limit_keys()),
            _ => {}
        }
    }
    keys
});

/// The key with exactly this path; a module's entry is found by its `*`.
pub fn find(path: &str) -> Option<&'static Key> {
    KEYS.iter().find(|key| key.path == path)
}

/// The keys directly below a section; the top level is the empty path.
pub fn children(section: &str) -> impl Iterator<Item = &'static Key> {
    KEYS.iter().filter(move |key| key.section() == section)
}

fn presets() -> Cow<'static, [Choice]> {
    let choices = PRESETS.iter().map(|preset| word(preset.name, preset.doc));
    choices.collect()
}

fn engine_kind() -> Key {
    let choices = ENGINES
        .iter()
        .map(|engine| Choice {
            name: engine.kind.into(),
            doc: engine.summary.into(),
            not_yet: engine.not_yet.map(Cow::Borrowed),
        })
        .collect();
    let first = format!("\"{}\"", ENGINES[0].kind);
    Key {
        path: "engine.kind".into(),
        kind: Kind::Choice(choices),
        default: Some(first.clone().into()),
        doc: "Which engine runs the JavaScript. Exactly one is compiled in.".into(),
        example: first.into(),
        not_yet: None,
    }
}

fn permission_key(permission: &'static Permission) -> Key {
    let example: Vec<String> = permission
        .example
        .iter()
        .map(|entry| format!("\"{entry}\""))
        .collect();
    Key {
        path: format!("permissions.{}", permission.key).into(),
        kind: Kind::Entries(permission),
        default: Some("[]".into()),
        doc: permission.doc.into(),
        example: format!("[{}]", example.join(", ")).into(),
        not_yet: None,
    }
}

/// The limits, each group (`limits.net`) as a section before its first key.
fn limit_keys() -> Vec<Key> {
    let mut keys: Vec<Key> = Vec::new();
    for limit in LIMITS {
        if let Some((group, name)) = limit.key.split_once('.') {
            let path = format!("limits.{group}");
            if !keys.iter().any(|key| key.path == path) {
                keys.push(Key {
                    path: path.into(),
                    kind: Kind::Section,
                    default: None,
                    doc: format!("Limits on what the module `{group}` does.").into(),
                    example: format!("{{ {name} = {} }}", limit.written(limit.example)).into(),
                    not_yet: None,
                });
            }
        }
        keys.push(limit_key(limit));
    }
    keys
}

fn limit_key(limit: &'static Limit) -> Key {
    Key {
        path: format!("limits.{}", limit.key).into(),
        kind: match limit.unit {
            Unit::Bytes => Kind::Bytes,
            Unit::Duration => Kind::Duration,
            Unit::Rate => Kind::Rate,
            Unit::Count => Kind::Count,
            Unit::Choice(names) => Kind::Choice(names.iter().map(|name| word(name, "")).collect()),
        },
        default: limit.default.map(|text| limit.written(text).into()),
        doc: limit.doc.into(),
        example: limit.written(limit.example).into(),
        not_yet: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_stands_in_a_section_of_the_table() {
        for key in KEYS.iter() {
            let section = key.section();
            assert!(
                section.is_empty() || find(section).is_some(),
                "{}",
                key.path
            );
            assert!(!key.doc.is_empty(), "{}", key.path);
            assert_eq!(
                KEYS.iter().filter(|other| other.path == key.path).count(),
                1
            );
        }
    }
}
