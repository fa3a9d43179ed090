//! The crates that are copied beside an ejected runtime, and their manifests as they read there.
//!
//! A manifest may lean on its workspace and on its neighbours; there it has neither. So what it inherits is written out, a path to
//! another crate becomes `../<package>`, and what only its tests need goes.

use std::collections::VecDeque;
use std::path::{Path, PathBuf};

use toml_edit::{Array, DocumentMut, InlineTable, Item, Table, TableLike, Value};

use crate::diagnostics::Report;
use crate::files::failed;
use crate::plan::{ModuleOrigin, Plan};
use crate::spec::CrateSource;

/// A crate to copy.
#[derive(Debug)]
pub(super) struct Vendored {
    /// Its name, also of its folder.
    pub(super) package: String,
    /// Where it lies.
    pub(super) folder: PathBuf,
    /// Its manifest as it reads beside the others.
    pub(super) manifest: String,
}

/// A manifest and the folder that its paths are relative to.
struct Workspace {
    manifest: DocumentMut,
    folder: PathBuf,
}

/// Tables that mean nothing in a copy: they are about tests, or about the root of a workspace.
const DROPPED: &[&str] = &[
    "dev-dependencies",
    "lints",
    "test",
    "bench",
    "example",
    "workspace",
    "patch",
    "profile",
];

/// Every crate with a path that the plan needs, by itself or through another.
pub(super) fn crates(plan: &Plan) -> Result<Vec<Vendored>, Report> {
    let own = |name: &str| plan.workspace.join(name);
    let mut waiting = VecDeque::from([own("runtime-core")]);
    for module in &plan.modules {
        match &module.origin {
            ModuleOrigin::Std { folder, .. } => waiting.push_back(folder.clone()),
            ModuleOrigin::Crate {
                source: CrateSource::Path(path),
                ..
            } => waiting.push_back(path.clone()),
            ModuleOrigin::File { .. } | ModuleOrigin::Crate { .. } => {}
        }
    }
    let mut crates: Vec<Vendored> = Vec::new();
    while let Some(folder) = waiting.pop_front() {
        let folder = folder
            .canonicalize()
            .map_err(|error| failed("find the crate", &folder, &error))?;
        if crates.iter().any(|krate| krate.folder == folder) {
            continue;
        }
        let (krate, needs) = vendored(folder)?;
        if let Some(other) = crates.iter().find(|other| other.package == krate.package) {
            return Err(Report::error(format!(
                "two crates are called `{}`: `{}` and `{}`",
                krate.package,
                other.folder.display(),
                krate.folder.display()
            ))
            .help("give one of them another name; beside each other they need two"));
        }
        waiting.extend(needs);
        crates.push(krate);
    }
    Ok(crates)
}

fn vendored(folder: PathBuf) -> Result<(Vendored, Vec<PathBuf>), Report> {
    let mut manifest = read(&folder.join("Cargo.toml"))?;
    let package = package(&manifest).unwrap_or_default().to_owned();
    let workspace = if text_inherits(&manifest) {
        Some(workspace(&folder)?)
    } else {
        None
    };
    let needs = stand_alone(&mut manifest, &folder, workspace.as_ref())?;
    let manifest = manifest.to_string();
    Ok((
        Vendored {
            package,
            folder,
            manifest,
        },
        needs,
    ))
}

fn read(path: &Path) -> Result<DocumentMut, Report> {
    let text =
        std::fs::read_to_string(path).map_err(|error| failed("read the manifest", path, &error))?;
    text.parse().map_err(|error| {
        Report::error(format!(
            "cannot read the manifest `{}`: {error}",
            path.display()
        ))
    })
}

fn package(manifest: &DocumentMut) -> Option<&str> {
    manifest.get("package")?.get("name")?.as_str()
}

fn text_inherits(manifest: &DocumentMut) -> bool {
    manifest.to_string().contains("workspace")
}

/// The workspace around a crate: the nearest manifest above it, or its own, that says `[workspace]`.
fn workspace(folder: &Path) -> Result<Workspace, Report> {
    for above in folder.ancestors() {
        let path = above.join("Cargo.toml");
        if path.is_file() {
            let manifest = read(&path)?;
            if manifest.contains_key("workspace") {
                return Ok(Workspace {
                    manifest,
                    folder: above.to_owned(),
                });
            }
        }
    }
    Err(Report::error(format!(
        "`{}` inherits from a workspace, and there is none above it",
        folder.display()
    )))
}

/// Makes a manifest stand alone, and gives the folders of the crates that it needs beside it.
fn stand_alone(
    manifest: &mut DocumentMut,
    folder: &Path,
    workspace: Option<&Workspace>,
) -> Result<Vec<PathBuf>, Report> {
    for name in DROPPED {
        manifest.remove(name);
    }
    let inherited = |table: &str| {
        workspace?
            .manifest
            .get("workspace")?
            .get(table)?
            .as_table_like()
    };
    if let Some(package) = manifest
        .get_mut("package")
        .and_then(Item::as_table_like_mut)
    {
        inherit(package, inherited("package"));
        // The copy is a part of another project.
        package.insert("publish", toml_edit::value(false));
    }
    let library = manifest
        .entry("lib")
        .or_insert_with(|| Item::Table(Table::new()));
    if let Some(library) = library.as_table_like_mut() {
        // Its tests stayed where they are run.
        library.insert("test", toml_edit::value(false));
        library.insert("doctest", toml_edit::value(false));
    }
    let mut needs = Vec::new();
    let mut tables = Vec::new();
    dependency_tables(manifest.as_table_mut(), &mut tables);
    for table in tables {
        for (name, item) in table.iter_mut() {
            let place = match workspace {
                Some(workspace) if inherits(item) => {
                    *item = merged(
                        item,
                        inherited("dependencies").and_then(|table| table.get(&name)),
                        &name,
                    )?;
                    &workspace.folder
                }
                _ => folder,
            };
            needs.extend(neighbour(item, place)?);
        }
    }
    Ok(needs)
}

/// `dependencies` and `build-dependencies`, of every target.
fn dependency_tables<'t>(root: &'t mut Table, tables: &mut Vec<&'t mut dyn TableLike>) {
    for (name, item) in root.iter_mut() {
        match name.get() {
            "dependencies" | "build-dependencies" => tables.extend(item.as_table_like_mut()),
            "target" => {
                let targets = item
                    .as_table_like_mut()
                    .into_iter()
                    .flat_map(|targets| targets.iter_mut());
                for (_, target) in targets {
                    let Some(target) = target.as_table_mut() else {
                        continue;
                    };
                    target.remove("dev-dependencies");
                    dependency_tables(target, tables);
                }
            }
            _ => {}
        }
    }
}

/// Whether a value is `{ workspace = true, … }`.
fn inherits(item: &Item) -> bool {
    item.get("workspace").and_then(Item::as_bool) == Some(true)
}

/// Writes out the keys that are taken from the workspace.
fn inherit(package: &mut dyn TableLike, from: Option<&dyn TableLike>) {
    for (name, item) in package.iter_mut() {
        if inherits(item)
            && let Some(value) = from
                .and_then(|from| from.get(&name))
                .and_then(Item::as_value)
        {
            *item = Item::Value(value.clone().decorated(" ", ""));
        }
    }
    package.fmt();
}

/// A dependency as the workspace states it, with what the crate adds.
fn merged(own: &Item, stated: Option<&Item>, name: &str) -> Result<Item, Report> {
    let Some(stated) = stated else {
        return Err(Report::error(format!(
            "`{name}` is taken from a workspace that does not state it"
        )));
    };
    let mut out = match stated.as_value() {
        Some(Value::String(version)) => {
            let mut table = InlineTable::new();
            table.insert("version", Value::String(version.clone()));
            table
        }
        _ => stated
            .clone()
            .into_table()
            .map(Table::into_inline_table)
            .unwrap_or_default(),
    };
    let added = own.as_table_like().into_iter().flat_map(TableLike::iter);
    for (key, item) in added.filter(|(key, _)| *key != "workspace") {
        let Some(value) = item.as_value() else {
            continue;
        };
        match (key, out.get_mut("features").and_then(Value::as_array_mut)) {
            ("features", Some(features)) => {
                features.extend(value.as_array().unwrap_or(&Array::new()).iter().cloned());
                features.fmt();
            }
            _ => {
                out.insert(key, value.clone());
            }
        }
    }
    out.fmt();
    Ok(toml_edit::value(out))
}

/// Turns the path of a dependency into one beside this crate, and gives the folder that it was.
fn neighbour(item: &mut Item, place: &Path) -> Result<Option<PathBuf>, Report> {
    let Some(table) = item.as_table_like_mut() else {
        return Ok(None);
    };
    let Some(path) = table.get("path").and_then(Item::as_str) else {
        return Ok(None);
    };
    let folder = place.join(path);
    let manifest = read(&folder.join("Cargo.toml"))?;
    let beside = format!("../{}", package(&manifest).unwrap_or_default());
    table.insert("path", toml_edit::value(beside));
    Ok(Some(folder))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(manifest: &str, expect: &str, needs: &[&str]) {
        let folder = tempfile::tempdir().expect("a folder");
        let workspace = "
            [workspace.package]
            version = \"1.2.3\"
            [workspace.dependencies]
            near = { path = \"near\", features = [\"x\"] }
            plain = \"4\"
        ";
        let near = folder.path().join("near");
        std::fs::create_dir_all(&near).expect("a folder");
        std::fs::create_dir_all(folder.path().join("crate")).expect("a folder");
        std::fs::write(near.join("Cargo.toml"), "package.name = \"near-package\"")
            .expect("written");
        let workspace = Workspace {
            manifest: workspace.parse().expect("toml"),
            folder: folder.path().to_owned(),
        };
        let mut manifest: DocumentMut = manifest.parse().expect("toml");
        let found = stand_alone(
            &mut manifest,
            &folder.path().join("crate"),
            Some(&workspace),
        )
        .expect("it stands alone");
        let needed: Vec<PathBuf> = needs.iter().map(|name| folder.path().join(name)).collect();
        assert_eq!((manifest.to_string().as_str(), found), (expect, needed));
    }

    #[test]
    fn what_is_inherited_is_written_out() {
        check(
            "[package]\nname = \"a\"\nversion.workspace = true\n\n[dependencies]\nnear = { workspace = true, optional = true, features = [\"y\"] }\nplain.workspace = true\nown = \"1\"\n",
            "[package]\nname = \"a\"\nversion = \"1.2.3\"\npublish = false\n\n[dependencies]\nnear = { path = \"../near-package\", features = [\"x\", \"y\"], optional = true }\nplain = { version = \"4\" }\nown = \"1\"\n\n[lib]\ntest = false\ndoctest = false\n",
            &["near"],
        );
    }

    #[test]
    fn what_only_tests_need_goes() {
        check(
            "[package]\nname = \"a\"\n\n[lib]\npath = \"lib.rs\"\n\n[dev-dependencies]\nx = \"1\"\n\n[target.'cfg(unix)'.dev-dependencies]\ny = \"1\"\n\n[target.'cfg(unix)'.dependencies]\nz = { path = \"../near\" }\n\n[lints]\nworkspace = true\n",
            "[package]\nname = \"a\"\npublish = false\n\n[lib]\npath = \"lib.rs\"\ntest = false\ndoctest = false\n\n[target.'cfg(unix)'.dependencies]\nz = { path = \"../near-package\" }\n",
            &["crate/../near"],
        );
    }
}
