//! `runtime:fs`: files and folders, with promises.
//!
//! A function's path is judged while its arguments are converted (`place`), which gives the proof that the port (`port`)
//! demands. Where the work may block it runs on tokio's pool of threads, so that operations run side by side. The boundary: what
//! scripts see stands here, what files are stands in `volume`, and which are seen where in `view`.
//!
//! Deliberately absent: creating links. A link could lead where its maker may not go.

mod account;
mod content;
mod failure;
#[cfg(feature = "virtual")]
mod files;
mod folder;
mod info;
mod pending;
mod place;
mod port;
mod temp;
mod tree;
mod view;
mod volume;

#[cfg(feature = "virtual")]
pub use failure::failure;
#[cfg(feature = "virtual")]
pub use files::{Files, Item, What};
pub use port::{Entry, FileSystem, Stat, WriteOptions};

use runtime_core::definition::{FnDef, ModuleDef};

/// The module.
pub const MODULE: ModuleDef = ModuleDef {
    name: "fs",
    specifier: "runtime:fs",
    doc: "Files and folders. Every function returns a promise; an error has the `code` that Node gives it, such as `ENOENT`. Relative \
          paths are taken from the working directory.",
    functions: &[
        FnDef::of::<content::read_text>(),
        FnDef::of::<content::read>(),
        FnDef::of::<content::write_text>(),
        FnDef::of::<content::write>(),
        FnDef::of::<content::append>(),
        FnDef::of::<content::truncate>(),
        FnDef::of::<folder::read_dir>(),
        FnDef::of::<folder::make_dir>(),
        FnDef::of::<tree::remove>(),
        FnDef::of::<tree::rename>(),
        FnDef::of::<tree::copy>(),
        FnDef::of::<info::stat>(),
        FnDef::of::<info::lstat>(),
        FnDef::of::<info::exists>(),
        FnDef::of::<info::real_path>(),
        FnDef::of::<info::read_link>(),
        FnDef::of::<temp::make_temp_file>(),
        FnDef::of::<temp::make_temp_dir>(),
    ],
    ..ModuleDef::EMPTY
};
