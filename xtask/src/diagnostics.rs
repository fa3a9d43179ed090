//! What is said about a spec: errors and warnings with the bytes they mean, and how they are shown.
//!
//! The boundary: data and its rendering. Stages push diagnostics here and go on, so that one run reports everything;
//! nothing in this file decides what is wrong.

use std::fmt::Write as _;
use std::ops::Range;
use std::path::{Path, PathBuf};

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
use serde_json::json;

/// The texts that diagnostics point into.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    files: Vec<Source>,
}

/// One text: a spec, an include, a native file, or an argument of the command line.
#[derive(Clone, Debug)]
pub struct Source {
    /// What messages call it, as the user would.
    pub name: String,
    /// Where it lies; empty for an argument.
    pub path: PathBuf,
    /// Its contents.
    pub text: String,
}

/// A text of [`Sources`]. Ordered as the texts were read, the root spec first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(usize);

/// Bytes of one text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Span {
    /// The text.
    pub file: FileId,
    /// The bytes.
    pub range: Range<usize>,
}

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Severity {
    /// Nothing is written.
    Error,
    /// Said, then ignored.
    Warning,
}

/// One thing that is wrong, where, and how to mend it.
#[derive(Clone, Debug)]
pub struct Diagnostic {
    /// How bad it is.
    pub severity: Severity,
    /// A lowercase phrase with the offending thing in backticks.
    pub message: String,
    /// The offending bytes and what to say beside them.
    pub primary: Option<(Span, String)>,
    /// Other places that explain it.
    pub context: Vec<(Span, String)>,
    /// Facts that explain it.
    pub notes: Vec<String>,
    /// How to mend it.
    pub help: Vec<String>,
}

/// Everything that was found, with the texts it was found in. The error of every stage and command.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// The texts.
    pub sources: Sources,
    /// What was found.
    pub diagnostics: Vec<Diagnostic>,
}

impl Sources {
    /// Adds a text and gives its name for spans.
    pub fn add(&mut self, name: impl Into<String>, path: PathBuf, text: String) -> FileId {
        self.files.push(Source {
            name: name.into(),
            path,
            text,
        });
        FileId(self.files.len() - 1)
    }

    /// The text behind a span.
    pub fn get(&self, file: FileId) -> &Source {
        &self.files[file.0]
    }

    /// The folder that relative paths of this text are taken from.
    pub fn folder(&self, file: FileId) -> &Path {
        self.get(file).path.parent().unwrap_or(Path::new(""))
    }

    /// Whether a text is an argument of the command line.
    pub fn is_argument(&self, file: FileId) -> bool {
        self.get(file).path.as_os_str().is_empty()
    }

    /// `runtime.toml:12`, or the argument of the command line.
    pub fn place(&self, span: &Span) -> String {
        let source = self.get(span.file);
        if self.is_argument(span.file) {
            return match source.name.as_str() {
                "--set" => format!("--set {}", source.text),
                option => option.to_owned(),
            };
        }
        format!("{}:{}", source.name, self.line(span))
    }

    /// The line of a span, from 1.
    pub fn line(&self, span: &Span) -> usize {
        let text = &self.get(span.file).text;
        text[..span.range.start.min(text.len())]
            .matches('\n')
            .count()
            + 1
    }

    /// The bytes of a span.
    pub fn text(&self, span: &Span) -> &str {
        self.get(span.file)
            .text
            .get(span.range.clone())
            .unwrap_or_default()
    }
}

impl Diagnostic {
    /// An error without a place.
    pub fn error(message: impl Into<String>) -> Self {
        Self {
            severity: Severity::Error,
            message: message.into(),
            primary: None,
            context: Vec::new(),
            notes: Vec::new(),
            help: Vec::new(),
        }
    }

    /// A warning without a place.
    pub fn warning(message: impl Into<String>) -> Self {
        Self {
            severity: Severity::Warning,
            ..Self::error(message)
        }
    }

    /// Says where, and what is to be seen there.
    #[must_use]
    pub fn at(mut self, span: &Span, label: impl Into<String>) -> Self {
        self.primary = Some((span.clone(), label.into()));
        self
    }

    /// Points at another place that explains it.
    #[must_use]
    pub fn see(mut self, span: &Span, label: impl Into<String>) -> Self {
        self.context.push((span.clone(), label.into()));
        self
    }

    /// Adds a fact.
    #[must_use]
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.notes.push(note.into());
        self
    }

    /// Says how to mend it.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help.push(help.into());
        self
    }

    /// Says how to mend it, where there is something to say.
    #[must_use]
    pub fn help_if(mut self, help: Option<String>) -> Self {
        self.help.extend(help);
        self
    }
}

impl From<Diagnostic> for Report {
    fn from(diagnostic: Diagnostic) -> Self {
        Self {
            sources: Sources::default(),
            diagnostics: vec![diagnostic],
        }
    }
}

impl Report {
    /// An error without a place.
    pub fn error(message: impl Into<String>) -> Self {
        Diagnostic::error(message).into()
    }

    /// Says how to mend the last error.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        if let Some(last) = self.diagnostics.last_mut() {
            last.help.push(help.into());
        }
        self
    }

    /// Whether anything in it is an error.
    pub fn has_errors(&self) -> bool {
        self.diagnostics
            .iter()
            .any(|diagnostic| diagnostic.severity == Severity::Error)
    }

    /// Puts what was found in the order of the files and the places in them; what has no place comes last.
    pub fn sort(&mut self) {
        self.diagnostics.sort_by_key(|diagnostic| {
            let place = diagnostic.primary.as_ref();
            place.map_or((true, FileId::default(), 0), |(span, _)| {
                (false, span.file, span.range.start)
            })
        });
    }

    /// The text for a person.
    pub fn render(&self, colours: bool) -> String {
        let renderer = if colours {
            Renderer::styled()
        } else {
            Renderer::plain()
        };
        let mut out = String::new();
        for diagnostic in &self.diagnostics {
            let group = self.group(diagnostic);
            let _ = writeln!(out, "{}\n", renderer.render(&[group]));
        }
        out
    }

    /// The same for a program.
    pub fn to_json(&self) -> serde_json::Value {
        let place = |(span, label): &(Span, String)| {
            let source = self.sources.get(span.file);
            let start = span.range.start.min(source.text.len());
            let line_start = source.text[..start].rfind('\n').map_or(0, |at| at + 1);
            json!({
                "file": source.name,
                "line": self.sources.line(span),
                "column": source.text[line_start..start].chars().count() + 1,
                "start": span.range.start,
                "end": span.range.end,
                "label": label,
            })
        };
        self.diagnostics
            .iter()
            .map(|diagnostic| {
                json!({
                    "severity": match diagnostic.severity {
                        Severity::Error => "error",
                        Severity::Warning => "warning",
                    },
                    "message": diagnostic.message,
                    "at": diagnostic.primary.as_ref().map(place),
                    "see": diagnostic.context.iter().map(place).collect::<Vec<_>>(),
                    "notes": diagnostic.notes,
                    "help": diagnostic.help,
                })
            })
            .collect()
    }

    fn group<'a>(&'a self, diagnostic: &'a Diagnostic) -> Group<'a> {
        let level = match diagnostic.severity {
            Severity::Error => Level::ERROR,
            Severity::Warning => Level::WARNING,
        };
        let mut group = Group::with_title(level.primary_title(diagnostic.message.as_str()));
        let mut files: Vec<FileId> = Vec::new();
        for (span, _) in diagnostic.primary.iter().chain(&diagnostic.context) {
            if !files.contains(&span.file) {
                files.push(span.file);
            }
        }
        for file in files {
            let source = self.sources.get(file);
            let mut snippet = Snippet::source(source.text.as_str()).path(source.name.as_str());
            let marks = [
                (AnnotationKind::Primary, diagnostic.primary.as_slice()),
                (AnnotationKind::Context, &diagnostic.context),
            ];
            for (kind, places) in marks {
                for (span, label) in places.iter().filter(|(span, _)| span.file == file) {
                    let mut mark = kind.span(clamp(&span.range, source.text.len()));
                    if !label.is_empty() {
                        mark = mark.label(label.as_str());
                    }
                    snippet = snippet.annotation(mark);
                }
            }
            group = group.element(snippet);
        }
        for note in &diagnostic.notes {
            group = group.element(Level::NOTE.message(note.as_str()));
        }
        for help in &diagnostic.help {
            group = group.element(Level::HELP.message(help.as_str()));
        }
        group
    }
}

fn clamp(range: &Range<usize>, len: usize) -> Range<usize> {
    let start = range.start.min(len);
    start..range.end.clamp(start, len)
}

/// The name that is close enough to be what was meant: within an edit distance of 3, and of less than half the name.
pub fn nearest<'n>(name: &str, names: impl IntoIterator<Item = &'n str>) -> Option<&'n str> {
    let most = 3.min(name.chars().count().max(2) / 2).max(1);
    names
        .into_iter()
        .map(|candidate| (strsim::damerau_levenshtein(name, candidate), candidate))
        .filter(|(distance, _)| *distance <= most)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// "did you mean `engine`?", when a name is close; otherwise what there is.
pub fn did_you_mean(name: &str, what: &str, names: &[&str]) -> String {
    match nearest(name, names.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None if names.is_empty() => format!("there are no {what}"),
        None => format!("the {what} are {}", list(names)),
    }
}

/// "`a`, `b` and `c`"
pub fn list<S: AsRef<str>>(names: &[S]) -> String {
    let mut out = String::new();
    for (index, name) in names.iter().enumerate() {
        if index > 0 {
            out.push_str(if index + 1 == names.len() {
                " and "
            } else {
                ", "
            });
        }
        let _ = write!(out, "`{}`", name.as_ref());
    }
    out
}
