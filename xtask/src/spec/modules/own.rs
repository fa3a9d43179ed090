//! Modules of the user's: a file with native functions, or a crate.
//!
//! The boundary: the entry, the file that it names, and the manifest of the crate that it names. What is in a native file is
//! found by `native`.

use std::path::{Path, PathBuf};

use super::Entry;
use crate::diagnostics::{Diagnostic, FileId, Sources, Span, did_you_mean};
use crate::native::{self, NativeError};
use crate::spec::include::{name_beside, near_file};
use crate::spec::raw::{Node, Value};
use crate::spec::values;
use crate::spec::{CrateSource, Expose, Module, ModuleKind, Said};

impl Entry<'_> {
    /// A file or a crate of the user's.
    pub(super) fn own(&mut self) -> Option<Module> {
        let value = &self.setting.value;
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
        for entry in value.entries() {
            if !["path", "crate", "expose"].contains(&entry.key.as_str()) {
                self.out.push(
                    Diagnostic::error(format!(
                        "unknown key `{}` in `modules.{}`",
                        entry.key, self.name
                    ))
                    .at(&entry.key_span, "not a key of a module of your own")
                    .help(did_you_mean(
                        &entry.key,
                        "keys here",
                        &["path", "crate", "expose"],
                    )),
                );
            }
        }
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

    fn check_name(&mut self) {
        let name = self.name;
        let plain = name.starts_with(|c: char| c.is_ascii_lowercase())
            && name
                .chars()
                .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '_'));
        if !plain || values::is_keyword(&native::ident(name)) {
            self.out.push(
                Diagnostic::error(format!("`{name}` is no name of a module"))
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
                "it is no Rust file".to_owned(),
                "a native module is a file `*.rs`".to_owned(),
            ));
            return None;
        }
        let text = match std::fs::read(&path) {
            Ok(bytes) => match String::from_utf8(bytes) {
                Ok(text) => text,
                Err(error) => {
                    let at = error.utf8_error().valid_up_to();
                    self.out.push(unreadable(
                        format!("it is not UTF-8 (byte {at})"),
                        "save it as UTF-8".to_owned(),
                    ));
                    return None;
                }
            },
            Err(error) => {
                let near = near_file(&name, &path);
                self.out.push(unreadable(
                    match error.kind() {
                        std::io::ErrorKind::NotFound => "there is no such file".to_owned(),
                        _ => error.to_string(),
                    },
                    match near {
                        Some(near) => format!("did you mean `{near}`?"),
                        None => "a path is relative to the spec that says it".to_owned(),
                    },
                ));
                return None;
            }
        };
        match native::scan(&text) {
            Ok(native) => self.module(ModuleKind::File {
                path: path.canonicalize().unwrap_or(path),
                native,
                expose,
            }),
            Err(error) => {
                let file =
                    self.sources
                        .add(shown_name(self.sources, said.span.file, &name), path, text);
                let diagnostic = self.native_error(error, file, &name, said);
                self.out.push(diagnostic);
                None
            }
        }
    }

    fn native_error(
        &self,
        error: NativeError,
        file: FileId,
        name: &str,
        said: &Node,
    ) -> Diagnostic {
        match error {
            NativeError::Syntax { message, range } => {
                Diagnostic::error(format!("the native module `{name}` is no Rust: {message}"))
                    .at(&Span { file, range }, "here")
                    .see(&said.span, "named here")
            }
            NativeError::Private { name: class, range } => {
                Diagnostic::error(format!("the class `{class}` is private to its file"))
                    .at(&Span { file, range }, "the runtime must be able to name it")
                    .help(format!("write `pub struct {class}`"))
            }
            NativeError::Empty => Diagnostic::error(format!(
                "the native module `{name}` has no `#[js_fn]` function and no `#[js_class]` type at its top level"
            ))
            .at(&said.span, "nothing in it can be called from JavaScript")
            .help(format!("for example:\n{}", native::EXAMPLE)),
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
                    Diagnostic::error(format!("`{text}` is no version of a crate"))
                        .at(&node.span, "expected a version, as in `1.2`")
                        .help(forms),
                );
            }
            CrateSource::Version(text.to_owned())
        };
        let (package, library, source) = match &said.value {
            Value::String(_) => (
                self.name.to_owned(),
                native::ident(self.name),
                version(said, self.out),
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
                        let (package, library) = self.package(&path.node, &shown, &folder)?;
                        let folder = folder.canonicalize().unwrap_or(folder);
                        (package, library, CrateSource::Path(folder))
                    }
                    (None, Some(entry)) => (
                        self.name.to_owned(),
                        native::ident(self.name),
                        version(&entry.node, self.out),
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
        self.module(ModuleKind::Crate {
            package,
            library,
            source,
            expose,
        })
    }

    /// The names that a crate's own manifest gives to its package and library.
    fn package(&mut self, said: &Node, shown: &str, folder: &Path) -> Option<(String, String)> {
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
        let Ok(text) = std::fs::read_to_string(&path) else {
            return refuse("it has no `Cargo.toml`".to_owned(), relative);
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
        Some((package.to_owned(), library))
    }
}

fn shown_name(sources: &Sources, from: FileId, said: &str) -> String {
    name_beside(&sources.get(from).name, said)
}
