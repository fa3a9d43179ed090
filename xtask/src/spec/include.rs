//! Reading a spec with everything that it includes, and what the command line sets.
//!
//! The boundary: which texts there are and in what order they are merged. All that is merged is bounded: a spec may come from a
//! stranger, and a few files that include each other twice would otherwise be merged more often than any machine can.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use toml::de::DeValue;

use super::raw::{self, Node, Raw, Setting, Value};
use super::reading;
use crate::diagnostics::{Diagnostic, FileId, Sources, Span, nearest};
use crate::text::is_hidden;

/// The most files that include each other in a chain.
const MOST_DEEP: usize = 16;

/// The most includes, a file counted as often as it is merged.
const MOST_INCLUDES: usize = 100;

/// The most bytes of the includes, counted alike.
const MOST_BYTES: usize = 4 << 20;

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
    let text = match reading::read(path) {
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
        merging: Size::default(),
        is_full: false,
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
    done: BTreeMap<PathBuf, Done>,
    /// What is merged so far, the root aside.
    merging: Size,
    /// Whether a bound was reached, after which no include is read.
    is_full: bool,
    merged: Merged,
}

/// What a file gave, with its own includes.
struct Done {
    settings: Vec<Setting>,
    size: Size,
}

/// How much is merged.
#[derive(Clone, Copy, Debug, Default)]
struct Size {
    includes: usize,
    bytes: usize,
}

impl Reading<'_> {
    fn file(&mut self, file: FileId) {
        let source = self.sources.get(file).clone();
        let key = source.path.canonicalize().unwrap_or(source.path);
        self.open.push((key.clone(), file));
        let start = self.merged.settings.len();
        let size = self.merging;
        let before = self.out.len();
        let root = raw::parse(file, &source.text, source.is_shown, self.out);
        let lost = raw::lost_from(&self.out[before..]);
        if self.out.len() > before {
            // What the text lost is not missing.
            self.merged.broken.push("runtime".to_owned());
        }
        let before = self.out.len();
        let Raw { settings, broken } = raw::flatten(&root, &source.text, self.out);
        if let Some(lost) = lost {
            // A table whose header is broken leaves its keys to the table above, where they are wrong for no other reason.
            let mut at = 0;
            self.out.retain(|diagnostic| {
                at += 1;
                let place = diagnostic.primary.as_ref();
                at <= before || place.is_none_or(|(span, _)| span.range.start < lost)
            });
        }
        let (includes, settings): (Vec<Setting>, Vec<Setting>) = settings
            .into_iter()
            .partition(|setting| setting.path == "include");
        for include in includes.iter().flat_map(|setting| setting.value.items()) {
            self.include(file, include);
        }
        self.merged.settings.extend(settings);
        self.merged.broken.extend(broken);
        let done = Done {
            settings: self.merged.settings[start..].to_vec(),
            size: Size {
                includes: self.merging.includes - size.includes,
                bytes: self.merging.bytes - size.bytes + source.text.len(),
            },
        };
        self.done.insert(key, done);
        self.open.pop();
    }

    fn include(&mut self, from: FileId, entry: &Node) {
        if self.is_full {
            return;
        }
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
        // The name of the file itself is judged, so that no link makes a spec of what is none.
        if key.extension().is_none_or(|extension| extension != "toml") && key.exists() {
            self.out.push(
                Diagnostic::error(format!("the include `{said}` is not a spec"))
                    .at(&entry.span, "the name of the file does not end in `.toml`")
                    .help("name a spec, as in `include = [\"presets/edge.toml\"]`"),
            );
            return;
        }
        if let Some(done) = self.done.get(&key) {
            let size = done.size;
            if self.has_room(entry, size) {
                let settings = self.done.get(&key).map(|done| done.settings.clone());
                self.merged.settings.extend(settings.into_iter().flatten());
            }
            return;
        }
        match reading::read(&path) {
            Ok(text) => {
                let bytes = text.len();
                if self.has_room(entry, Size { includes: 0, bytes }) {
                    let name = name_beside(&self.sources.get(from).name, said);
                    let file = reading::add(self.sources, name, path, text);
                    self.file(file);
                }
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

    /// Counts an include whose own includes are in `more`. Whether it still fits; the first that does not is reported.
    fn has_room(&mut self, entry: &Node, more: Size) -> bool {
        self.merging.includes += more.includes + 1;
        self.merging.bytes += more.bytes;
        let wrong = if self.open.len() > MOST_DEEP {
            format!("the includes are more than {MOST_DEEP} deep")
        } else if self.merging.includes > MOST_INCLUDES {
            format!("there are more than {MOST_INCLUDES} includes")
        } else if self.merging.bytes > MOST_BYTES {
            format!(
                "the includes are larger than {} MiB together",
                MOST_BYTES >> 20
            )
        } else {
            return true;
        };
        self.is_full = true;
        self.out.push(
            Diagnostic::error(wrong)
                .at(&entry.span, "this one is not read, nor any that follows")
                .note("a file that is included several times counts each time, with all that it includes")
                .help("include fewer files, each once"),
        );
        false
    }

    /// An argument sets one key to one value. What is not TOML as it stands is taken as a string.
    fn argument(&mut self, option: &'static str, argument: &str) {
        let shown: String = argument
            .chars()
            .map(|c| if is_hidden(c) { '\u{fffd}' } else { c })
            .collect();
        let mut refuse = |sources: &mut Sources, what: String, label: &str, help: &str| {
            let file = sources.add(option, PathBuf::new(), shown.clone());
            let range = 0..shown.len();
            let error = Diagnostic::error(what).at(&Span { file, range }, label);
            self.out.push(error.help(help));
        };
        let Some((key, value)) = argument.split_once('=') else {
            return refuse(
                self.sources,
                format!("`{option} {shown}` sets nothing"),
                "expected `key=value`",
                "for example `--set build.profile=speed`",
            );
        };
        let (key, value) = (key.trim(), value.trim());
        if argument.contains(is_hidden) {
            return refuse(
                self.sources,
                format!("`{option}` has a character that cannot be seen"),
                "a line break or another control character",
                "an argument is one line of text: one key, `=` and its value",
            );
        }
        if !is_key(key) {
            return refuse(
                self.sources,
                format!("`{option}` has no key before its `=`"),
                "expected `key=value`",
                "for example `--set build.profile=speed`",
            );
        }
        let text = match DeValue::parse(value) {
            Ok(_) => format!("{key}={value}"),
            Err(_) => format!("{key}={}", Value::quote(value)),
        };
        let file = self.sources.add(option, PathBuf::new(), text.clone());
        let root = raw::parse(file, &text, true, self.out);
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

/// Whether a text is a key of TOML and nothing else: names with dots between them.
fn is_key(text: &str) -> bool {
    let mut errors = Vec::new();
    let mut node = raw::parse(FileId::default(), &format!("{text}=0"), true, &mut errors);
    loop {
        match node.value {
            Value::Table(mut entries) if entries.len() == 1 => node = entries.remove(0).node,
            Value::Integer(0) => return errors.is_empty(),
            _ => return false,
        }
    }
}

impl Value {
    /// A string as TOML writes it, of a text on one line.
    fn quote(text: &str) -> String {
        format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
    }
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
