//! The crate of a command for hosts of WASI.

use minijinja::context;

use super::rust::list;
use super::{Layout, compiled, fill, native, template};
use crate::file_tree::FileTree;
use crate::plan::Plan;
use crate::spec::Target;

/// Renders the crate of a command for hosts of WASI: that of a native binary, which is told what every such command begins with.
pub fn wasi(plan: &Plan, layout: Layout) -> FileTree {
    let command = Plan {
        target: Target::Native,
        npm: None,
        ..plan.clone()
    };
    let mut tree = native(&command, layout);
    let files = compiled(plan, layout);
    let files =
        (!files.is_empty()).then(|| list(&files, 4, "runtime_core::ahead::compile_app()".len()));
    let build = template!("wasi/build.rs.jinja");
    tree.insert("build.rs", fill(build, context!(files)));
    tree
}
