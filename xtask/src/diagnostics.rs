//! What is said about a spec: errors and warnings with the bytes they mean, and how they are shown.
//!
//! The boundary: data and its rendering. Stages push diagnostics here and go on, so that one run reports everything;
//! nothing in this file decides what is wrong. What is shown is bounded, and shown safely: control characters of a spec
//! are escaped, and lines of a file outside the spec's folder are not printed.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::ops::Range;
use std::path::{Path, PathBuf};

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
use serde_json::json;

use crate::text::{escape_hidden, grouped, is_hidden};

/// The most diagnostics that are shown; of the others only the number is.
const MOST_SHOWN: usize = 100;

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
    /// Whether messages may print its lines. Those of a file outside the spec's folder they may not: a spec from a
    /// stranger could name any file of the machine.
    pub is_shown: bool,
    /// Where each line begins.
    lines: Vec<usize>,
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
        self.insert(name.into(), path, text, true)
    }

    /// Adds a text whose lines are never printed.
    pub fn add_unshown(&mut self, name: impl Into<String>, path: PathBuf, text: String) -> FileId {
        self.insert(name.into(), path, text, false)
    }

    fn insert(&mut self, name: String, path: PathBuf, text: String, is_shown: bool) -> FileId {
        let breaks = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
        let lines = std::iter::once(0).chain(breaks.map(|(at, _)| at + 1));
        self.files.push(Source {
            name,
            path,
            lines: lines.collect(),
            text,
            is_shown,
        });
        FileId(self.files.len() - 1)
    }

    /// The file that everything else was read from: the first text.
    pub fn root(&self) -> Option<&Source> {
        self.files.first()
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
        self.get(span.file).line(span.range.start)
    }

    /// The column of a span, in characters from 1.
    pub fn column(&self, span: &Span) -> usize {
        let source = self.get(span.file);
        let start = span.range.start.min(source.text.len());
        let line = source.lines[source.line(start) - 1];
        source.text[line..start].chars().count() + 1
    }

    /// The bytes of a span.
    pub fn text(&self, span: &Span) -> &str {
        self.get(span.file)
            .text
            .get(span.range.clone())
            .unwrap_or_default()
    }
}

impl Source {
    /// The line of a byte, from 1.
    fn line(&self, at: usize) -> usize {
        self.lines.partition_point(|start| *start <= at)
    }

    /// The lines between two bytes: where the first begins, and the bytes of all.
    fn lines_around(&self, range: &Range<usize>) -> (usize, Range<usize>) {
        let first = self.line(range.start);
        let end = self.lines.get(self.line(range.end)).copied();
        (first, self.lines[first - 1]..end.unwrap_or(self.text.len()))
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
        for diagnostic in self.shown() {
            let words = Words::of(diagnostic, &self.sources);
            let group = self.group(diagnostic, &words);
            let _ = writeln!(out, "{}\n", renderer.render(&[group]));
        }
        if let Some(more) = self.more() {
            let _ = writeln!(out, "{more}\n");
        }
        out
    }

    /// The first of the diagnostics; errors before warnings, where not all are shown.
    fn shown(&self) -> impl Iterator<Item = &Diagnostic> {
        let is_cut = self.diagnostics.len() > MOST_SHOWN;
        let of = move |severity| {
            let all = self.diagnostics.iter();
            all.filter(move |diagnostic| !is_cut || diagnostic.severity == severity)
        };
        let warnings = is_cut.then(|| of(Severity::Warning)).into_iter().flatten();
        of(Severity::Error).chain(warnings).take(MOST_SHOWN)
    }

    /// "and 99,900 more", where not all are shown.
    fn more(&self) -> Option<String> {
        let more = self.diagnostics.len().checked_sub(MOST_SHOWN)?;
        (more > 0).then(|| format!("and {} more", grouped(more as u64)))
    }

    /// The same for a program.
    pub fn to_json(&self) -> serde_json::Value {
        let place = |(span, label): &(Span, String)| {
            json!({
                "file": self.sources.get(span.file).name,
                "line": self.sources.line(span),
                "column": self.sources.column(span),
                "start": span.range.start,
                "end": span.range.end,
                "label": label,
            })
        };
        let more = self.more().map(|more| {
            json!({
                "severity": if self.has_errors() { "error" } else { "warning" },
                "message": more, "at": null, "see": [], "notes": [], "help": [],
            })
        });
        self.shown()
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
            .chain(more)
            .collect()
    }

    fn group<'a>(&'a self, diagnostic: &'a Diagnostic, words: &'a Words<'_>) -> Group<'a> {
        let level = match diagnostic.severity {
            Severity::Error => Level::ERROR,
            Severity::Warning => Level::WARNING,
        };
        let mut group = Group::with_title(level.primary_title(&*words.message));
        let places: Vec<(AnnotationKind, &Span, &str)> = places(diagnostic)
            .zip(&words.labels)
            .map(|((kind, span), label)| (kind, span, &**label))
            .filter(|(_, span, _)| self.sources.get(span.file).is_shown)
            .collect();
        let mut files: Vec<FileId> = Vec::new();
        for (_, span, _) in &places {
            if !files.contains(&span.file) {
                files.push(span.file);
            }
        }
        for file in files {
            let source = self.sources.get(file);
            let of_file = places.iter().filter(|(_, span, _)| span.file == file);
            let ranges = || of_file.clone().map(|(_, span, _)| clamp(span, source));
            let start = ranges().map(|range| range.start).min().unwrap_or(0);
            let end = ranges().map(|range| range.end).max().unwrap_or(0);
            // The lines between the marks alone: a text may be long, and is looked at whole for each message.
            let (line, lines) = source.lines_around(&(start..end));
            let mut snippet = Snippet::source(&source.text[lines.clone()])
                .line_start(line)
                .path(source.name.as_str());
            for (kind, span, label) in of_file.clone() {
                let range = clamp(span, source);
                let mut mark = kind.span(range.start - lines.start..range.end - lines.start);
                if !label.is_empty() {
                    mark = mark.label(*label);
                }
                snippet = snippet.annotation(mark);
            }
            group = group.element(snippet);
        }
        for note in &words.notes {
            group = group.element(Level::NOTE.message(&**note));
        }
        for help in &words.help {
            group = group.element(Level::HELP.message(&**help));
        }
        group
    }
}

/// The places of a diagnostic, the primary one first.
fn places(diagnostic: &Diagnostic) -> impl Iterator<Item = (AnnotationKind, &Span)> {
    let primary = diagnostic.primary.iter();
    let primary = primary.map(|(span, _)| (AnnotationKind::Primary, span));
    let context = diagnostic.context.iter();
    primary.chain(context.map(|(span, _)| (AnnotationKind::Context, span)))
}

/// The words of a diagnostic as a terminal may have them: what a spec says is in them, and could be a terminal's command.
struct Words<'a> {
    message: Cow<'a, str>,
    /// Of the places, in their order.
    labels: Vec<Cow<'a, str>>,
    notes: Vec<Cow<'a, str>>,
    help: Vec<Cow<'a, str>>,
}

impl<'a> Words<'a> {
    fn of(diagnostic: &'a Diagnostic, sources: &Sources) -> Self {
        let all = |texts: &'a [String]| texts.iter().map(|text| plain(text)).collect();
        let labels = diagnostic.primary.iter().chain(&diagnostic.context);
        // A place whose lines are not printed is said in words.
        let hidden = labels.clone().filter_map(|(span, label)| {
            let source = sources.get(span.file);
            let label = plain(label);
            (!source.is_shown).then(|| {
                let (line, column) = (sources.line(span), sources.column(span));
                let place = format!("in `{}`, line {line}, column {column}", plain(&source.name));
                match &*label {
                    "" => Cow::Owned(place),
                    label => Cow::Owned(format!("{place}: {label}")),
                }
            })
        });
        let notes: Vec<Cow<'a, str>> = all(&diagnostic.notes);
        Self {
            message: plain(&diagnostic.message),
            labels: labels.clone().map(|(_, label)| plain(label)).collect(),
            notes: hidden.chain(notes).collect(),
            help: all(&diagnostic.help),
        }
    }
}

/// A text without the characters that a terminal obeys; line breaks stay.
fn plain(text: &str) -> Cow<'_, str> {
    match text.contains(|c| c != '\n' && is_hidden(c)) {
        true => Cow::Owned(escape_hidden(text)),
        false => Cow::Borrowed(text),
    }
}

fn clamp(span: &Span, source: &Source) -> Range<usize> {
    let len = source.text.len();
    let start = span.range.start.min(len);
    start..span.range.end.clamp(start, len)
}

/// The name that is close enough to be what was meant: within an edit distance of a third of the name, and of 3.
pub fn nearest<'n>(name: &str, names: impl IntoIterator<Item = &'n str>) -> Option<&'n str> {
    let length = name.chars().count();
    let most = length.div_ceil(4).clamp(1, 3);
    names
        .into_iter()
        .filter(|candidate| candidate.chars().count().abs_diff(length) <= most)
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

#[cfg(test)]
mod tests {
    use super::*;

    fn report(texts: &[&str], is_shown: bool) -> Report {
        let mut report = Report::default();
        for text in texts {
            let path = PathBuf::from("/a.toml");
            let file = match is_shown {
                true => report.sources.add("a.toml", path, (*text).to_owned()),
                false => report
                    .sources
                    .add_unshown("a.toml", path, (*text).to_owned()),
            };
            let range = text.find('!').unwrap_or_default()..text.len();
            let diagnostic = Diagnostic::error("`x` is wrong").at(&Span { file, range }, "here");
            report.diagnostics.push(diagnostic);
        }
        report
    }

    #[test]
    fn only_the_first_hundred_are_shown_and_the_rest_is_counted() {
        let mut report = report(&["a = 1\nb = !\n"], true);
        assert!(!report.render(false).contains("more"));
        let warning = Diagnostic::warning("`w` is odd");
        let error = report.diagnostics[0].clone();
        report.diagnostics.resize(50_000, warning);
        report.diagnostics.resize(100_000, error);
        let text = report.render(false);
        assert_eq!(text.matches("`x` is wrong").count(), MOST_SHOWN);
        assert!(text.ends_with("and 99,900 more\n\n"), "{text}");
        assert!(text.contains("--> a.toml:2:5"), "{text}");
        let json = report.to_json();
        let rows = json.as_array().expect("a list");
        assert_eq!(rows.len(), MOST_SHOWN + 1);
        assert_eq!(rows[0]["line"], json!(null));
        assert_eq!(rows[0]["at"]["line"], json!(2));
        assert_eq!(rows[0]["at"]["column"], json!(5));
        assert_eq!(rows[MOST_SHOWN]["message"], json!("and 99,900 more"));
    }

    #[test]
    fn lines_of_a_file_elsewhere_are_not_printed() {
        let text = report(&["secret = 1\nb = !\n"], false).render(false);
        assert!(!text.contains("secret") && !text.contains("b ="), "{text}");
        assert!(
            text.contains("in `a.toml`, line 2, column 5: here"),
            "{text}"
        );
    }

    #[test]
    fn what_a_spec_says_commands_no_terminal() {
        let diagnostic = Diagnostic::error("`\u{1b}[31m` is wrong").help("\u{202e}x\nsecond");
        let text = Report::from(diagnostic).render(false);
        assert!(
            !text.contains('\u{1b}') && !text.contains('\u{202e}'),
            "{text:?}"
        );
        assert!(text.contains("`\\u{1b}[31m` is wrong"), "{text}");
    }

    #[test]
    fn only_what_is_close_is_suggested() {
        let near = |name, names: &[&'static str]| nearest(name, names.iter().copied());
        assert_eq!(near("nope", &["home"]), None);
        assert_eq!(near("net", &["fs", "set"]), Some("set"));
        assert_eq!(near("globl", &["global"]), Some("global"));
        assert_eq!(near("consloe", &["console"]), Some("console"));
        assert_eq!(near("premissions", &["permissions"]), Some("permissions"));
    }
}
