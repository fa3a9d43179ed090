//! The spec: from the text of `runtime.toml` to what it means.
//!
//! `raw` is what was said, `resolve` and `modules` what it means, `rules` what must hold between its parts. All three go on after
//! an error, so that one run reports everything. Suggested reading order: `keys`, `raw`, `values`, `reading`, `include`, `manifest`,
//! `resolve`, `modules`, `rules`.

pub mod keys;
pub mod raw;
pub mod reading;
pub mod triples;
pub mod values;

pub mod android;
pub mod app;
pub mod embedding;
pub mod include;
pub mod manifest;
pub mod modules;
pub mod mounts;
pub mod presets;
pub mod resolve;
pub mod rules;
pub mod wasm;

#[cfg(test)]
mod strangers;

use std::path::PathBuf;

use runtime_core::engine::capabilities::{EngineFeature, EngineInfo};
use runtime_core::tables::{Limit, Permission};
use serde::Serialize;

use crate::diagnostics::{FileId, Span};
use crate::native::Native;
use manifest::Manifest;

/// What a spec means for one target: every default applied, every name looked up.
#[derive(Clone, Debug)]
pub struct Spec {
    /// The file, absolute.
    pub path: PathBuf,
    /// The same among the sources.
    pub root: FileId,
    /// The target it was resolved for.
    pub target: Target,
    /// The name of the runtime.
    pub name: Said<String>,
    /// Its version.
    pub version: Said<String>,
    /// One line about it.
    pub description: Said<String>,
    /// The app that ships inside, if one does.
    pub app: Option<Said<app::App>>,
    /// Whether its JavaScript is compiled when the runtime is built, where the engine can.
    pub bytecode: Said<bool>,
    /// The engine.
    pub engine: Said<&'static EngineInfo>,
    /// The engine's own features.
    pub engine_features: Vec<Said<&'static EngineFeature>>,
    /// What the compiler optimises for.
    pub profile: Said<Profile>,
    /// What hands out memory.
    pub allocator: Said<Allocator>,
    /// Where the standard library comes from.
    pub std: Said<Std>,
    /// Whether the addresses that the loader fills in are packed.
    pub packed_relocations: Said<bool>,
    /// The most bytes that the binary may have.
    pub budget: Option<Said<u64>>,
    /// The preset that the modules begin with, if one was asked for.
    pub preset: Option<Said<&'static presets::Preset>>,
    /// The selected modules: those of the preset, those of the spec in its order, and what these bring along.
    pub modules: Vec<Module>,
    /// `false` entries: the module, its key, and whether anything had selected it before.
    pub removed: Vec<Removed>,
    /// Every entry of `[permissions]`.
    pub grants: Vec<Grant>,
    /// Every key of `[limits]` that was said, `enforce` aside.
    pub limits: Vec<LimitSaid>,
    /// What to do about a limit that cannot be kept.
    pub enforce: Said<Enforce>,
    /// The entries of `fs.mounts`.
    pub mounts: Vec<MountSaid>,
    /// The platforms to build for.
    pub triples: Vec<Said<String>>,
    /// What an npm package is for.
    pub flavours: Vec<Said<Flavour>>,
    /// What it is called.
    pub npm_name: Option<Said<String>>,
    /// What the target `android` is told.
    pub android: Android,
    /// Paths whose values were refused, so that nothing more is said about them.
    pub broken: Vec<String>,
}

/// What `[targets.android]` says.
#[derive(Clone, Debug)]
pub struct Android {
    /// The kinds of processor.
    pub abis: Vec<Said<Abi>>,
    /// The API level of the oldest system.
    pub min_sdk: Said<u32>,
    /// The package, if one was said.
    pub package: Option<Said<String>>,
    /// What is made.
    pub artifacts: Vec<Said<Artifact>>,
}

/// A value and where it was said; nowhere: it is the default.
#[derive(Clone, Debug)]
pub struct Said<T> {
    /// The value.
    pub value: T,
    /// Its place.
    pub at: Option<Span>,
}

impl<T> Said<T> {
    /// A value that was said.
    pub fn here(value: T, at: &Span) -> Self {
        Self {
            value,
            at: Some(at.clone()),
        }
    }

    /// A value that nobody said.
    pub fn default(value: T) -> Self {
        Self { value, at: None }
    }
}

/// A kind of target.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Target {
    /// Binaries for desktops, servers and devices.
    #[default]
    Native,
    /// An npm package with WebAssembly in it.
    Wasm,
    /// Libraries and an AAR for apps on Android.
    Android,
}

/// The kinds of target by name.
pub const TARGETS: &[(&str, Target)] = &[
    ("native", Target::Native),
    ("android", Target::Android),
    ("wasm", Target::Wasm),
];

impl Target {
    /// What the spec and the command line call it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Native => "native",
            Self::Wasm => "wasm",
            Self::Android => "android",
        }
    }

    /// The target whose override stands at a path: `targets.wasm.override`.
    pub fn of_override(path: &str) -> Option<Self> {
        let name = path.split('.').nth(1)?;
        let (_, target) = TARGETS.iter().find(|(known, _)| *known == name)?;
        Some(*target)
    }
}

/// A word of `runtime.toml` that is an enum here: its spelling comes from one table.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $word:literal),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
        pub enum $name { $($(#[$variant_doc])* #[serde(rename = $word)] $variant),* }

        impl $name {
            /// The value that a word means.
            pub fn from_word(word: &str) -> Option<Self> {
                match word {
                    $($word => Some(Self::$variant),)*
                    _ => None,
                }
            }

            /// The word as the spec writes it.
            pub fn word(self) -> &'static str {
                match self {
                    $(Self::$variant => $word),*
                }
            }
        }
    };
}

words! {
    /// What an npm package is for.
    Flavour {
        /// A page that loads it itself.
        Web = "web",
        /// What a bundler makes of it.
        Bundler = "bundler",
        /// Node.
        Nodejs = "nodejs",
        /// A host of WASI, which runs it as a command.
        Wasi = "wasi",
    }
}

words! {
    /// A kind of processor that Android runs on, as apps name it.
    Abi {
        /// 64-bit ARM: phones.
        Arm64V8a = "arm64-v8a",
        /// 32-bit ARM: old phones.
        ArmeabiV7a = "armeabi-v7a",
        /// 64-bit x86: emulators and Chromebooks.
        X86_64 = "x86_64",
        /// 32-bit x86: old emulators.
        X86 = "x86",
    }
}

words! {
    /// What is made for Android.
    Artifact {
        /// A library for each ABI.
        So = "so",
        /// The archive that Gradle takes.
        Aar = "aar",
        /// A command for each ABI.
        Bin = "bin",
    }
}

words! {
    /// What the compiler optimises for: also the name of the cargo profile, but for `debug`.
    Profile {
        /// The smallest binary.
        Size = "size",
        /// The fastest binary.
        Speed = "speed",
        /// The fastest build.
        Debug = "debug",
    }
}

words! {
    /// What hands out memory.
    Allocator {
        /// The platform's own.
        System = "system",
        /// Microsoft's mimalloc.
        Mimalloc = "mimalloc",
    }
}

words! {
    /// Where the standard library of Rust comes from.
    Std {
        /// The toolchain's, compiled for every program.
        Prebuilt = "prebuilt",
        /// Its source, compiled for this program.
        Rebuilt = "rebuilt",
    }
}

words! {
    /// What to do about a limit that cannot be kept.
    Enforce {
        /// It is an error.
        Hard = "hard",
        /// It is a warning.
        Best = "best",
    }
}

impl Profile {
    /// What `cargo build --profile` calls it.
    pub fn cargo_name(self) -> &'static str {
        match self {
            Self::Size => "size",
            Self::Speed => "speed",
            Self::Debug => "dev",
        }
    }
}

/// A selected module.
#[derive(Clone, Debug)]
pub struct Module {
    /// Its name in `[modules]`.
    pub name: String,
    /// What it is.
    pub kind: ModuleKind,
    /// Why it is selected.
    pub because: Because,
}

/// What a module is.
#[derive(Clone, Debug)]
pub enum ModuleKind {
    /// One of the standard set.
    Std(Box<Manifest>),
    /// A file of the user's.
    File {
        /// The file, absolute.
        path: PathBuf,
        /// What is in it.
        native: Native,
        /// Where its exports are seen.
        expose: Said<Expose>,
    },
    /// A crate of the user's, or of a registry.
    Crate {
        /// The package, as cargo calls it.
        package: String,
        /// Its library, as Rust calls it.
        library: String,
        /// Where it comes from.
        source: CrateSource,
        /// Where its exports are seen.
        expose: Said<Expose>,
        /// What its `Cargo.toml` says of it as a module.
        manifest: Option<Box<Manifest>>,
    },
}

impl ModuleKind {
    /// Its manifest, when it has one.
    pub fn manifest(&self) -> Option<&Manifest> {
        match self {
            Self::Std(manifest) => Some(manifest),
            Self::Crate { manifest, .. } => manifest.as_deref(),
            Self::File { .. } => None,
        }
    }
}

/// Where a crate comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum CrateSource {
    /// A folder, absolute.
    Path(PathBuf),
    /// A version of the registry's.
    Version(String),
}

/// Where the exports of a module are seen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Expose {
    /// On the global object, and by importing the default specifier.
    Global,
    /// By importing this specifier.
    Specifier(String),
    /// As its own definition says.
    Own,
}

impl Expose {
    /// What `import` calls a module of the user's unless the spec says otherwise.
    pub fn default_specifier(module: &str) -> String {
        format!("runtime:{module}")
    }

    /// The specifier and the globals of a module of the user's. A global one can be imported as well.
    pub(crate) fn surface<'n>(
        &self,
        module: &str,
        exports: impl Iterator<Item = &'n str>,
    ) -> (Option<String>, Vec<String>) {
        match self {
            Self::Specifier(specifier) => (Some(specifier.clone()), Vec::new()),
            Self::Own | Self::Global => (
                Some(Self::default_specifier(module)),
                exports.map(str::to_owned).collect(),
            ),
        }
    }
}

/// Why a module is selected.
#[derive(Clone, Debug)]
pub enum Because {
    /// The spec lists it.
    Said(Span),
    /// The preset holds it, and no entry names it.
    Preset {
        /// The preset.
        name: &'static str,
        /// The place that names the preset.
        at: Span,
    },
    /// Another module implies it.
    NeededBy(String),
}

impl Because {
    /// The place that lists it.
    pub fn span(&self) -> Option<&Span> {
        match self {
            Self::Said(at) | Self::Preset { at, .. } => Some(at),
            Self::NeededBy(_) => None,
        }
    }
}

/// A module that a `false` takes out.
#[derive(Clone, Debug)]
pub struct Removed {
    /// The module.
    pub name: String,
    /// The key of the entry that says `false`.
    pub at: Span,
    /// Whether anything had selected it before.
    pub was_selected: bool,
}

/// An entry of `[permissions]`.
#[derive(Clone, Debug)]
pub struct Grant {
    /// Its kind.
    pub kind: &'static Permission,
    /// The entry as written.
    pub entry: String,
    /// Its place.
    pub at: Span,
}

/// A key of `[limits]` with its value.
#[derive(Clone, Debug)]
pub struct LimitSaid {
    /// The row.
    pub limit: &'static Limit,
    /// The value as written.
    pub value: String,
    /// The bytes of the key.
    pub key: Span,
    /// The bytes of the value.
    pub at: Span,
}

/// An entry of `fs.mounts`.
#[derive(Clone, Debug)]
pub struct MountSaid {
    /// The path that a script sees.
    pub point: String,
    /// The place of that path.
    pub at: Span,
    /// What is mounted there, as written.
    pub from: Said<String>,
    /// The same, looked up.
    pub source: mounts::Source<mounts::Files>,
    /// Whether it may be written, if that was said.
    pub writable: Option<Said<bool>>,
    /// The most bytes that are kept in memory, if that was said.
    pub quota: Option<Said<u64>>,
}
