//! What must hold for any input: the bodies of the fuzz targets, and how they run where no fuzzer is installed.
//!
//! A target is a function of bytes that panics when something does not hold. `fuzz_targets/` hands it what libFuzzer makes up;
//! `tests/replay.rs` hands it every seed, and a fixed number of inputs that `mutate` makes of the seeds, always the same ones.
//! The boundary: a target judges what comes back; it mends nothing and takes no time.

mod mutate;
mod seeds;

#[cfg(feature = "engine")]
mod crossings;
#[cfg(feature = "engine")]
mod imports;
#[cfg(feature = "spec")]
mod includes;
#[cfg(feature = "engine")]
mod natives;
#[cfg(feature = "engine")]
mod permissions;
#[cfg(feature = "engine")]
mod process;
#[cfg(feature = "engine")]
mod script;
#[cfg(feature = "spec")]
mod spec;

use std::path::PathBuf;

/// What scripts call in the targets `script` and `crossings`.
#[cfg(feature = "engine")]
pub use natives::MODULE as NATIVES;

/// Something that takes input which nobody should trust.
#[derive(Debug)]
pub struct Target {
    /// Its name: of the binary, and of its folder in `seeds/`.
    pub name: &'static str,
    /// Panics when an input shows that something does not hold.
    pub run: fn(&[u8]),
    /// Where in the repository seeds lie beside those in `seeds/`: files and folders.
    pub more_seeds: &'static [&'static str],
    /// The extension of those.
    pub extension: &'static str,
    /// Words that mean something to it.
    pub words: &'static [&'static str],
    /// How many made-up inputs a run without a fuzzer takes.
    pub inputs: usize,
}

/// The targets that this build has.
pub const TARGETS: &[Target] = &[
    #[cfg(feature = "spec")]
    spec::TARGET,
    #[cfg(feature = "spec")]
    includes::TARGET,
    #[cfg(feature = "engine")]
    permissions::TARGET,
    #[cfg(feature = "engine")]
    imports::TARGET,
    #[cfg(feature = "engine")]
    script::TARGET,
    #[cfg(feature = "engine")]
    crossings::TARGET,
];

impl Target {
    /// The target of this name, which this build has.
    pub fn named(name: &str) -> &'static Self {
        let found = TARGETS.iter().find(|target| target.name == name);
        found.expect("the features of a binary bring its target")
    }

    /// Every seed, by its path in the repository.
    pub fn seeds(&self) -> Vec<(String, Vec<u8>)> {
        seeds::of(self)
    }

    /// The made-up inputs: the same in every run.
    pub fn made_up<'a>(
        &'a self,
        seeds: &'a [(String, Vec<u8>)],
    ) -> impl Iterator<Item = Vec<u8>> + 'a {
        let mut mutator = mutate::Mutator::new(seeds, self.words);
        (0..self.inputs).map(move |_| mutator.next())
    }
}

/// The folder of the repository.
fn repository() -> PathBuf {
    let mut folder = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    folder.pop();
    folder
}
