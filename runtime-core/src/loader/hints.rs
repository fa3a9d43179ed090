//! What an error about a module says to do: the line of the spec, the name or the file that was
//! meant, what there is instead.
//!
//! The boundary: words. A file is named only when the program may import it, so that no error tells
//! of files that a script may not see.

use std::path::Path;

use super::Loader;
use crate::advice::{self, listed};
use crate::declaration::{MissingModule, MissingWay};
use crate::files::{self, What};
use crate::permissions::Permissions;
use crate::tables::nearest;

/// How the specifiers of the standard modules begin.
const OWN: &str = "runtime:";

/// What may be left out of a path by a person who is used to another runtime.
const GUESSES: &[&str] = &[".js", ".mjs", ".json", "/index.js"];

impl Loader {
    /// What to do about a specifier or a global of a module that is not part of this runtime.
    pub(crate) fn missing(&self, name: &str) -> Option<String> {
        let mut missing = self.missing.iter();
        let found = missing.find(|missing| names(missing).any(|known| known == name))?;
        Some(match found.way {
            MissingWay::Line(line) => {
                format!("add `{line}` to [modules] in runtime.toml and build again")
            }
            MissingWay::Unsupported(why) => why.to_owned(),
        })
    }

    /// The specifiers and globals of the modules that are not part of this runtime.
    pub(crate) fn missing_names(&self) -> impl Iterator<Item = &'static str> {
        self.missing.iter().flat_map(names)
    }

    /// What to do about a specifier that is no path, and that no module has.
    pub(super) fn unknown(&self, specifier: &str) -> String {
        let scheme = advice::scheme(specifier);
        // `fs`, `node:fs` and `node:fs/promises` are `runtime:fs` here.
        let is_of_network = specifier.contains("://");
        let (_, name) = specifier.split_once(':').unwrap_or(("", specifier));
        let name = name.split('/').next().unwrap_or(name);
        let own = format!("{OWN}{name}");
        if self.native.borrow().contains_key(&own) && !is_of_network {
            return format!("did you mean `{own}`?");
        }
        if let Some(help) = self.missing(&own).filter(|_| !is_of_network) {
            return format!("did you mean `{own}`? It is not part of this runtime: {help}");
        }
        let native = self.native.borrow();
        let mut all: Vec<&str> = native.keys().map(String::as_str).collect();
        all.sort_unstable();
        let mut names = all.clone();
        for name in self.missing_names().filter(|name| name.contains(':')) {
            names.push(name);
        }
        if let Some(near) = nearest(specifier, names) {
            return match self.missing(near) {
                Some(help) => {
                    format!("did you mean `{near}`? It is not part of this runtime: {help}")
                }
                None => format!("did you mean `{near}`?"),
            };
        }
        let help = match scheme {
            Some(help) => help.to_owned(),
            None if specifier.contains(':') => String::new(),
            None => advice::bare(specifier),
        };
        if !help.is_empty() && (is_of_network || help.contains("`./")) {
            return help;
        }
        let gap = if help.is_empty() { "" } else { "\n    help: " };
        match all.is_empty() {
            true => format!("{help}{gap}this runtime has no modules to import"),
            false => format!(
                "{help}{gap}the modules of this runtime are {}",
                listed(&all)
            ),
        }
    }

    /// The relative path, as `from` would write it, of a file of the app that `path` may have been
    /// meant to be.
    pub(super) fn near_app_file(&self, from: &str, path: &str) -> Option<String> {
        let added = self.added.borrow();
        let own = self.app.iter().flat_map(|app| app.files);
        let all = own
            .map(|file| file.path)
            .chain(added.keys().map(String::as_str));
        let mut all = all.collect::<Vec<_>>();
        all.sort_unstable();
        let ends = GUESSES.iter().map(|end| format!("{path}{end}"));
        let guess = ends.into_iter().find(|guess| all.contains(&guess.as_str()));
        let near = guess.or_else(|| nearest(path, all).map(str::to_owned))?;
        let folder = from.rsplit_once('/').map_or("", |(folder, _)| folder);
        if folder.is_empty() {
            return Some(format!("./{near}"));
        }
        Some(
            match near
                .strip_prefix(folder)
                .and_then(|rest| rest.strip_prefix('/'))
            {
                Some(inside) => format!("./{inside}"),
                None => format!("{}{near}", "../".repeat(folder.split('/').count())),
            },
        )
    }

    /// What to do about a file that is not there, when one with another end is: `./util` for
    /// `./util.js`, `./app.js` for `./app.ts`.
    pub(super) fn guess(
        &self,
        real: &Path,
        specifier: &str,
        permissions: &Permissions,
    ) -> Option<String> {
        let path = real.to_str()?;
        let is_there = |end: &str| {
            let (path, guess) = (format!("{path}{end}"), format!("{specifier}{end}"));
            self.is_file(Path::new(&path), &guess, permissions)
                .then_some(guess)
        };
        if let Some(guess) = GUESSES.iter().find_map(|end| is_there(end)) {
            return Some(did_you_mean(&guess));
        }
        let (stem, end) = path.rsplit_once('.')?;
        let typed = match end {
            "js" => ["ts", "tsx"].as_slice(),
            "mjs" => &["mts"],
            "jsx" => &["tsx"],
            _ => return None,
        };
        let found = typed.iter().find_map(|end| {
            let path = format!("{stem}.{end}");
            let is_there = self.is_file(Path::new(&path), specifier, permissions);
            is_there.then_some(path)
        })?;
        let help = advice::language(&found)?;
        Some(format!("\n    help: there is {found}, but {help}"))
    }

    /// Whether there is a file at `path` that the program may import.
    pub(super) fn is_file(&self, path: &Path, specifier: &str, permissions: &Permissions) -> bool {
        let root = self.root.borrow();
        let granted = permissions.check_import_from(root.as_deref(), path, specifier);
        granted.is_ok_and(|granted| matches!(files::what_is(granted.path()), Ok(What::File)))
    }
}

/// The names of a module that is not part of the runtime.
fn names(missing: &'static MissingModule) -> impl Iterator<Item = &'static str> {
    missing.names.split(' ')
}

pub(super) fn did_you_mean(specifier: &str) -> String {
    format!("\n    help: did you mean `{specifier}`?")
}
