//! Proofs: values that exist only because a check said yes.

use std::fmt;
use std::path::{Path, PathBuf};

use super::host::Endpoint;

/// The proof that something is allowed. Only a check makes one.
pub struct Granted<K: Kind>(K::Resource);

/// What a proof is about. The kinds are those of this module.
pub trait Kind: sealed::Sealed {
    /// What was asked for.
    type Resource: Clone + fmt::Debug;
}

/// A kind of proof about a path: what must be granted for it.
pub trait PathKind: Kind<Resource = PathBuf> {
    /// Whether it takes `read`.
    const READS: bool;
    /// Whether it takes `write`.
    const WRITES: bool;
    /// Whether it is about all that is beneath the path, too.
    const WHOLE: bool;
}

macro_rules! path_kinds {
    ($($kind:ident: reads $reads:literal, writes $writes:literal, whole $whole:literal;)*) => {$(
        impl PathKind for $kind {
            const READS: bool = $reads;
            const WRITES: bool = $writes;
            const WHOLE: bool = $whole;
        }
    )*};
}

path_kinds! {
    Read: reads true, writes false, whole false;
    Write: reads false, writes true, whole false;
    Remove: reads false, writes true, whole true;
    Move: reads true, writes true, whole true;
}

mod sealed {
    pub trait Sealed {}
}

macro_rules! kinds {
    ($($(#[$doc:meta])* $kind:ident: $resource:ty;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug)]
        pub enum $kind {}

        impl sealed::Sealed for $kind {}

        impl Kind for $kind {
            type Resource = $resource;
        }
    )*};
}

kinds! {
    /// A path may be read.
    Read: PathBuf;
    /// A path may be created or changed.
    Write: PathBuf;
    /// A path may be removed, with everything beneath it.
    Remove: PathBuf;
    /// A path may be moved elsewhere, with everything beneath it.
    Move: PathBuf;
    /// An environment variable may be seen.
    Env: String;
    /// A connection may be made.
    Net: Endpoint;
    /// A native function may be called.
    Sys: String;
    /// A part of the page may be touched.
    Dom: String;
}

impl<K: Kind> Granted<K> {
    pub(super) fn new(resource: K::Resource) -> Self {
        Self(resource)
    }

    /// What was asked for.
    pub fn resource(&self) -> &K::Resource {
        &self.0
    }
}

impl<K: Kind<Resource = PathBuf>> Granted<K> {
    /// The real path: absolute, and when it was judged, without a symbolic link in it. Whoever opens it must not follow one:
    /// a link that is there now was made after the check.
    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl<K: Kind> Clone for Granted<K> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<K: Kind> fmt::Debug for Granted<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Granted({:?})", self.0)
    }
}
