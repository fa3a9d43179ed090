//! The report of an import of a name that the module does not export. The engine knows the name,
//! and not the place.
//!
//! The boundary: texts. What a file exports is read from its source, as the engine made no module
//! of it.

use std::rc::Rc;

use crate::advice::listed;
use crate::engine::{Cx, Value, missing_export as name_of};
use crate::error::JsError;
use crate::excerpt::source_stack;
use crate::module_text::{self, Exports, Import};
use crate::module_url::ModuleUrl;
use crate::tables::nearest;

/// The most imports that are looked at, as each may take the reading of a source.
const LOOKED_AT: usize = 100;

/// An import that asks for too much.
struct Found {
    file: String,
    source: Rc<str>,
    import: Import,
    /// What there is, when it is known.
    exports: Option<Exports>,
}

/// The report, when the place of the import can be found.
pub(super) fn missing_export<'js>(cx: &mut Cx<'js>, reason: &Value<'js>) -> Option<String> {
    let error = JsError::describe(cx, reason);
    if error.name() != "SyntaxError" {
        return None;
    }
    let name = name_of(error.message())?;
    let state = Rc::clone(cx.state());
    let mut all: Vec<Found> = Vec::new();
    let mut left = LOOKED_AT;
    for (file, source) in state.sources.all() {
        let imports = module_text::imports(&source).into_iter();
        let imports = imports.filter(|import| import.name == name).take(left);
        for import in imports {
            left -= 1;
            let exports = exports_of(cx, &file, &import.specifier);
            let is_there = |exports: &Exports| exports.names.contains(&import.name);
            if !exports.as_ref().is_some_and(is_there) {
                all.push(Found {
                    file: file.clone(),
                    source: Rc::clone(&source),
                    import,
                    exports,
                });
            }
        }
    }
    // One is a mistake for certain when all that the module exports is known. Of several others,
    // nobody knows which is meant.
    let is_certain = |found: &&Found| found.exports.as_ref().is_some_and(|known| !known.has_more);
    let found = match all.as_slice() {
        [found] => found,
        several => several.iter().find(is_certain)?,
    };
    let (specifier, (line, column)) = (&found.import.specifier, found.import.place);
    let stack = source_stack(&found.file, &found.source, line, column);
    let mut text = format!("SyntaxError: module `{specifier}` has no export `{name}`\n{stack}");
    if let Some(exports) = &found.exports {
        text.push_str(&format!("\n    help: {}", help(name, specifier, exports)));
    }
    Some(text)
}

/// What the module that `file` calls `specifier` exports.
fn exports_of(cx: &Cx<'_>, file: &str, specifier: &str) -> Option<Exports> {
    let state = cx.state();
    if let Some(names) = state.loader.exports_of(specifier) {
        return Some(Exports {
            names: names.into_iter().map(str::to_owned).collect(),
            has_more: false,
        });
    }
    let from = ModuleUrl::of(file);
    let url = match state.resolve(specifier, Some(&from), None) {
        Ok(url) => url,
        Err(_) => state.resolve(specifier, Some(&from), Some("json")).ok()?,
    };
    if url.is_json() {
        return Some(Exports {
            names: vec!["default".to_owned()],
            has_more: false,
        });
    }
    Some(module_text::exports(&state.sources.get(&url.display())?))
}

/// What to import instead of `name`.
fn help(name: &str, specifier: &str, exports: &Exports) -> String {
    let names: Vec<&str> = exports.names.iter().map(String::as_str).collect();
    let near = nearest(name, names.iter().copied());
    let named = names.iter().copied().find(|name| *name != "default");
    let first = match (near, named) {
        (Some(near), _) => format!("did you mean `{near}`? "),
        (None, Some(named)) if name == "default" => {
            format!("write `import {{ {named} }} from \"{specifier}\"` for an export with a name: ")
        }
        (None, None) if names == ["default"] => {
            format!("write `import {name} from \"{specifier}\"`: ")
        }
        _ => String::new(),
    };
    let more = match exports.has_more {
        true => ", and what it takes from other modules",
        false => "",
    };
    match names.is_empty() {
        true if exports.has_more => {
            format!("`{specifier}` exports what it takes from other modules")
        }
        true => format!("`{specifier}` exports nothing"),
        false => format!("{first}`{specifier}` exports {}{more}", listed(&names)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(name: &str, source: &str, expect: &str) {
        assert_eq!(help(name, "./x.js", &module_text::exports(source)), expect);
    }

    #[test]
    fn what_a_module_exports_is_said_with_the_nearest_name_first() {
        check(
            "formatt",
            "export function format() {}\nexport const parse = 1",
            "did you mean `format`? `./x.js` exports `format`, `parse`",
        );
        check("a", "", "`./x.js` exports nothing");
        check(
            "default",
            "export const a = 1",
            "write `import { a } from \"./x.js\"` for an export with a name: `./x.js` exports `a`",
        );
        check(
            "a",
            "export default 1",
            "write `import a from \"./x.js\"`: `./x.js` exports `default`",
        );
        check(
            "a",
            "export * from './y.js'",
            "`./x.js` exports what it takes from other modules",
        );
        let many: Vec<String> = (0..20).map(|at| format!("name{at} = {at}")).collect();
        let many = format!("export const {}", many.join(", "));
        let found = help("other", "./x.js", &module_text::exports(&many));
        assert!(found.ends_with("`name11` and 8 more"), "{found}");
    }
}
