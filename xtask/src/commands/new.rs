//! `cargo xtask new`: a runtime of one's own, in an empty folder.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use minijinja::context;
use runtime_core::engine::capabilities::ENGINES;

use super::print;
use crate::diagnostics::Report;
use crate::file_tree::FileTree;
use crate::pipeline;
use crate::render::{self, template, text, word};
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
    let tree = files(&name, &pipeline::workspace().join("runtime-core"));
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
    let absolute = std::path::absolute(folder).unwrap_or(folder.to_owned());
    let spec = quoted(&absolute.join("runtime.toml"));
    print(&format!(
        "wrote {}\n{list}\nin {}, run its script and build it:\n  cargo xtask run --spec {spec} {}\n  cargo xtask build --spec {spec}\n",
        folder.display(),
        pipeline::workspace().display(),
        quoted(&absolute.join("main.js")),
    ))
}

/// A path as a shell takes it.
fn quoted(path: &Path) -> String {
    let text = path.display().to_string();
    let is_plain = |c: char| c.is_alphanumeric() || "/\\:._-+@%,=".contains(c);
    match text.chars().all(is_plain) {
        true => text,
        false => format!("'{}'", text.replace('\'', r"'\''")),
    }
}

/// The files of a new runtime. `core` is where `runtime-core` is.
fn files(name: &str, core: &Path) -> FileTree {
    let templates = [
        ("runtime.toml", template!("new/runtime.toml.jinja")),
        ("native/greet.rs", template!("new/greet.rs.jinja")),
        ("main.js", template!("new/main.js.jinja")),
        ("README.md", template!("new/README.md.jinja")),
        (".gitignore", template!("new/gitignore.jinja")),
        ("jsconfig.json", template!("new/jsconfig.json.jinja")),
        ("runtime.d.ts", template!("new/runtime.d.ts.jinja")),
        ("native/Cargo.toml", template!("new/native.toml.jinja")),
        ("native/lib.rs", template!("new/lib.rs.jinja")),
    ];
    let mut tree = FileTree::default();
    let values = context!(
        name => word(name),
        core => text(&core.display().to_string()),
        engine => text(ENGINES[0].cargo_feature),
    );
    for (path, template) in templates {
        tree.insert(path, render::fill(template, values.clone()));
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_with_a_blank_is_quoted_for_a_shell() {
        let check = |path: &str, expect: &str| assert_eq!(quoted(Path::new(path)), expect);
        check("/srv/me/größe/x.toml", "/srv/me/größe/x.toml");
        check("/srv/me/my js/x.toml", "'/srv/me/my js/x.toml'");
        check("/srv/me/it's/$x", r"'/srv/me/it'\''s/$x'");
    }
}
