//! The module loader: from a specifier to a URL, from a URL to a source. It knows no engine, which only asks it.
//!
//! A relative or absolute path is a file; `file:` URLs are files; anything else is a native module by its own specifier. A file
//! may be loaded when it lies in the folder of the entry script or below, or when `read` is granted for it, and in either case no flag
//! denies it. The files of an app that ships inside the runtime import each other by relative paths, without the file system.
//!
//! A path is resolved and judged by `resolve`, and the URL that it gives is what `load` opens, by
//! [`files`](crate::files): a link that was put there meanwhile is an error. `source` is where a
//! script's text comes from, `hints` what an error says to do.

mod hints;
mod source;
#[cfg(test)]
mod tests;

use std::cell::RefCell;
use std::collections::HashMap;
use std::io;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use hints::did_you_mean;

use crate::bindings;
use crate::declaration::{App, AppFile, Code, MissingModule};
use crate::definition::ModuleDef;
use crate::engine::Source;
use crate::error::JsError;
use crate::files::{self, What};
use crate::module_url::{ModuleUrl, attribute_missing};
use crate::permissions::Permissions;
pub(crate) use source::{read, resolved, utf8};

/// Where the modules of one runtime come from.
#[derive(Debug)]
pub(crate) struct Loader {
    native: RefCell<HashMap<String, &'static ModuleDef>>,
    missing: &'static [MissingModule],
    main: RefCell<Option<ModuleUrl>>,
    /// The real folder in which modules may be loaded without a grant: that of the entry script.
    root: RefCell<Option<PathBuf>>,
    /// The most bytes that a module may have: `limits.memory`.
    memory: Option<u64>,
    args: Vec<String>,
    app: Option<App>,
    /// Files that the host added to the app.
    added: RefCell<HashMap<String, Rc<str>>>,
}

impl Loader {
    /// A loader of native modules only, until an entry says which folder modules may come from.
    pub(crate) fn new(missing: &'static [MissingModule], args: Vec<String>) -> Self {
        Self {
            native: RefCell::default(),
            missing,
            main: RefCell::default(),
            root: RefCell::default(),
            memory: None,
            args,
            app: None,
            added: RefCell::default(),
        }
    }

    /// Adds a file to the app, or replaces one.
    pub(crate) fn add_app_file(&self, path: &str, text: &str) {
        let path = path.trim_start_matches('/').to_owned();
        self.added.borrow_mut().insert(path, text.into());
    }

    /// Adds the app that ships inside the runtime.
    pub(crate) fn with_app(mut self, app: Option<App>) -> Self {
        self.app = app;
        self
    }

    /// Limits the bytes that a module may have.
    pub(crate) fn with_memory(mut self, memory: Option<u64>) -> Self {
        self.memory = memory;
        self
    }

    /// The most bytes that a module may have.
    pub(crate) fn memory(&self) -> Option<u64> {
        self.memory
    }

    /// The URL of the file of the app that runs.
    pub(crate) fn app_entry(&self) -> Option<ModuleUrl> {
        Some(ModuleUrl::app(self.app?.entry))
    }

    /// Adds a native module; the one that had its specifier before, when there was one.
    pub(crate) fn add(&self, def: &'static ModuleDef) -> Option<&'static ModuleDef> {
        self.native
            .borrow_mut()
            .insert(def.specifier.to_owned(), def)
    }

    /// Removes a native module.
    pub(crate) fn remove(&self, specifier: &str) -> Option<&'static ModuleDef> {
        self.native.borrow_mut().remove(specifier)
    }

    /// Names the entry module, and the real folder in which modules may be loaded without a grant.
    pub(crate) fn set_main(&self, url: ModuleUrl, root: Option<PathBuf>) {
        self.main.replace(Some(url));
        self.root.replace(root);
    }

    /// Whether `url` is the entry module.
    pub(crate) fn is_main(&self, url: &ModuleUrl) -> bool {
        self.main.borrow().as_ref() == Some(url)
    }

    /// The arguments of the script: what `import.meta.args` of the entry module says.
    pub(crate) fn args(&self) -> &[String] {
        &self.args
    }

    /// The URL that `specifier` means when `from` imports it with the attribute `type: kind`. An
    /// error does not say who imports it.
    pub(crate) fn resolve(
        &self,
        specifier: &str,
        from: Option<&ModuleUrl>,
        kind: Option<&str>,
        permissions: &Permissions,
    ) -> Result<ModuleUrl, JsError> {
        if specifier.len() > LONGEST {
            let start: String = specifier.chars().take(64).collect();
            return Err(JsError::error(format!(
                "cannot find module `{start}…`: a specifier of {} bytes, where {LONGEST} are the most",
                specifier.len()
            ))
            .with_code("ERR_MODULE_NOT_FOUND"));
        }
        if !matches!(kind, None | Some("json")) {
            let kind = kind.unwrap_or_default();
            return Err(JsError::type_error(format!(
                "cannot import `{specifier}` as `{kind}`: the import attribute `type` can only be \"json\""
            )));
        }
        let url = if let Some(from_path) = from.and_then(ModuleUrl::as_app)
            && is_relative(specifier)
        {
            self.app_url(from_path, specifier)?
        } else {
            let Some(path) = self.file_path(specifier, from)? else {
                return self.resolve_native(specifier, kind);
            };
            ModuleUrl::file(&self.judge(&path, specifier, permissions)?)
        };
        match (url.as_str().ends_with(".json"), kind) {
            // What was compiled ahead has lost its attributes, which were looked at then.
            (true, None) if from.is_some_and(|from| self.is_compiled(from)) => Ok(url.as_json()),
            (true, None) => Err(attribute_missing(specifier)),
            (_, Some(_)) => Ok(url.as_json()),
            (false, None) => Ok(url),
        }
    }

    /// The file of the app that `specifier` means in the file `from`.
    fn app_url(&self, from: &str, specifier: &str) -> Result<ModuleUrl, JsError> {
        let mut steps: Vec<&str> = from.split('/').collect();
        steps.pop();
        for step in specifier.split('/') {
            match step {
                "." | "" => {}
                ".." => {
                    steps.pop();
                }
                step => steps.push(step),
            }
        }
        let path = steps.join("/");
        let is_added = self.added.borrow().contains_key(&path);
        match is_added || self.app_file(&path).is_some() {
            true => Ok(ModuleUrl::app(&path)),
            false => {
                let near = self.near_app_file(from, &path);
                Err(JsError::error(format!(
                    "cannot find module `{specifier}`: this runtime's app has no file {path}{}",
                    near.map_or_else(String::new, |near| did_you_mean(&near))
                ))
                .with_code("ERR_MODULE_NOT_FOUND"))
            }
        }
    }

    fn is_compiled(&self, url: &ModuleUrl) -> bool {
        let file = url.as_app().and_then(|path| self.app_file(path));
        file.is_some_and(|file| matches!(file.code, Code::Bytecode(_)))
    }

    fn app_file(&self, path: &str) -> Option<&'static AppFile> {
        self.app?.files.iter().find(|file| file.path == path)
    }

    /// The path that `specifier` means, when it means a file.
    fn file_path(
        &self,
        specifier: &str,
        from: Option<&ModuleUrl>,
    ) -> Result<Option<PathBuf>, JsError> {
        if specifier.starts_with("file:") {
            return match ModuleUrl::parse_file(specifier) {
                Some(path) => Ok(Some(path)),
                None => Err(JsError::type_error(format!(
                    "`{specifier}` is not a valid file URL"
                ))),
            };
        }
        if Path::new(specifier).is_absolute() {
            return Ok(Some(PathBuf::from(specifier)));
        }
        if !is_relative(specifier) {
            return Ok(None);
        }
        let folder = match from.and_then(ModuleUrl::to_path) {
            Some(path) => path.parent().map(Path::to_path_buf),
            None => self.root.borrow().clone(),
        };
        match folder {
            Some(folder) => Ok(Some(folder.join(specifier))),
            None => Err(JsError::type_error(format!(
                "cannot import `{specifier}`: the code that imports it is not a file, so there is nothing it is relative to"
            ))),
        }
    }

    /// The real path of a module that may be loaded.
    fn judge(
        &self,
        path: &Path,
        specifier: &str,
        permissions: &Permissions,
    ) -> Result<PathBuf, JsError> {
        let root = self.root.borrow();
        let granted = permissions.check_import_from(root.as_deref(), path, specifier)?;
        let real = granted.path();
        // A URL holds text, and what is loaded is what the URL says.
        if real.to_str().is_none() {
            return Err(JsError::error(format!(
                "cannot import `{specifier}`: the path {} is not UTF-8",
                real.display()
            ))
            .with_code("ERR_MODULE"));
        }
        let reason = match files::what_is(real) {
            Ok(What::File) => return Ok(real.to_path_buf()),
            Ok(What::Folder) => {
                let guess = format!("{}/index.js", specifier.trim_end_matches('/'));
                let is_there = self.is_file(&real.join("index.js"), &guess, permissions);
                let help = match is_there {
                    true => did_you_mean(&guess),
                    false => String::new(),
                };
                return Err(JsError::error(format!(
                    "cannot import `{specifier}`: {} is a folder; name a file in it{help}",
                    real.display()
                ))
                .with_code("ERR_UNSUPPORTED_DIR_IMPORT"));
            }
            Ok(What::Link) => source::LINK,
            Ok(What::Other) => source::NO_FILE,
            Err(error) => {
                let guess = self.guess(real, specifier, permissions);
                return Err(not_found(
                    &error,
                    real,
                    specifier,
                    &guess.unwrap_or_default(),
                ));
            }
        };
        Err(JsError::error(format!(
            "cannot import `{specifier}`: {} {reason}",
            real.display()
        ))
        .with_code("ERR_MODULE"))
    }

    fn resolve_native(&self, specifier: &str, kind: Option<&str>) -> Result<ModuleUrl, JsError> {
        if self.native.borrow().contains_key(specifier) {
            return match kind {
                None => Ok(ModuleUrl::native(specifier)),
                Some(kind) => Err(JsError::type_error(format!(
                    "`{specifier}` is a native module, not {kind}"
                ))),
            };
        }
        let message = match self.missing(specifier) {
            Some(help) => {
                format!("module `{specifier}` is not part of this runtime\n    help: {help}")
            }
            None => format!(
                "cannot find module `{specifier}`\n    help: {}",
                self.unknown(specifier)
            ),
        };
        Err(JsError::error(message).with_code("ERR_MODULE_NOT_FOUND"))
    }

    /// What the native module called `specifier` exports, when there is one.
    pub(crate) fn exports_of(&self, specifier: &str) -> Option<Vec<&'static str>> {
        let def = *self.native.borrow().get(specifier)?;
        let functions = def.functions.iter().map(|function| function.decl.name);
        let classes = def.classes.iter().map(|class| class.name);
        Some(
            functions
                .chain(classes)
                .chain(def.more.iter().copied())
                .collect(),
        )
    }

    /// The source behind a URL that [`resolve`](Self::resolve) gave.
    pub(crate) fn load(&self, url: &ModuleUrl) -> Result<Source, JsError> {
        if let Some(specifier) = url.as_native() {
            let found = self.native.borrow().get(specifier).copied();
            return match found {
                Some(def) => Ok(Source::Native(Box::new(|cx| bindings::exports(cx, def)))),
                None => Err(JsError::error(format!("module `{specifier}` was unloaded"))),
            };
        }
        if let Some(path) = url.as_app() {
            let added = self.added.borrow().get(path).cloned();
            if let Some(text) = added {
                return Ok(match url.is_json() {
                    true => Source::Json(text.as_ref().to_owned()),
                    false => Source::JavaScript(text.as_ref().to_owned()),
                });
            }
            return match self.app_file(path).map(|file| file.code) {
                Some(Code::Bytecode(code)) => Ok(Source::Bytecode(code)),
                Some(Code::Text(text)) if url.is_json() => Ok(Source::Json(text.to_owned())),
                Some(Code::Text(text)) => Ok(Source::JavaScript(text.to_owned())),
                None => Err(JsError::error(format!("the app has no file {path}"))),
            };
        }
        let path = url
            .to_path()
            .expect("a module that is not native is a file");
        read(&path, self.memory).map(|text| {
            if url.is_json() {
                Source::Json(text)
            } else {
                Source::JavaScript(text)
            }
        })
    }
}

/// The longest specifier in bytes that is looked for. No path of a system is longer.
const LONGEST: usize = 64 << 10;

/// The error of a module of which there is no file. `help` is what stands below it.
fn not_found(error: &io::Error, real: &Path, specifier: &str, help: &str) -> JsError {
    JsError::error(format!(
        "cannot find module `{specifier}`: no file at {}{help}",
        real.display()
    ))
    .with_code(match error.kind() {
        io::ErrorKind::NotFound => "ERR_MODULE_NOT_FOUND",
        _ => "ERR_MODULE",
    })
}

fn is_relative(specifier: &str) -> bool {
    specifier.starts_with("./") || specifier.starts_with("../") || matches!(specifier, "." | "..")
}
