//! `cargo xtask new`: a runtime of one's own, in an empty folder.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use minijinja::context;

use super::print;
use crate::diagnostics::Report;
use crate::file_tree::FileTree;
use crate::pipeline;
use crate::render;
use crate::spec::values;

/// Where, and what it is called.
#[derive(clap::Args, Debug)]
pub(super) struct Args {
    /// The folder; it must be empty, or not there yet
    folder: PathBuf,
    /// The name of the runtime; without it, the folder's
    #[arg(long)]
    name: Option<String>,
}

/// Writes the files and says what to do next.
pub(super) fn run(args: &Args) -> Result<ExitCode, Report> {
    let folder = args.folder.as_path();
    let name = match &args.name {
        Some(name) => name.clone(),
        None => folder_name(folder),
    };
    if let Err(mistake) = values::name(&name) {
        let report = Report::error(mistake.what).help(mistake.help);
        return Err(if args.name.is_none() {
            report.help("or give it a name with `--name`")
        } else {
            report
        });
    }
    refuse_if_occupied(folder)?;
    let tree = files(&name);
    for (path, contents) in tree.iter() {
        let path = folder.join(path);
        let parent = path.parent().unwrap_or(folder);
        std::fs::create_dir_all(parent)
            .and_then(|()| std::fs::write(&path, contents))
            .map_err(|error| {
                Report::error(format!("cannot write `{}`: {error}", path.display()))
            })?;
    }
    let list: String = tree.iter().map(|(path, _)| format!("  {path}\n")).collect();
    let shown = folder.display();
    print(&format!(
        "wrote {shown}\n{list}\nbuild it from {}:\n  cargo xtask build --spec {}\n",
        pipeline::workspace().display(),
        std::path::absolute(folder)
            .unwrap_or(folder.to_owned())
            .join("runtime.toml")
            .display()
    ))
}

/// The files of a new runtime.
pub(super) fn files(name: &str) -> FileTree {
    let templates = [
        (
            "runtime.toml",
            include_str!("../../../templates/new/runtime.toml.jinja"),
        ),
        (
            "native/greet.rs",
            include_str!("../../../templates/new/greet.rs.jinja"),
        ),
        (
            "main.js",
            include_str!("../../../templates/new/main.js.jinja"),
        ),
        (
            "README.md",
            include_str!("../../../templates/new/README.md.jinja"),
        ),
        (
            ".gitignore",
            include_str!("../../../templates/new/gitignore.jinja"),
        ),
    ];
    let mut tree = FileTree::default();
    for (path, template) in templates {
        tree.insert(path, render::fill(template, context!(name => name)));
    }
    tree
}

fn folder_name(folder: &Path) -> String {
    let absolute = std::path::absolute(folder).unwrap_or(folder.to_owned());
    let name = absolute.file_name().unwrap_or_default();
    name.to_string_lossy().into_owned()
}

/// An error unless a folder is empty, or not there.
pub(super) fn refuse_if_occupied(folder: &Path) -> Result<(), Report> {
    let shown = folder.display();
    match std::fs::read_dir(folder) {
        Ok(mut entries) => match entries.next() {
            None => Ok(()),
            Some(_) => Err(Report::error(format!("the folder `{shown}` is not empty"))
                .help("name one that is empty, or not there yet")),
        },
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
        Err(error) if error.kind() == std::io::ErrorKind::NotADirectory => {
            Err(Report::error(format!("`{shown}` is a file")).help("name a folder"))
        }
        Err(error) => Err(Report::error(format!(
            "cannot look into the folder `{shown}`: {error}"
        ))),
    }
}
