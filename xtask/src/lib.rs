//! `cargo xtask`: from `runtime.toml` to `dist/`.
//!
//! The way of data, left to right, no way back: parse, resolve, rules, plan and render are pure; only
//! what comes after them writes. Suggested reading order: `diagnostics`, `spec`, `native`, `pipeline`,
//! `plan`, `render`, `files`, `machine`, `drive`, `size`, `commands`; what keeps the repository itself
//! in order is in `bench`, `conformance`, `doctor`, `fuzz`, `suites`, `tidy` and `times`.

pub mod diagnostics;
pub mod native;
pub mod spec;

pub mod pipeline;
pub mod plan;

pub mod file_tree;
mod files;
mod machine;
pub mod render;
pub mod schema;
pub mod text;

pub mod drive;
mod eject;
mod size;

mod bench;
mod conformance;
mod doctor;
mod fuzz;
mod suites;
mod tidy;
mod times;

pub mod commands;
