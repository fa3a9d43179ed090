//! What `cargo xtask explain` knows beside the spec: the attributes of native code and the codes of errors; and the list of all topics.
//!
//! The boundary: texts. Those of the attributes are the documentation of the macros' own functions, read from their source.

use runtime_core::engine::capabilities::ENGINES;

use crate::spec::keys::{self, Key};
use crate::spec::manifest::Catalog;
use crate::spec::presets::PRESETS;
use crate::text::fill;

/// The code of an error, as a script or a host reads it from `error.code`, and what it means.
#[derive(Debug)]
pub(super) struct Code {
    pub(super) name: &'static str,
    doc: &'static str,
}

/// The codes of Tailor's own errors, by name. Errors of files have the system's names: `ENOENT`, `EACCES`.
pub(super) const CODES: &[Code] = &[
    Code {
        name: "ERR_BUSY",
        doc: "A method of a runtime in a page was called while the runtime was running a script: by a function of the host that a \
              script had called. Call it after that function has returned.",
    },
    Code {
        name: "ERR_DISPOSED",
        doc: "The runtime in a page was disposed of, and can do nothing more. Create another.",
    },
    Code {
        name: "ERR_ENGINE",
        doc: "The engine met a bug of its own. The runtime is over; the message says where it was.",
    },
    Code {
        name: "ERR_ENGINE_LOST",
        doc: "The WebAssembly module of a runtime in a page ended in the middle of its work, so that nothing of it can be trusted. That \
              runtime is over, and no other is. `error.cause` has what the host's engine said.",
    },
    Code {
        name: "ERR_IMPORT_ATTRIBUTE_MISSING",
        doc: "A JSON file was imported without its type. Write `import data from \"./data.json\" with { type: \"json\" }`.",
    },
    Code {
        name: "ERR_INVALID_ARG_VALUE",
        doc: "An argument has the right type and a value that cannot be used, such as a path with a NUL character.",
    },
    Code {
        name: "ERR_INVALID_URL",
        doc: "A text is not a URL, or is relative and has no base to be relative to. `URL.canParse` asks without an error.",
    },
    Code {
        name: "ERR_LIMIT",
        doc: "A limit of `[limits]` ended the script; `error.limit` says which. A script cannot catch it, its host can: the runtime is \
              over. `cargo xtask explain limits` lists the limits.",
    },
    Code {
        name: "ERR_LIMIT_NOT_KEPT",
        doc: "A program that embeds a runtime asked for a limit that its engine cannot keep without a process of its own. Choose an \
              engine that keeps it, or call `best_effort()` to keep it as far as the engine can.",
    },
    Code {
        name: "ERR_MODULE",
        doc: "A module cannot be imported; the message says why.",
    },
    Code {
        name: "ERR_MODULE_NOT_FOUND",
        doc: "Nothing is where an `import` points, or a module is not in this runtime. Where a line of `[modules]` would add it, the \
              message has that line.",
    },
    Code {
        name: "ERR_NATIVE_PANIC",
        doc: "A native function panicked: a bug in it, and not in the script or the engine. The message names the function and has the \
              panic's words and place. The runtime goes on; an object whose state the function was changing does not (`ERR_POISONED`).",
    },
    Code {
        name: "ERR_NEVER_SETTLED",
        doc: "A host waits for a promise that nothing is left to settle: no timer, no task and no message is pending.",
    },
    Code {
        name: "ERR_NOT_ALLOWED",
        doc: "The script asked for something that `[permissions]` does not grant, or that a flag of the command line took away. \
              `error.permission` is the kind and `error.resource` what was asked for. The message has the line of runtime.toml that \
              grants it.",
    },
    Code {
        name: "ERR_NO_DIRECTORY",
        doc: "A runtime on Android whose spec has relative paths was made without the folder that they are taken from. Pass one to its \
              builder.",
    },
    Code {
        name: "ERR_NO_PAGE",
        doc: "The script used `runtime:dom`, and the page gave the runtime no elements.",
    },
    Code {
        name: "ERR_PANIC",
        doc: "Native code panicked in a library for Android: a bug in a native function or in the runtime. The message has the panic's.",
    },
    Code {
        name: "ERR_POISONED",
        doc: "A native function panicked while it was changing this object, whose state may be half changed. Make a new one.",
    },
    Code {
        name: "ERR_RUNTIME_ENDED",
        doc: "The runtime behind a handle is over: it was stopped, ended by a limit, or dropped.",
    },
    Code {
        name: "ERR_STOPPED",
        doc: "The host stopped the runtime, by `stop()` or by closing it, while this was running.",
    },
    Code {
        name: "ERR_STORE",
        doc: "A store of files in a browser could not read or write; `error.cause` has what the browser said.",
    },
    Code {
        name: "ERR_STORE_BUSY",
        doc: "A store of files in a browser is in use, by another runtime or in another page. Dispose of or close that one first.",
    },
    Code {
        name: "ERR_STORE_UNSUPPORTED",
        doc: "There is no store of files here: a browser has one, Node has none.",
    },
    Code {
        name: "ERR_TOO_MANY_TIMERS",
        doc: "As many timers are pending as `limits.timers.max` allows. Clear some, or raise the limit.",
    },
    Code {
        name: "ERR_TOO_MUCH_PENDING",
        doc: "A script in a worker has called functions of the host, or printed, faster than the host has answered. Wait for some of the calls.",
    },
    Code {
        name: "ERR_UNSUPPORTED_DIR_IMPORT",
        doc: "An `import` points at a folder. Name the file: `./lib/index.js`.",
    },
];

/// What an attribute or a derive of the macros says of itself.
#[derive(Debug)]
pub(super) struct Attribute {
    /// `js_fn`, `FromJs`.
    pub(super) name: String,
    /// `#[js_fn]`, `#[derive(FromJs)]`.
    written: String,
    doc: String,
}

/// The attributes, from the source of the crate of the macros.
pub(super) fn attributes() -> Vec<Attribute> {
    let source = include_str!("../../../runtime-macros/src/lib.rs");
    let file = syn::parse_file(source).expect("the source of the macros is Rust");
    let functions = file.items.iter().filter_map(|item| match item {
        syn::Item::Fn(function) => Some(function),
        _ => None,
    });
    functions.filter_map(attribute).collect()
}

fn attribute(function: &syn::ItemFn) -> Option<Attribute> {
    let doc = doc(&function.attrs);
    function.attrs.iter().find_map(|attr| {
        if attr.path().is_ident("proc_macro_attribute") {
            let name = function.sig.ident.to_string();
            let written = format!("#[{name}]");
            return Some(Attribute {
                name,
                written,
                doc: doc.clone(),
            });
        }
        if !attr.path().is_ident("proc_macro_derive") {
            return None;
        }
        // The first word in the brackets is its name; what follows are its own attributes.
        let tokens = &attr.meta.require_list().ok()?.tokens;
        let name = tokens.clone().into_iter().next()?.to_string();
        let written = format!("#[derive({name})]");
        Some(Attribute {
            name,
            written,
            doc: doc.clone(),
        })
    })
}

fn doc(attrs: &[syn::Attribute]) -> String {
    let lines = attrs.iter().filter_map(|attr| {
        let syn::Meta::NameValue(meta) = &attr.meta else {
            return None;
        };
        let syn::Expr::Lit(syn::ExprLit {
            lit: syn::Lit::Str(text),
            ..
        }) = &meta.value
        else {
            return None;
        };
        let text = text.value();
        let line = text.strip_prefix(' ').unwrap_or(&text).to_owned();
        attr.path().is_ident("doc").then_some(line)
    });
    paragraphs(lines)
}

/// The lines of a paragraph or of an item of a list as one, so that they can be filled anew.
fn paragraphs(lines: impl Iterator<Item = String>) -> String {
    let mut out = String::new();
    let mut is_code = false;
    for line in lines {
        let is_fence = line.trim_start().starts_with("```");
        let begins = line.trim().is_empty() || line.starts_with("- ") || is_fence || is_code;
        is_code ^= is_fence;
        if begins || out.is_empty() || out.ends_with("\n\n") {
            if !out.is_empty() && !out.ends_with('\n') {
                out.push('\n');
            }
            out.push_str(&line);
        } else {
            out.push(' ');
            out.push_str(line.trim_start());
        }
        if line.trim().is_empty() || is_fence || is_code {
            out.push('\n');
        }
    }
    out
}

/// What an attribute or a code of this name is, if there is one.
pub(super) fn explain(name: &str, width: usize) -> Option<String> {
    let bare = name.trim_start_matches("#[").trim_end_matches(']');
    let mut found = attributes().into_iter();
    if let Some(attribute) = found.find(|attribute| attribute.name == bare) {
        let text = items(&attribute.doc, width);
        return Some(format!(
            "{}\n\n{text}\n  docs/native-modules.md shows them in use\n",
            attribute.written
        ));
    }
    let code = CODES.iter().find(|code| code.name == name)?;
    Some(format!(
        "{}: the code of an error\n\n{}",
        code.name,
        fill(code.doc, "  ", width)
    ))
}

/// Paragraphs and lists of a documentation, filled.
fn items(doc: &str, width: usize) -> String {
    let mut out = String::new();
    for line in doc.trim().lines() {
        match line.strip_prefix("- ") {
            Some(item) => {
                let filled = fill(item, "    ", width);
                out.push_str(&format!("  - {}", filled.trim_start()));
            }
            None if line.is_empty() => out.push('\n'),
            None => out.push_str(&fill(line, "  ", width)),
        }
    }
    out
}

/// Every topic, by what it is about.
pub(super) fn list(catalog: &Catalog, width: usize) -> String {
    let below = |section: &str| -> Vec<String> {
        let keys = keys::children(section).map(|key| {
            let path = key.path.strip_prefix(section).unwrap_or(&key.path);
            path.trim_start_matches('.').to_owned()
        });
        keys.collect()
    };
    let sections: Vec<String> = keys::children("")
        .map(|key: &Key| key.name().to_owned())
        .collect();
    let groups: [(&str, Vec<String>); 8] = [
        ("the spec's sections", sections),
        ("modules", names(catalog.names())),
        ("presets", names(PRESETS.iter().map(|preset| preset.name))),
        ("permissions", below("permissions")),
        ("limits", below("limits")),
        ("engines", names(ENGINES.iter().map(|engine| engine.kind))),
        (
            "attributes of native code",
            attributes().into_iter().map(|row| row.name).collect(),
        ),
        ("codes of errors", names(CODES.iter().map(|code| code.name))),
    ];
    let mut out = "topics of `cargo xtask explain TOPIC`\n".to_owned();
    for (title, names) in groups {
        out.push_str(&format!("\n  {title}\n"));
        out.push_str(&fill(&names.join(", "), "    ", width));
    }
    out.push_str(
        "\na key is a topic by its whole path (`build.profile`) or its last part (`profile`),\n\
         and a section lists its keys\n",
    );
    out
}

fn names<'n>(names: impl IntoIterator<Item = &'n str>) -> Vec<String> {
    names.into_iter().map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;

    use super::*;
    use crate::files;

    #[test]
    fn an_attribute_is_explained_by_its_own_documentation() {
        for name in ["js_fn", "js_class", "js_module", "FromJs", "IntoJs"] {
            let text = explain(name, 100).unwrap_or_else(|| panic!("`{name}` is explained"));
            assert!(
                text.lines().all(|line| line.chars().count() <= 100),
                "{text}"
            );
        }
        let text = explain("#[js_class]", 100).expect("it is explained");
        assert!(
            text.starts_with("#[js_class]\n\n  Makes a struct"),
            "{text}"
        );
        assert!(
            text.contains("\n  - `#[js_class(extends = Base)]`"),
            "{text}"
        );
    }

    #[test]
    fn a_code_says_what_it_means() {
        let text = explain("ERR_NOT_ALLOWED", 100).expect("it is explained");
        assert!(text.contains("`[permissions]`"), "{text}");
        assert!(CODES.is_sorted_by_key(|code| code.name));
    }

    /// What scripts and hosts can read from `error.code` is explained, and nothing else is.
    #[test]
    fn the_codes_are_those_of_the_code() {
        let workspace = crate::pipeline::workspace();
        let mut said = BTreeSet::new();
        for folder in [
            "runtime-core/src",
            "runtime-std",
            "runtime-wasm/src",
            "runtime-android/src",
            "templates",
        ] {
            collect(&workspace.join(folder), &mut said);
        }
        let known: BTreeSet<String> = CODES.iter().map(|code| code.name.to_owned()).collect();
        assert_eq!(said, known);
    }

    fn collect(folder: &Path, said: &mut BTreeSet<String>) {
        let is_test = |entry: &walkdir::DirEntry| {
            let tests = ["tests", "tests.rs", "laws"];
            tests.iter().any(|name| entry.file_name() == *name)
        };
        for entry in files::walk(folder, |entry| !is_test(entry)) {
            let entry = entry.expect("it lists");
            if !entry.file_type().is_file() {
                continue;
            }
            let text = std::fs::read_to_string(entry.path()).unwrap_or_default();
            let text = text
                .split("#[cfg(test)]\nmod tests {")
                .next()
                .unwrap_or_default();
            // An example in the documentation has a code of its own.
            let code = text
                .lines()
                .filter(|line| !line.trim_start().starts_with("//"));
            let text = code.collect::<Vec<_>>().join("\n");
            let words = text.split(|c: char| !c.is_ascii_uppercase() && c != '_');
            let codes = words.filter(|word| word.starts_with("ERR_") && word.len() > 5);
            said.extend(codes.map(str::to_owned));
        }
    }
}
