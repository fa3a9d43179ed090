//! What `runtime.entry` means: the app that ships inside the runtime, which is the folder of its entry.
//!
//! The boundary: a look at the folder. What is made of its files is the plan's and the generated crate's business.

use std::path::Path;

use super::raw::Setting;
use super::{Said, embedding};
use crate::diagnostics::{Diagnostic, Sources};

/// An app: the path of its entry below its folder, and its files by such paths, in order.
#[derive(Clone, Debug)]
pub struct App {
    /// What runs.
    pub entry: String,
    /// Every file: its path below the folder, and where it is.
    pub files: embedding::Files,
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
                format!("the entry `{written}` is not a JavaScript file"),
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
    let folder = match entry.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let files = match embedding::files(folder, setting.key.file, sources, &is_of_the_app) {
        Ok(files) => files,
        Err(error) => {
            let shown = folder_as_said(written);
            wrong(error.what(shown), &error.label(), error.help().to_owned());
            return None;
        }
    };
    let name = entry.file_name().unwrap_or_default().to_string_lossy();
    // By a hidden name.
    if !files.iter().any(|(path, _)| *path == name) {
        wrong(
            format!("the entry `{written}` is not a file of the app"),
            "hidden files are left out",
            "give it a name that does not begin with a dot".to_owned(),
        );
        return None;
    }
    let app = App {
        entry: name.into_owned(),
        files,
    };
    Some(Said::here(app, &setting.value.span))
}

/// The folder of the entry as the spec would say it.
fn folder_as_said(entry: &str) -> &str {
    match entry.rfind('/') {
        Some(0) => "/",
        Some(at) => &entry[..at],
        None => ".",
    }
}

/// Whether a file is part of an app, or a folder may have some that are.
fn is_of_the_app(entry: embedding::Entry<'_>) -> bool {
    match entry {
        embedding::Entry::Folder(name) => !name.starts_with('.') && !SKIPPED.contains(&name),
        embedding::Entry::File(name) => {
            let kind = name.rsplit_once('.').map(|(_, kind)| kind);
            !name.starts_with('.') && kind.is_some_and(|kind| KINDS.contains(&kind))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_written_is_the_app_and_not_what_was_installed() {
        let file = |name| is_of_the_app(embedding::Entry::File(name));
        assert!(file("main.js") && file("a.mjs") && file("data.json"));
        assert!(!file("notes.txt") && !file(".hidden.js") && !file("js"));
        let folder = |name| is_of_the_app(embedding::Entry::Folder(name));
        assert!(folder("lib"));
        assert!(!folder(".git") && !folder("node_modules") && !folder("dist"));
        assert_eq!(folder_as_said("app/main.js"), "app");
        assert_eq!(folder_as_said("main.js"), ".");
        assert_eq!(folder_as_said("/main.js"), "/");
    }
}
