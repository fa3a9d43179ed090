//! Modules of the user's: a file with native functions, or a crate.
//!
//! The boundary: the entry, the file that it names, and the manifest of the crate that it names. What is in a native file is
//! found by `native`.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use super::{Entry, described};
use crate::diagnostics::{Diagnostic, FileId, Sources, Span, did_you_mean};
use crate::native::{self, Native, NativeError};
use crate::spec::include::{name_beside, near_file};
use crate::spec::manifest::Manifest;
use crate::spec::raw::{Node, Value};
use crate::spec::reading::{self, Unreadable};
use crate::spec::values;
use crate::spec::{CrateSource, Expose, Module, ModuleKind, Said};

/// The keys of a module of the user's.
pub(super) const KEYS: &[&str] = &["path", "crate", "expose"];

/// The most modules of the user's.
const MOST_MODULES: usize = 200;

/// The most bytes of all native files.
const MOST_BYTES: usize = 8 << 20;

/// What was looked at so far.
#[derive(Default)]
pub(super) struct Seen {
    modules: usize,
    bytes: usize,
    /// What is in each native file, which several modules may name.
    files: HashMap<PathBuf, Native>,
}

impl Entry<'_> {
    /// A file or a crate of the user's.
    pub(super) fn own(&mut self) -> Option<Module> {
        let value = &self.setting.value;
        self.own.modules += 1;
        if self.own.modules > MOST_MODULES {
            self.out.push(
                Diagnostic::error(format!("`{}` is one module too many", self.name))
                    .at(
                        &self.setting.key,
                        format!("the most are {MOST_MODULES} of your own"),
                    )
                    .help("put several into one file or one crate"),
            );
            return None;
        }
        if self.catalog.get(self.name).is_some() {
            self.out.push(
                Diagnostic::error(format!("`{}` is the name of a standard module", self.name))
                    .at(
                        &self.setting.key,
                        "a module of your own needs a name of its own",
                    )
                    .help(format!("call it `my-{}`, say", self.name)),
            );
        }
        self.check_name();
        self.unknown_keys();
        let expose = self.expose();
        match (value.get("path"), value.get("crate")) {
            (Some(path), Some(krate)) => {
                self.out.push(
                    Diagnostic::error(format!(
                        "`modules.{}` is a file and a crate at once",
                        self.name
                    ))
                    .at(&krate.key_span, "a crate")
                    .see(&path.key_span, "a file")
                    .help("keep one of the two"),
                );
                None
            }
            (Some(path), None) => self.file(&path.node, expose),
            (None, Some(krate)) => self.krate(&krate.node, expose),
            (None, None) => None,
        }
    }

    /// Reports the keys that no module of the user's has.
    pub(super) fn unknown_keys(&mut self) {
        for entry in self.setting.value.entries() {
            if !KEYS.contains(&entry.key.as_str()) {
                self.out.push(
                    Diagnostic::error(format!(
                        "unknown key `{}` in `modules.{}`",
                        entry.key, self.name
                    ))
                    .at(&entry.key_span, "not a key of a module of your own")
                    .help(did_you_mean(&entry.key, "keys here", KEYS)),
                );
            }
        }
    }

    fn check_name(&mut self) {
        let name = self.name;
        let plain = name.starts_with(|c: char| c.is_ascii_lowercase())
            && name
                .chars()
                .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '_'));
        if !plain || values::is_keyword(&native::ident(name)) {
            self.out.push(
                Diagnostic::error(format!("`{name}` is not a valid module name"))
                    .at(&self.setting.key, "")
                    .help(
                        "a module's name has lowercase letters, digits, `-` and `_`, begins with a letter, and is no \
                         keyword of Rust",
                    ),
            );
        }
    }

    fn expose(&mut self) -> Said<Expose> {
        let Some(entry) = self.setting.value.get("expose") else {
            return Said::default(Expose::Specifier(Expose::default_specifier(self.name)));
        };
        let help = "write a specifier, as in `acme:sensor`, or `global`";
        let Some(text) = entry.node.as_str() else {
            self.out.push(
                Diagnostic::error(format!(
                    "`expose` must be a string, found {}",
                    entry.node.what()
                ))
                .at(&entry.node.span, "expected a string")
                .help(help),
            );
            return Said::here(Expose::Global, &entry.node.span);
        };
        let reason = if text.is_empty() {
            Some("it is empty")
        } else if text.starts_with(['.', '/']) {
            Some("it would be a path")
        } else if ["file:", "http:", "https:", "data:", "blob:"]
            .iter()
            .any(|scheme| text.starts_with(scheme))
        {
            Some("its scheme already has a meaning")
        } else if text != "global" && !text.contains(':') {
            Some("it is neither `global` nor a scheme, `:` and a name")
        } else if text
            .contains(|c: char| c.is_whitespace() || c.is_control() || matches!(c, '"' | '\\'))
        {
            Some("it has a character that no specifier has")
        } else {
            None
        };
        if let Some(reason) = reason {
            self.out.push(
                Diagnostic::error(format!("a module cannot be exposed as `{text}`"))
                    .at(&entry.node.span, reason)
                    .help(help),
            );
        }
        let expose = match text {
            "global" => Expose::Global,
            specifier => Expose::Specifier(specifier.to_owned()),
        };
        Said::here(expose, &entry.node.span)
    }

    fn file(&mut self, said: &Node, expose: Said<Expose>) -> Option<Module> {
        let (name, path) = self.path(said, "path")?;
        let unreadable = |reason: String, help: String| {
            Diagnostic::error(format!("cannot read the native module `{name}`: {reason}"))
                .at(&said.span, "named here")
                .help(help)
        };
        if path.is_dir() {
            self.out.push(unreadable(
                "it is a folder".to_owned(),
                format!("name one file, or make it a crate: `{} = {{ crate = {{ path = \"{name}\" }} }}`", self.name),
            ));
            return None;
        }
        if !native::is_rust(&path) {
            self.out.push(unreadable(
                "it is not a Rust file".to_owned(),
                "a native module is a file `*.rs`".to_owned(),
            ));
            return None;
        }
        // The name of the file itself is judged as well, so that no link makes Rust of what is none.
        let real = path.canonicalize().unwrap_or_else(|_| path.clone());
        if let Some(native) = self.own.files.get(&real) {
            let native = native.clone();
            return self.module(ModuleKind::File {
                path: real,
                native,
                expose,
            });
        }
        if !native::is_rust(&real) {
            self.out.push(unreadable(
                "it is a link to what is not a Rust file".to_owned(),
                "a native module is a file `*.rs`".to_owned(),
            ));
            return None;
        }
        let text = match reading::read(&path) {
            Ok(text) => text,
            Err(reason) => {
                let help = match reason {
                    Unreadable::NotUtf8(_) => "save it as UTF-8".to_owned(),
                    Unreadable::TooLarge => "make it a crate".to_owned(),
                    _ => match near_file(&name, &path) {
                        Some(near) => format!("did you mean `{near}`?"),
                        None => "a path is relative to the spec that says it".to_owned(),
                    },
                };
                self.out.push(unreadable(reason.to_string(), help));
                return None;
            }
        };
        self.own.bytes += text.len();
        if self.own.bytes > MOST_BYTES {
            self.out.push(unreadable(
                format!(
                    "the native files are larger than {} MiB together",
                    MOST_BYTES >> 20
                ),
                "make crates of them".to_owned(),
            ));
            return None;
        }
        match native::scan(&text) {
            Ok(native) => {
                self.own.files.insert(real.clone(), native.clone());
                self.module(ModuleKind::File {
                    path: real,
                    native,
                    expose,
                })
            }
            Err(errors) => {
                let shown = shown_name(self.sources, said.span.file, &name);
                let file = reading::add(self.sources, shown, path, text);
                for error in errors {
                    let diagnostic = native_error(error, file, &name, said);
                    self.out.push(diagnostic);
                }
                None
            }
        }
    }

    /// A path that the spec says, as said and absolute.
    fn path(&mut self, said: &Node, key: &str) -> Option<(String, PathBuf)> {
        let Some(text) = said.as_str().filter(|text| !text.is_empty()) else {
            self.out.push(
                Diagnostic::error(format!("`modules.{}.{key}` must be a path", self.name))
                    .at(&said.span, "expected a string")
                    .help(format!("for example `{key} = \"native/{}.rs\"`", self.name)),
            );
            return None;
        };
        let path = self.sources.folder(said.span.file).join(text);
        Some((text.to_owned(), std::path::absolute(&path).unwrap_or(path)))
    }

    fn krate(&mut self, said: &Node, expose: Said<Expose>) -> Option<Module> {
        let forms = "`crate` is `{ path = \"../sensor\" }`, `\"1.2\"` or `{ version = \"1.2\" }`";
        let version = |node: &Node, out: &mut Vec<Diagnostic>| {
            let text = node.as_str().unwrap_or_default();
            if semver::VersionReq::parse(text).is_err() || text.is_empty() {
                out.push(
                    Diagnostic::error(format!("`{text}` is not a valid version of a crate"))
                        .at(&node.span, "expected a version, as in `1.2`")
                        .help(forms),
                );
            }
            CrateSource::Version(text.to_owned())
        };
        let (package, library, source, manifest) = match &said.value {
            Value::String(_) => (
                self.name.to_owned(),
                native::ident(self.name),
                version(said, self.out),
                None,
            ),
            Value::Table(entries) => {
                for entry in entries {
                    match entry.key.as_str() {
                        "path" | "version" => {}
                        "git" | "branch" | "tag" | "rev" => self.out.push(
                            Diagnostic::error("a crate from git is not available yet")
                                .at(&entry.key_span, "known, but nothing reads it yet")
                                .help("clone it, and name its folder: `{ path = \"…\" }`"),
                        ),
                        key => self.out.push(
                            Diagnostic::error(format!(
                                "unknown key `{key}` in `modules.{}.crate`",
                                self.name
                            ))
                            .at(&entry.key_span, "not a key of a crate")
                            .help(did_you_mean(
                                key,
                                "keys here",
                                &["path", "version"],
                            )),
                        ),
                    }
                }
                match (said.get("path"), said.get("version")) {
                    (Some(path), _) => {
                        let (shown, folder) = self.path(&path.node, "crate.path")?;
                        let Package {
                            name,
                            library,
                            manifest,
                        } = self.package(&path.node, &shown, &folder)?;
                        let folder = folder.canonicalize().unwrap_or(folder);
                        (name, library, CrateSource::Path(folder), manifest)
                    }
                    (None, Some(entry)) => (
                        self.name.to_owned(),
                        native::ident(self.name),
                        version(&entry.node, self.out),
                        None,
                    ),
                    (None, None) if said.get("git").is_some() => return None,
                    (None, None) => {
                        self.out.push(
                            Diagnostic::error(format!(
                                "`modules.{}` does not say where its crate is",
                                self.name
                            ))
                            .at(&said.span, "expected `path` or `version`")
                            .help(forms),
                        );
                        return None;
                    }
                }
            }
            _ => {
                self.out.push(
                    Diagnostic::error(format!(
                        "`modules.{}.crate` cannot be {}",
                        self.name,
                        said.what()
                    ))
                    .at(&said.span, "expected a table or a version")
                    .help(forms),
                );
                return None;
            }
        };
        let expose = match expose.at {
            None if manifest.is_some() => Said::default(Expose::Own),
            _ => expose,
        };
        self.module(ModuleKind::Crate {
            package,
            library,
            source,
            expose,
            manifest,
        })
    }

    /// What a crate's own `Cargo.toml` says.
    fn package(&mut self, said: &Node, shown: &str, folder: &Path) -> Option<Package> {
        let path = folder.join("Cargo.toml");
        let mut refuse = |reason: String, help: &str| {
            self.out.push(
                Diagnostic::error(format!("cannot use the crate `{shown}`: {reason}"))
                    .at(&said.span, "named here")
                    .help(help),
            );
            None
        };
        let relative = "name the folder of a library; a path is relative to the spec that says it";
        if !folder.is_dir() {
            let reason = if folder.exists() {
                "it is a file"
            } else {
                "there is no such folder"
            };
            let near = near_file(shown, folder).map(|near| format!("did you mean `{near}`?"));
            return refuse(reason.to_owned(), near.as_deref().unwrap_or(relative));
        }
        let text = match reading::read(&path) {
            Ok(text) => text,
            Err(Unreadable::Missing) => {
                return refuse("it has no `Cargo.toml`".to_owned(), relative);
            }
            Err(reason) => {
                return refuse(
                    format!("its `Cargo.toml` cannot be read: {reason}"),
                    relative,
                );
            }
        };
        let manifest: toml::Table = match text.parse() {
            Ok(manifest) => manifest,
            Err(error) => {
                return refuse(
                    format!("its `Cargo.toml` is not TOML: {}", error.message()),
                    relative,
                );
            }
        };
        let name_in = |table: &str| manifest.get(table)?.get("name")?.as_str();
        let Some(package) = name_in("package") else {
            return refuse("its `Cargo.toml` names no package".to_owned(), relative);
        };
        if manifest.get("lib").is_none() && !folder.join("src/lib.rs").is_file() {
            return refuse(
                "it has no library".to_owned(),
                "add `src/lib.rs` with a `#[js_module]`",
            );
        }
        let library = name_in("lib").map_or_else(|| native::ident(package), str::to_owned);
        // Both are written into the generated crate.
        if !is_package(package) || syn::parse_str::<syn::Ident>(&library).is_err() {
            return refuse(
                "its `Cargo.toml` gives it a name that cargo does not allow".to_owned(),
                "a crate's name has letters, digits, `-` and `_`, begins with a letter, and is not a keyword of Rust",
            );
        }
        match described::manifest(&manifest, self.name, self.catalog) {
            Ok(described) => Some(Package {
                name: package.to_owned(),
                library,
                manifest: described.map(Box::new),
            }),
            Err((reason, help)) => refuse(reason, &help),
        }
    }
}

/// What a crate's own `Cargo.toml` says.
struct Package {
    name: String,
    /// What Rust calls its library.
    library: String,
    /// What it says of the module in it.
    manifest: Option<Box<Manifest>>,
}

/// Whether cargo takes this as the name of a package.
fn is_package(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'))
}

/// Why a native file cannot be used, in words.
fn native_error(error: NativeError, file: FileId, name: &str, said: &Node) -> Diagnostic {
    let at = |range| Span { file, range };
    match error {
        NativeError::Syntax { message, range } => {
            Diagnostic::error(format!("the native module `{name}` is not valid Rust: {message}"))
                .at(&at(range), "here")
                .see(&said.span, "named here")
        }
        NativeError::Deep => {
            Diagnostic::error(format!("the native module `{name}` is nested too deeply"))
                .at(&said.span, "a type, an expression or a block in it has too many levels")
                .help("give parts of it names of their own")
        }
        NativeError::Private { name: class, range } => {
            Diagnostic::error(format!("the class `{class}` is private to its file"))
                .at(&at(range), "the runtime must be able to name it")
                .help(format!("write `pub struct {class}`"))
        }
        NativeError::Nested { name: item, module, range } => {
            Diagnostic::error(format!("`{item}` is in the module `{module}`, and is not exported"))
                .at(&at(range), "only the top level of the file is exported")
                .help(format!("move it out of `mod {module}`, or take its attribute off"))
        }
        NativeError::Twice { js, range, first } => {
            Diagnostic::error(format!("two exports of `{name}` are called `{js}` in JavaScript"))
                .at(&at(range), "the second")
                .see(&at(first), "the first")
                .help("give one of them another name: `#[js_fn(name = \"…\")]`")
        }
        NativeError::Empty => Diagnostic::error(format!(
            "the native module `{name}` has no `#[js_fn]` function and no `#[js_class]` type at its top level"
        ))
        .at(&said.span, "nothing in it can be called from JavaScript")
        .help(format!("for example:\n{}", native::EXAMPLE)),
    }
}

fn shown_name(sources: &Sources, from: FileId, said: &str) -> String {
    name_beside(&sources.get(from).name, said)
}
