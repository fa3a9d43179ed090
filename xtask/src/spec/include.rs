//! Reading a spec with everything that it includes, and what the command line sets.
//!
//! The boundary: which texts there are and in what order they are merged. The only file of the spec's stages, beside the look
//! at a native module, that reads from disk.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::raw::{self, Node, Raw, Setting, Value};
use crate::diagnostics::{Diagnostic, FileId, Sources, Span, nearest};

/// Everything that was said, the last word last.
#[derive(Debug, Default)]
pub struct Merged {
    /// The root spec.
    pub root: FileId,
    /// What was said, includes first.
    pub settings: Vec<Setting>,
    /// Paths whose values were refused.
    pub broken: Vec<String>,
}

/// Reads the root spec, its includes and the arguments `a.b=v`. Errors go to `out`; nothing: the root cannot be read.
pub fn read(
    shown: &str,
    path: &Path,
    arguments: &[(&'static str, String)],
    sources: &mut Sources,
    out: &mut Vec<Diagnostic>,
) -> Option<Merged> {
    let text = match read_text(path) {
        Ok(text) => text,
        Err(reason) => {
            let diagnostic = Diagnostic::error(format!("cannot read the spec `{shown}`: {reason}"));
            out.push(diagnostic.help(match near_file(shown, path) {
                Some(near) => format!("did you mean `{near}`?"),
                None => "`cargo xtask new DIR` writes one to start from".to_owned(),
            }));
            return None;
        }
    };
    Some(read_as(shown, path, text, arguments, sources, out))
}

/// Reads a text as the root spec of the file at `path`, which need not exist.
pub fn read_as(
    shown: &str,
    path: &Path,
    text: String,
    arguments: &[(&'static str, String)],
    sources: &mut Sources,
    out: &mut Vec<Diagnostic>,
) -> Merged {
    let root = sources.add(shown, path.to_owned(), text);
    let mut reading = Reading {
        sources,
        out,
        open: Vec::new(),
        done: BTreeMap::new(),
        merged: Merged {
            root,
            ..Merged::default()
        },
    };
    reading.file(root);
    for (option, argument) in arguments {
        reading.argument(option, argument);
    }
    reading.merged
}

struct Reading<'a> {
    sources: &'a mut Sources,
    out: &'a mut Vec<Diagnostic>,
    /// The files that are being read, the root first, with the place that includes each.
    open: Vec<(PathBuf, FileId)>,
    /// The files that were read before: their diagnostics are not repeated.
    done: BTreeMap<PathBuf, Vec<Setting>>,
    merged: Merged,
}

impl Reading<'_> {
    fn file(&mut self, file: FileId) {
        let source = self.sources.get(file).clone();
        let key = source.path.canonicalize().unwrap_or(source.path);
        self.open.push((key.clone(), file));
        let start = self.merged.settings.len();
        let before = self.out.len();
        let root = raw::parse(file, &source.text, self.out);
        if self.out.len() > before {
            // What the text lost is not missing.
            self.merged.broken.push("runtime".to_owned());
        }
        let Raw { settings, broken } = raw::flatten(&root, &source.text, self.out);
        let (includes, settings): (Vec<Setting>, Vec<Setting>) = settings
            .into_iter()
            .partition(|setting| setting.path == "include");
        for include in includes.iter().flat_map(|setting| setting.value.items()) {
            self.include(file, include);
        }
        self.merged.settings.extend(settings);
        self.merged.broken.extend(broken);
        self.done
            .insert(key, self.merged.settings[start..].to_vec());
        self.open.pop();
    }

    fn include(&mut self, from: FileId, entry: &Node) {
        let said = entry.as_str().unwrap_or_default();
        let path = self.sources.folder(from).join(said);
        let key = path.canonicalize().unwrap_or_else(|_| path.clone());
        if let Some(at) = self.open.iter().position(|(open, _)| *open == key) {
            let round: Vec<String> = self.open[at..]
                .iter()
                .map(|(_, file)| self.sources.get(*file).name.clone())
                .chain([self.sources.get(self.open[at].1).name.clone()])
                .map(|name| format!("`{name}`"))
                .collect();
            self.out.push(
                Diagnostic::error(format!("`{said}` includes itself"))
                    .at(&entry.span, "this closes the circle")
                    .note(round.join(" includes "))
                    .help("take one of the includes out"),
            );
            return;
        }
        if let Some(settings) = self.done.get(&key) {
            self.merged.settings.extend(settings.iter().cloned());
            return;
        }
        match read_text(&path) {
            Ok(text) => {
                let name = name_beside(&self.sources.get(from).name, said);
                let file = self.sources.add(name, path, text);
                self.file(file);
            }
            Err(reason) => self.out.push(
                Diagnostic::error(format!("cannot read the include `{said}`: {reason}"))
                    .at(&entry.span, "included here")
                    .help(match near_file(said, &path) {
                        Some(near) => format!("did you mean `{near}`?"),
                        None => "a path is relative to the file that includes it".to_owned(),
                    }),
            ),
        }
    }

    /// An argument is a text of one line: what is no TOML as it stands is taken as a string.
    fn argument(&mut self, option: &'static str, argument: &str) {
        let (key, value) = argument.split_once('=').unwrap_or((argument, ""));
        let quoted = format!("{key}={}", Value::quote(value.trim()));
        let mut errors = Vec::new();
        let plain = raw::parse(FileId::default(), argument, &mut errors);
        let is_toml = errors.is_empty() && !plain.entries().is_empty() || !argument.contains('=');
        let text = if is_toml { argument.to_owned() } else { quoted };
        let file = self.sources.add(option, PathBuf::new(), text.clone());
        if !argument.contains('=') {
            let span = Span {
                file,
                range: 0..argument.len(),
            };
            self.out.push(
                Diagnostic::error(format!("`{option} {argument}` sets nothing"))
                    .at(&span, "expected `key=value`")
                    .help("for example `--set build.profile=speed`"),
            );
            return;
        }
        let root = raw::parse(file, &text, self.out);
        let Raw { settings, broken } = raw::flatten(&root, &text, self.out);
        if let Some(include) = settings.iter().find(|setting| setting.path == "include") {
            self.out.push(
                Diagnostic::error("`include` cannot be set from the command line")
                    .at(&include.key, "it has no file to be relative to")
                    .help("write it into the spec"),
            );
        }
        self.merged.settings.extend(settings);
        self.merged.broken.extend(broken);
    }
}

impl Value {
    /// A string as TOML writes it.
    fn quote(text: &str) -> String {
        format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
    }
}

fn read_text(path: &Path) -> Result<String, String> {
    if path.is_dir() {
        return Err("it is a folder".to_owned());
    }
    let bytes = std::fs::read(path).map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => "there is no such file".to_owned(),
        _ => error.to_string(),
    })?;
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        format!("it is not UTF-8 (byte {at})")
    })
}

/// What messages call a file that another names by a relative path.
pub fn name_beside(of: &str, said: &str) -> String {
    match of.rsplit_once('/') {
        Some((folder, _)) if !Path::new(said).is_absolute() => format!("{folder}/{said}"),
        _ => said.to_owned(),
    }
}

/// A file beside the one that was meant, with nearly its name, as it would be said.
pub fn near_file(said: &str, path: &Path) -> Option<String> {
    let wanted = path.file_name()?.to_str()?;
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let names: Vec<String> = std::fs::read_dir(folder)
        .ok()?
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter(|name| name != wanted)
        .collect();
    let near = nearest(wanted, names.iter().map(String::as_str))?;
    Some(name_beside(said, near))
}
