//! Who may import whom: the modules of each crate in layers, from below to above.
//!
//! The boundary: paths of code. A module is what stands directly below the root of its crate, and
//! may import those of lower layers. A path that begins at the root (`crate::`, the crate's own
//! name, enough of `super::`) is an import, wherever it stands; a name that the root re-exports
//! counts as its module. Tests may import what they like. A method that another module adds to a
//! type of a lower one is no import, and is not seen.

use super::files::{File, Tree};
use super::rules::Place;
use super::tokens::{Token, group, outside_tests};

/// The modules of one crate.
pub(crate) struct Layers {
    /// Its name in paths.
    pub(crate) name: &'static str,
    /// The folder of its sources.
    root: &'static str,
    /// From below to above.
    pub(crate) layers: &'static [Layer],
    /// Imports that point up, each with its reason.
    pub(crate) upward: &'static [Upward],
    /// Folders and files that are compiled for tests alone.
    tests: &'static [&'static str],
}

/// Modules that do not import each other.
pub(crate) struct Layer {
    /// What they have in common.
    pub(crate) holds: &'static str,
    /// Their names.
    pub(crate) modules: &'static [&'static str],
}

/// An import of a module of the same layer or a higher one.
pub(crate) struct Upward {
    /// Who imports.
    pub(crate) from: &'static str,
    /// What it imports.
    pub(crate) to: &'static str,
    /// Why it cannot be otherwise.
    pub(crate) reason: &'static str,
}

const fn layer(holds: &'static str, modules: &'static [&'static str]) -> Layer {
    Layer { holds, modules }
}

/// The crates whose layers are held.
pub(crate) const CRATES: &[Layers] = &[
    Layers {
        name: "runtime_core",
        root: "runtime-core/src/",
        layers: &[
            layer(
                "facts and texts: the spec's tables, TypeScript types, time, the machine's files, what a person reads",
                &[
                    "advice",
                    "clock",
                    "excerpt",
                    "files",
                    "io_code",
                    "module_text",
                    "sources",
                    "tables",
                    "ts",
                ],
            ),
            layer(
                "plain data: what a runtime is declared to be, and errors",
                &["declaration", "error"],
            ),
            layer(
                "judgement: limits, grants, URLs of modules, panics",
                &["limits", "module_url", "panics", "permissions"],
            ),
            layer("the process of a script", &["isolation"]),
            layer(
                "the port: values, errors in flight, tables of natives, and the backends",
                &["engine"],
            ),
            layer(
                "over the port alone: tables of modules, the loop, slots",
                &["definition", "event_loop", "slots"],
            ),
            layer(
                "classes, and declarations of TypeScript",
                &["classes", "dts"],
            ),
            layer("values as people read them", &["inspect"]),
            layer(
                "errors as plain data, and as people read them",
                &["report", "thrown"],
            ),
            layer(
                "the exports of a module, and errors that no script handled",
                &["bindings", "uncaught"],
            ),
            layer("from a specifier to a source", &["loader"]),
            layer("what one runtime keeps beside its engine", &["state"]),
            layer("Rust types to values and back", &["convert"]),
            layer(
                "what native code does with values: callbacks, futures, timers, the account, the types of the web",
                &["callback", "charge", "schedule", "tasks", "webidl"],
            ),
            layer("what the expansions of macros call", &["support"]),
            layer(
                "a runtime as an embedder has it, and a compiler of apps",
                &["ahead", "runtime"],
            ),
            layer(
                "the command line of a binary, and what native modules import",
                &["cli", "prelude"],
            ),
        ],
        upward: &[Upward {
            from: "engine",
            to: "state",
            reason: "a token hands out the state of its runtime, and that state keeps values of the engine",
        }],
        tests: &["runtime-core/src/engine/laws/"],
    },
    Layers {
        name: "runtime_macros",
        root: "runtime-macros/src/",
        layers: &[
            layer("errors, all of which are reported", &["report"]),
            layer("attributes and their keywords", &["attrs"]),
            layer("what an item means", &["model"]),
            layer("from tokens to the model", &["parse"]),
            layer("what a model may not say", &["check"]),
            layer("what stands in for an item that is refused", &["fallback"]),
            layer("from the model to tokens", &["expand"]),
        ],
        upward: &[Upward {
            from: "fallback",
            to: "expand",
            reason: "what stands in for an item carries the marker that its expansion would",
        }],
        tests: &[],
    },
    Layers {
        name: "runtime_wasm",
        root: "runtime-wasm/src/",
        layers: &[
            layer("errors on both sides", &["errors"]),
            layer("values on both sides", &["values"]),
            layer("functions of the host", &["host"]),
            layer("parts of a page", &["page"]),
            layer("a runtime of the package", &["runtime"]),
            layer("files of the host", &["files"]),
        ],
        upward: &[
            Upward {
                from: "errors",
                to: "values",
                reason: "what a host throws may be any value",
            },
            Upward {
                from: "values",
                to: "host",
                reason: "a function of the host's is a value",
            },
        ],
        tests: &[],
    },
    Layers {
        name: "runtime_android",
        root: "runtime-android/src/",
        layers: &[
            layer(
                "options, the log, bytes that cross",
                &["log", "options", "wire"],
            ),
            layer("the one object of Java's for each runtime", &["bridge"]),
            layer("functions of the host", &["host"]),
            layer("runtimes by number", &["registry"]),
            layer("what Java calls", &["natives"]),
        ],
        upward: &[],
        tests: &[],
    },
    Layers {
        name: "xtask",
        root: "xtask/src/",
        layers: &[
            layer(
                "texts, signatures in native code, files that are to be written",
                &["native", "text", "file_tree"],
            ),
            layer("what a person is told", &["times", "diagnostics"]),
            layer("what a spec means", &["spec"]),
            layer(
                "what would be built, the schema, folders",
                &["files", "plan", "schema"],
            ),
            layer(
                "from a spec to the files of a crate; what the machine has; rules of this repository",
                &["pipeline", "render", "machine", "tidy", "conformance"],
            ),
            layer(
                "suites and the fuzzer, what a machine lacks, where bytes go",
                &["fuzz", "suites", "doctor", "size"],
            ),
            layer("what acts on the machine", &["drive"]),
            layer(
                "a crate that goes elsewhere, and figures",
                &["eject", "bench"],
            ),
            layer("one file for each command", &["commands"]),
        ],
        upward: &[],
        tests: &["xtask/src/render/hostile.rs", "xtask/src/spec/strangers.rs"],
    },
];

/// Imports of a file that point up, and modules that the table does not know or knows in vain.
pub(super) fn find(file: &File, tree: &Tree) -> Vec<Place> {
    let krate = CRATES
        .iter()
        .find(|krate| file.path.starts_with(krate.root));
    krate.map_or_else(Vec::new, |krate| krate.judge(file, tree))
}

impl Layers {
    /// What is wrong in a file of this crate. Its root stands for the table.
    pub(super) fn judge(&self, file: &File, tree: &Tree) -> Vec<Place> {
        let Some(path) = file.path.strip_prefix(self.root) else {
            return Vec::new();
        };
        if matches!(path, "lib.rs" | "main.rs") {
            return self.stale(tree);
        }
        let Some(from) = module_of(path) else {
            return Vec::new();
        };
        let Some(level) = self.level(from) else {
            let is_its_file = [format!("{from}.rs"), format!("{from}/mod.rs")];
            let what = format!("module `{from}` is in no layer");
            return match is_its_file.iter().any(|own| own == path) {
                true => vec![(1, what)],
                false => Vec::new(),
            };
        };
        let mut found = Vec::new();
        for (line, to) in self.imports(file, tree) {
            let is_below = self.level(&to).is_none_or(|other| other < level);
            if !is_below && !self.is_excused(from, &to) {
                found.push((
                    line,
                    format!("`{from}` imports `{to}`, which is not below it"),
                ));
            }
        }
        found.dedup();
        found
    }

    fn level(&self, module: &str) -> Option<usize> {
        let holds = |layer: &Layer| layer.modules.contains(&module);
        self.layers.iter().position(holds)
    }

    fn is_excused(&self, from: &str, to: &str) -> bool {
        let is_it = |row: &Upward| row.from == from && row.to == to;
        self.upward.iter().any(is_it)
    }

    /// Rows of the table that nothing in the crate needs.
    fn stale(&self, tree: &Tree) -> Vec<Place> {
        let mut found = Vec::new();
        for module in self.layers.iter().flat_map(|layer| layer.modules) {
            if !self.has(tree, module) {
                found.push((
                    1,
                    format!("there is no module `{module}`, which a layer holds"),
                ));
            }
        }
        for row in self.upward {
            let imports = |file: &File| {
                let path = file.path.strip_prefix(self.root);
                path.and_then(module_of) == Some(row.from)
                    && self.imports(file, tree).iter().any(|(_, to)| to == row.to)
            };
            if !tree.files().any(imports) {
                let (from, to) = (row.from, row.to);
                found.push((
                    1,
                    format!("`{from}` does not import `{to}`, and needs no excuse"),
                ));
            }
        }
        found
    }

    fn has(&self, tree: &Tree, module: &str) -> bool {
        let root = self.root;
        let file = format!("{root}{module}.rs");
        tree.has(&file) || tree.under(&format!("{root}{module}/")).next().is_some()
    }

    /// The other modules of the crate that a file imports, with the lines.
    fn imports(&self, file: &File, tree: &Tree) -> Vec<(usize, String)> {
        let path = &file.path[self.root.len()..];
        let is_test = path.ends_with("/tests.rs")
            || path.contains("/tests/")
            || self
                .tests
                .iter()
                .any(|folder| file.path.starts_with(folder));
        let Some(from) = module_of(path).filter(|_| !is_test) else {
            return Vec::new();
        };
        let exported = self.exported(tree);
        let tokens = outside_tests(file.tokens());
        let named = from_root(&tokens, depth_of(path), self.name);
        let modules = named.into_iter().map(|token| {
            let name = &token.text;
            let export = exported.iter().find(|(export, _)| export == name);
            let module = export.map_or(name, |(_, module)| module);
            (token.line, module.clone())
        });
        modules
            .filter(|(_, module)| module != from && self.has(tree, module))
            .collect()
    }

    /// The names that the root re-exports, with the module that each is from.
    fn exported(&self, tree: &Tree) -> Vec<(String, String)> {
        let root = format!("{}lib.rs", self.root);
        let Some(root) = tree.files().find(|file| file.path == root) else {
            return Vec::new();
        };
        let tokens = root.tokens();
        let mut exported = Vec::new();
        for (at, _) in tokens.iter().enumerate().filter(|(_, it)| it.text == "use") {
            let Some(module) = tokens.get(at + 1) else {
                continue;
            };
            let length = tokens[at..].iter().take_while(|it| it.text != ";").count();
            let names = &tokens[at + 2..at + length.max(2)];
            let names = names.iter().filter(|it| is_name(&it.text));
            exported.extend(names.map(|name| (name.text.clone(), module.text.clone())));
        }
        exported
    }
}

/// The module that a file belongs to, by its path below the root.
fn module_of(path: &str) -> Option<&str> {
    let first = path.split('/').next()?;
    let module = first.strip_suffix(".rs").unwrap_or(first);
    (!matches!(module, "lib" | "main")).then_some(module)
}

/// How many modules stand between a file's own code and the root.
fn depth_of(path: &str) -> usize {
    let path = path.strip_suffix("/mod.rs").unwrap_or(path);
    path.split('/').count()
}

fn is_name(text: &str) -> bool {
    text.starts_with(|c: char| c.is_alphabetic() || c == '_')
}

/// The first names behind the root, in code that stands `depth` modules below it.
fn from_root<'t>(tokens: &'t [Token], depth: usize, krate: &str) -> Vec<&'t Token> {
    let text = |at: usize| tokens.get(at).map_or("", |token| token.text.as_str());
    let is_path = |at: usize| text(at) == ":" && text(at + 1) == ":";
    let mut found = Vec::new();
    // For each brace that is open, whether it is that of a module.
    let mut braces: Vec<bool> = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let depth = depth + braces.iter().filter(|is_module| **is_module).count();
        match text(at) {
            "{" => braces.push(at > 1 && text(at - 2) == "mod"),
            "}" => {
                braces.pop();
            }
            "super" => {
                let mut steps = 1;
                while is_path(at + 1) && text(at + 3) == "super" {
                    (at, steps) = (at + 3, steps + 1);
                }
                if steps == depth && is_path(at + 1) {
                    found.extend(begun(&tokens[at + 3..]));
                }
            }
            name if (name == "crate" || name == krate) && is_path(at + 1) => {
                found.extend(begun(&tokens[at + 3..]));
            }
            _ => {}
        }
        at += 1;
    }
    found
}

/// The name that comes next, or those that begin the paths of a group.
fn begun(tokens: &[Token]) -> Vec<&Token> {
    match tokens.first() {
        Some(first) if first.text == "{" => {
            let inner = group(tokens);
            let mut begun = Vec::new();
            let mut at = 0;
            let mut is_start = true;
            while let Some(token) = inner.get(at) {
                if is_start && is_name(&token.text) {
                    begun.push(token);
                }
                is_start = token.text == ",";
                at += match token.text.as_str() {
                    "{" => group(&inner[at..]).len() + 2,
                    _ => 1,
                };
            }
            begun
        }
        Some(first) if is_name(&first.text) => vec![first],
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MADE_UP: Layers = Layers {
        name: "house",
        root: "house/src/",
        layers: &[
            layer("the ground", &["ground", "well"]),
            layer("the walls", &["walls"]),
            layer("the roof", &["roof"]),
        ],
        upward: &[Upward {
            from: "walls",
            to: "roof",
            reason: "a chimney goes through both",
        }],
        tests: &["house/src/walls/laws/"],
    };

    const CHIMNEY: (&str, &str) = ("house/src/walls/chimney.rs", "use crate::roof::Hole;");

    /// What is said of all files, in a crate that has its modules and these files in addition.
    fn found(files: &[(&str, &str)]) -> Vec<String> {
        let mut tree = Tree::default();
        let whole = [
            (
                "house/src/lib.rs",
                "mod ground; pub use roof::{Tile, Gutter};",
            ),
            ("house/src/ground.rs", ""),
            ("house/src/well.rs", ""),
            ("house/src/walls/mod.rs", "use crate::ground::Stone;"),
            ("house/src/roof.rs", "use crate::walls; use house::ground;"),
            CHIMNEY,
        ];
        for (path, text) in whole.iter().chain(files) {
            tree.insert(*path, *text);
        }
        let mut found = Vec::new();
        for file in tree.files() {
            let places = MADE_UP.judge(file, &tree);
            found.extend(
                places
                    .iter()
                    .map(|(line, what)| format!("{}:{line}: {what}", file.path)),
            );
        }
        found
    }

    #[test]
    fn a_module_imports_those_below_it() {
        assert!(found(&[]).is_empty());
        let file = "house/src/ground.rs";
        let up = |line| format!("{file}:{line}: `ground` imports `roof`, which is not below it");
        let beside = format!("{file}:1: `ground` imports `well`, which is not below it");
        for (text, expect) in [
            ("use crate::well::Water;", beside.clone()),
            ("use super::well;", beside),
            ("\nfn f() -> crate::roof::Tile {}", up(2)),
            ("fn f() { house::roof::f() }", up(1)),
            ("use crate::{\n    roof::{Tile, well},\n};", up(2)),
            ("// One tile.\nuse crate::Tile;", up(2)),
            ("mod inner { use super::super::roof; }", up(1)),
        ] {
            assert_eq!(found(&[(file, text)]), [expect], "{text}");
        }
    }

    #[test]
    fn what_is_no_import_is_not_taken_for_one() {
        for text in [
            "//! See `crate::roof`.\n/// [`crate::roof`]\nconst A: &str = \"crate::roof\";",
            "#[cfg(test)]\nmod tests { use crate::roof::Tile; }",
            "mod inner { use super::roof; }",
            "use other::roof; pub(crate) fn roof() {}",
            "use crate::ground::{self, roof};",
        ] {
            let found = found(&[("house/src/ground.rs", text)]);
            assert!(found.is_empty(), "{text}: {found:?}");
        }
        let up = "use crate::roof::Tile;";
        for path in ["house/src/ground/tests.rs", "house/src/walls/laws/a.rs"] {
            assert!(found(&[(path, up)]).is_empty(), "{path}");
        }
    }

    #[test]
    fn a_module_without_a_layer_is_told_of_once() {
        let files = [
            ("house/src/door/mod.rs", "use crate::roof;"),
            ("house/src/door/lock.rs", "use crate::roof;"),
        ];
        let expect = "house/src/door/mod.rs:1: module `door` is in no layer";
        assert_eq!(found(&files), [expect]);
    }

    #[test]
    fn a_row_that_nothing_needs_is_stale() {
        let walls = found(&[(CHIMNEY.0, "")]);
        let expect = "house/src/lib.rs:1: `walls` does not import `roof`, and needs no excuse";
        assert_eq!(walls, [expect]);
        let mut tree = Tree::default();
        tree.insert("house/src/lib.rs", "");
        let root = tree.files().next().expect("it was inserted");
        let missing = MADE_UP.judge(root, &tree);
        assert_eq!(missing.len(), 5);
        assert_eq!(
            missing[0].1,
            "there is no module `ground`, which a layer holds"
        );
    }

    #[test]
    fn a_module_is_in_one_layer_and_every_excuse_has_a_reason() {
        for krate in CRATES {
            let mut all: Vec<_> = krate
                .layers
                .iter()
                .flat_map(|layer| layer.modules)
                .collect();
            let count = all.len();
            all.sort();
            all.dedup();
            assert_eq!(all.len(), count, "{}", krate.name);
            for row in krate.upward {
                assert!(!row.reason.is_empty());
                let upward = krate.level(row.to) >= krate.level(row.from);
                assert!(upward, "`{}` may import `{}` anyway", row.from, row.to);
            }
        }
    }
}
