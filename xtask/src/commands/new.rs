//! `cargo xtask new`: a runtime of one's own, in an empty folder.

mod ask;

use std::io::{IsTerminal as _, stderr, stdin, stdout};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use minijinja::context;
use runtime_core::engine::capabilities::{ENGINES, EngineInfo};

use super::print;
use crate::diagnostics::{Report, did_you_mean};
use crate::file_tree::FileTree;
use crate::pipeline;
use crate::render::{self, template, text, word};
use crate::spec::manifest::Catalog;
use crate::spec::presets::{PRESETS, Preset, USUAL};
use crate::spec::values;
use crate::text::is_hidden;

/// Where, and what it is called.
#[derive(clap::Args, Debug)]
pub(super) struct Args {
    /// The folder; it must be empty, or not there yet
    folder: PathBuf,
    /// The name of the runtime; without it, the folder's
    #[arg(long)]
    name: Option<String>,
    /// The preset of modules; without it, a person at a terminal is asked, and else it is `web`
    #[arg(long, value_name = "PRESET")]
    preset: Option<String>,
    /// The engine; without it, a person at a terminal is asked, and else it is the first of `engines`
    #[arg(long, value_name = "ENGINE")]
    engine: Option<String>,
}

/// What the project is made of.
#[derive(Clone, Copy, Debug)]
struct Choices {
    preset: &'static Preset,
    engine: &'static EngineInfo,
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
    let catalog = pipeline::catalog()?;
    let (preset, engine) = (args.preset.as_deref(), args.engine.as_deref());
    let preset = preset.map(preset_of).transpose()?;
    let engine = engine.map(engine_of).transpose()?;
    refuse_if_occupied(folder)?;
    let choices = choose(preset, engine)?;
    let core = pipeline::workspace().join("runtime-core");
    let tree = files(&name, choices, &catalog, &core);
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

/// The engines that can be built.
fn engines() -> impl Iterator<Item = &'static EngineInfo> {
    ENGINES.iter().filter(|engine| engine.not_yet.is_none())
}

fn preset_of(name: &str) -> Result<&'static Preset, Report> {
    let names: Vec<&str> = PRESETS.iter().map(|preset| preset.name).collect();
    Preset::find(name).ok_or_else(|| unknown("preset", "presets", name, &names))
}

fn engine_of(name: &str) -> Result<&'static EngineInfo, Report> {
    let names: Vec<&str> = engines().map(|engine| engine.kind).collect();
    let found = engines().find(|engine| engine.kind == name);
    found.ok_or_else(|| unknown("engine", "engines", name, &names))
}

fn unknown(what: &str, many: &str, name: &str, names: &[&str]) -> Report {
    let shown: String = name.chars().filter(|c| !is_hidden(*c)).collect();
    Report::error(format!("unknown {what} `{shown}`")).help(did_you_mean(name, many, names))
}

/// What was not given is asked for at a terminal. Elsewhere nobody waits for an answer.
fn choose(
    preset: Option<&'static Preset>,
    engine: Option<&'static EngineInfo>,
) -> Result<Choices, Report> {
    if !stdin().is_terminal() || !stdout().is_terminal() {
        return Ok(Choices {
            preset: preset.unwrap_or(USUAL),
            engine: engine.unwrap_or(&ENGINES[0]),
        });
    }
    let failed = |error| Report::error(format!("cannot ask at the terminal: {error}"));
    let preset = match preset {
        Some(preset) => preset,
        None => {
            let rows: Vec<(&str, &str)> = PRESETS
                .iter()
                .map(|preset| (preset.name, preset.doc))
                .collect();
            let usual = PRESETS.iter().position(|preset| preset.name == USUAL.name);
            let usual = usual.unwrap_or_default();
            &PRESETS[ask::ask("preset", &rows, usual, &mut stdin().lock(), &mut stderr())
                .map_err(failed)?]
        }
    };
    let engine = match engine {
        Some(engine) => engine,
        None => {
            let all: Vec<&'static EngineInfo> = engines().collect();
            let rows: Vec<(&str, &str)> = all
                .iter()
                .map(|engine| (engine.kind, engine.summary))
                .collect();
            all[ask::ask("engine", &rows, 0, &mut stdin().lock(), &mut stderr()).map_err(failed)?]
        }
    };
    Ok(Choices { preset, engine })
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
fn files(name: &str, choices: Choices, catalog: &Catalog, core: &Path) -> FileTree {
    // The script waits, if it can.
    let waits = catalog.iter().any(|manifest| {
        choices.preset.holds(manifest) && manifest.globals.iter().any(|name| name == "setTimeout")
    });
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
        engine => text(choices.engine.cargo_feature),
        kind => word(choices.engine.kind),
        preset => word(choices.preset.name),
        waits => waits,
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
