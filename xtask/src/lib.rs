//! `cargo xtask`: from `runtime.toml` to `dist/`.
//!
//! The way of data, left to right, no way back: parse, resolve, rules, plan and render are pure; only what comes after them
//! writes. Suggested reading order: `diagnostics`, `spec`, `manifest`, `native`, `pipeline`, `plan`, `render`, `drive`,
//! `size`, `commands`.

pub mod diagnostics;
pub mod manifest;
pub mod native;
pub mod spec;

pub mod pipeline;
pub mod plan;

pub mod text;
pub mod file_tree;
pub mod render;
pub mod schema;

pub mod drive;
mod size;
mod eject;

mod bench;
mod tidy;
mod doctor;
mod suites;

pub mod commands;
