//! What `runtime.entry` means: the app that ships inside the runtime, which is the folder of its entry.
//!
//! The boundary: a look at the folder. What is made of its files is the plan's and the generated crate's business.

use std::fs;
use std::path::{Path, PathBuf};

use super::Said;
use super::raw::Setting;
use crate::diagnostics::{Diagnostic, Sources};

/// An app: the path of its entry below its folder, and its files by such paths, in order.
#[derive(Clone, Debug)]
pub struct App {
    /// What runs.
    pub entry: String,
    /// Every file: its path below the folder, and where it is.
    pub files: Vec<(String, PathBuf)>,
}

/// What is embedded, by its extension.
const KINDS: &[&str] = &["js", "mjs", "json"];

/// Folders that hold what was built or installed, not what was written.
const SKIPPED: &[&str] = &["node_modules", "target", "dist"];

/// Looks the entry up; a mistake is reported.
pub fn resolve(
    setting: &Setting,
    sources: &Sources,
    out: &mut Vec<Diagnostic>,
) -> Option<Said<App>> {
    let written = setting.value.as_str()?;
    let spec = &sources.get(setting.key.file).path;
    let entry = spec.parent().unwrap_or(Path::new("")).join(written);
    let mut wrong = |what: String, label: &str, help: String| {
        let diagnostic = Diagnostic::error(what).at(&setting.value.span, label);
        out.push(diagnostic.help(help));
    };
    let extension = entry.extension().and_then(|extension| extension.to_str());
    match extension {
        Some("js" | "mjs") => {}
        Some("ts" | "mts" | "tsx" | "jsx") => {
            let help =
                "compile it to JavaScript first and name the result: `entry = \"app/main.js\"`";
            wrong(
                format!("the entry `{written}` is not JavaScript"),
                "has to be compiled first",
                help.to_owned(),
            );
            return None;
        }
        _ => {
            wrong(
                format!("the entry `{written}` is no JavaScript file"),
                "does not end in `.js` or `.mjs`",
                "name the file that runs: `entry = \"app/main.js\"`".to_owned(),
            );
            return None;
        }
    }
    if !entry.is_file() {
        wrong(
            format!("there is no file `{written}`"),
            "looked for beside the spec that says it",
            "a path is relative to the spec that says it; name the file that runs: `entry = \"app/main.js\"`"
                .to_owned(),
        );
        return None;
    }
    let folder = entry.parent().unwrap_or(Path::new("."));
    let mut files = Vec::new();
    if let Err(error) = collect(folder, "", &mut files) {
        wrong(
            format!("cannot read the app's folder {}: {error}", folder.display()),
            "everything beside the entry is embedded",
            "make the folder readable".to_owned(),
        );
        return None;
    }
    files.sort();
    let name = entry.file_name().unwrap_or_default().to_string_lossy();
    let app = App {
        entry: name.into_owned(),
        files,
    };
    Some(Said::here(app, &setting.value.span))
}

/// The files of a folder and its subfolders. Links to folders are not followed: one may lead back.
fn collect(folder: &Path, prefix: &str, files: &mut Vec<(String, PathBuf)>) -> std::io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = format!("{prefix}{name}");
        let kind = entry.file_type()?;
        if name.starts_with('.') || (kind.is_dir() && SKIPPED.contains(&name.as_str())) {
            continue;
        }
        if kind.is_dir() {
            collect(&entry.path(), &format!("{path}/"), files)?;
        } else if name
            .rsplit_once('.')
            .is_some_and(|(_, end)| KINDS.contains(&end))
        {
            files.push((path, entry.path()));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_folder_of_the_entry_is_the_app() {
        let folder = tempfile::tempdir().expect("a folder can be made");
        for path in [
            "main.js",
            "data.json",
            "lib/deep/a.mjs",
            "lib/notes.txt",
            ".hidden.js",
            ".git/x.js",
            "node_modules/x/index.js",
            "dist/main.js",
        ] {
            let path = folder.path().join(path);
            fs::create_dir_all(path.parent().expect("it has one")).expect("it can be made");
            fs::write(path, "").expect("it can be written");
        }
        let mut files = Vec::new();
        collect(folder.path(), "", &mut files).expect("it can be read");
        files.sort();
        let paths: Vec<&str> = files.iter().map(|(path, _)| path.as_str()).collect();
        assert_eq!(paths, ["data.json", "lib/deep/a.mjs", "main.js"]);
    }
}
