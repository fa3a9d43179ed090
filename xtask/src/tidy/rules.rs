//! The rules: one row each.
//!
//! The boundary: a rule sees one file and the list of all paths, and says what is wrong on which line. To add one, write a row
//! and a good and a bad input in `tests.rs`.

use runtime_core::engine::capabilities::ENGINES;

use super::Finding;
use super::files::{File, Tree};
use super::tokens::{attributes, group, lines_with, positions};
use super::{layers, openings};

/// A rule of the repository.
#[derive(Debug)]
pub(crate) struct Rule {
    /// Its name, as findings show it.
    pub(crate) name: &'static str,
    /// What must hold, as a sentence.
    pub(crate) holds: &'static str,
    /// How to mend what does not.
    help: &'static str,
    /// The paths that it does not apply to: a file, or a folder with its `/`.
    exempt: &'static [&'static str],
    find: fn(&File, &Tree) -> Vec<Place>,
}

/// A line, and what is wrong there.
pub(super) type Place = (usize, String);

/// What is refused on purpose: each file is as wrong as the message beside it needs.
const REFUSED: &str = "runtime-core/tests/ui/";
/// The same for specs, with what they lead to.
const REFUSED_SPECS: &str = "tests/specs-check/bad/";
/// This folder names what it looks for.
const TIDY: &str = "xtask/src/tidy/";

/// How long a file may be.
const MOST_LINES: usize = 600;
/// What a longer file says, with its reason behind it.
const LONG: &str = "// tidy: long, ";

/// Every rule.
pub(crate) const RULES: &[Rule] = &[
    Rule {
        name: "engine-behind-port",
        holds: "an engine's crates are named only behind the port",
        help: "ask the port in `runtime-core/src/engine/`, or move the code there",
        exempt: &["runtime-core/src/engine/", "templates/bench/"],
        find: engine_behind_port,
    },
    Rule {
        name: "engine-by-table",
        holds: "no code above the port asks which engine it is",
        help: "ask a column of the table in `runtime-core/src/engine/capabilities.rs`, or move the code behind the port",
        exempt: &["runtime-core/src/engine/", "xtask/src/bench/", TIDY],
        find: engine_by_table,
    },
    Rule {
        name: "opening",
        holds: "a file of Rust begins with what it is for",
        help: "begin it with `//!`: what it is for and where its boundary lies",
        exempt: &[REFUSED, REFUSED_SPECS],
        find: opening,
    },
    Rule {
        name: "no-placeholder",
        holds: "nothing is left to be written later",
        help: "write what is missing, or return an error that says it is not available",
        exempt: &[],
        find: no_placeholder,
    },
    Rule {
        name: "no-switched-off-test",
        holds: "every test runs, and says what it expects",
        help: "mend the test, or assert on the error; a known gap is a line in the list of gaps",
        exempt: &[],
        find: no_switched_off_test,
    },
    Rule {
        name: "no-sleep",
        holds: "nothing sleeps to wait for something",
        help: "wait for the thing itself: a channel, a join, a condition variable",
        // There is one thread, and nothing else to wait for.
        exempt: &["runtime-core/src/clock/wasi.rs"],
        find: no_sleep,
    },
    Rule {
        name: "length",
        holds: "a file is at most 600 lines",
        help: "split it by what its parts are for; a pure table may say `// tidy: long, ` and its reason",
        exempt: &[],
        find: length,
    },
    Rule {
        name: "allow-reason",
        holds: "a lint is switched off for a reason",
        help: "write `reason = \"…\"` into the attribute",
        exempt: &[REFUSED],
        find: allow_reason,
    },
    Rule {
        name: "specific-noun",
        holds: "a file is named after what is in it",
        help: "name the thing that it holds, or move each part to where it belongs",
        exempt: &[],
        find: specific_noun,
    },
    Rule {
        name: "module-folder",
        holds: "a standard module has its two manifests, its code and its tests",
        help: "see `runtime-std/timers/` for a module that is whole",
        exempt: &[],
        find: module_folder,
    },
    Rule {
        name: "one-way-to-files",
        holds: "files of the machine are opened by one module of a runtime",
        help: "open it by `runtime_core::files`, which follows no link; who cannot is a row of the table in `xtask/src/tidy/openings.rs`, with its reason",
        exempt: &[],
        find: openings::find,
    },
    Rule {
        name: "layers",
        holds: "a module imports modules of lower layers",
        help: "move the code to where it is needed; the layers are a table in `xtask/src/tidy/layers.rs`, to which a new module is added, \
               and an import that must point up, with its reason",
        exempt: &[],
        find: layers::find,
    },
    Rule {
        name: "refusal-answered",
        holds: "what is refused stands beside what is said, and the other way round",
        help: "run the test with `UPDATE=1` (bad specs) or `TRYBUILD=overwrite` (macros) and read what it writes, or remove the rest",
        exempt: &[],
        find: refusal_answered,
    },
    Rule {
        name: "no-machine-path",
        holds: "nothing names a folder of one machine",
        help: "take it from `CARGO_MANIFEST_DIR`, the working directory or a temporary folder",
        exempt: &[TIDY],
        find: no_machine_path,
    },
    Rule {
        name: "no-registry",
        holds: "dependencies come from where cargo looks by itself",
        help: "leave mirrors and registries to the configuration of the machine",
        exempt: &[TIDY],
        find: no_registry,
    },
];

impl Rule {
    /// What it has against a file.
    pub(super) fn judge(&'static self, file: &File, tree: &Tree) -> Vec<Finding> {
        if self.exempt.iter().any(|path| file.path.starts_with(path)) {
            return Vec::new();
        }
        let finding = |(line, what)| Finding {
            path: file.path.clone(),
            line,
            rule: self.name,
            what,
            help: self.help,
        };
        (self.find)(file, tree).into_iter().map(finding).collect()
    }
}

const ENGINE_CRATES: &[&str] = &["boa_", "rquickjs"];

/// In Rust a name is code; a string or a comment may speak of an engine. A template is not read as Rust yet, so each word counts.
fn engine_behind_port(file: &File, _: &Tree) -> Vec<Place> {
    let words: Vec<(usize, &str)> = if file.is_rust() {
        let tokens = file.tokens().iter();
        tokens
            .map(|token| (token.line, token.text.as_str()))
            .collect()
    } else if file.path.ends_with(".jinja") {
        let split = |line| str::split(line, |c: char| c != '_' && !c.is_alphanumeric());
        file.lines()
            .flat_map(|(at, line)| split(line).map(move |word| (at, word)))
            .collect()
    } else {
        Vec::new()
    };
    let named =
        |(_, word): &(usize, &str)| ENGINE_CRATES.iter().any(|krate| word.starts_with(krate));
    let mut found: Vec<Place> = words
        .into_iter()
        .filter(named)
        .map(|(at, word)| (at, format!("`{word}` is an engine's crate")))
        .collect();
    found.dedup();
    found
}

/// Where code stands that is built for every engine. Tests may name one, to say what it does.
const ABOVE_ENGINES: &[&str] = &[
    "runtime-core/src/",
    "runtime-macros/src/",
    "runtime-std/",
    "xtask/src/",
];

/// A kind of engine as a name, a feature or a value. A string with a blank in it is read by people, and may speak of one.
fn engine_by_table(file: &File, _: &Tree) -> Vec<Place> {
    let is_above = ABOVE_ENGINES.iter().any(|path| file.path.starts_with(path));
    if !is_above || file.path.ends_with("/tests.rs") || file.path.contains("/tests/") {
        return Vec::new();
    }
    let tokens = file.tokens();
    let tests = positions(tokens, &["#", "[", "cfg", "(", "test", ")", "]"]).next();
    let is_kind = |word: &str| ENGINES.iter().any(|engine| engine.kind == word);
    let names = |text: &str| {
        !text.contains(char::is_whitespace)
            && text.split(|c: char| !c.is_alphanumeric()).any(is_kind)
    };
    let mut found: Vec<Place> = tokens[..tests.unwrap_or(tokens.len())]
        .iter()
        .filter(|token| names(&token.text))
        .map(|token| (token.line, format!("`{}` names an engine", token.text)))
        .collect();
    found.dedup();
    found
}

fn opening(file: &File, _: &Tree) -> Vec<Place> {
    let mut lines = file.text.lines().skip_while(|line| line.starts_with("#!/"));
    let says = |line: &str| {
        let sentence = line.strip_prefix("//!");
        sentence.is_some_and(|sentence| !sentence.trim().is_empty())
    };
    if !file.is_rust() || lines.next().is_some_and(says) {
        return Vec::new();
    }
    vec![(
        1,
        "the file does not begin with `//!` and a sentence".to_owned(),
    )]
}

fn no_placeholder(file: &File, _: &Tree) -> Vec<Place> {
    let calls = |name: &str| {
        ["(", "[", "{"]
            .iter()
            .flat_map(|open| lines_with(file.tokens(), &[name, "!", open]))
            .collect::<Vec<_>>()
    };
    let macros = ["todo", "unimplemented", "dbg"];
    macros
        .iter()
        .flat_map(|name| {
            calls(name)
                .into_iter()
                .map(move |line| (line, format!("`{name}!` is left")))
        })
        .collect()
}

fn no_switched_off_test(file: &File, _: &Tree) -> Vec<Place> {
    attributes(file.tokens())
        .filter_map(|tokens| {
            let conditional = tokens.first().is_some_and(|token| token.text == "cfg_attr");
            let mut names = tokens
                .iter()
                .take(if conditional { tokens.len() } else { 1 });
            names.find(|token| matches!(token.text.as_str(), "ignore" | "should_panic"))
        })
        .map(|token| (token.line, format!("a test is marked `#[{}]`", token.text)))
        .collect()
}

fn no_sleep(file: &File, _: &Tree) -> Vec<Place> {
    let tokens = file.tokens();
    let sleeps = |at: &usize| {
        let rest = &tokens[at + 3..];
        match rest.first().map(|token| token.text.as_str()) {
            Some("{") => group(rest).iter().any(|token| token.text == "sleep"),
            Some(name) => name == "sleep",
            None => false,
        }
    };
    positions(tokens, &["thread", ":", ":"])
        .filter(sleeps)
        .map(|at| {
            (
                tokens[at].line,
                "`thread::sleep` waits for a time".to_owned(),
            )
        })
        .collect()
}

fn length(file: &File, _: &Tree) -> Vec<Place> {
    let lines = file.text.lines().count();
    let reason = |line: &str| {
        line.strip_prefix(LONG)
            .is_some_and(|reason| !reason.trim().is_empty())
    };
    if !file.is_rust() || lines <= MOST_LINES || file.text.lines().any(reason) {
        return Vec::new();
    }
    vec![(
        MOST_LINES + 1,
        format!("the file has {lines} lines, more than {MOST_LINES}"),
    )]
}

fn allow_reason(file: &File, _: &Tree) -> Vec<Place> {
    let mut found = Vec::new();
    for attribute in attributes(file.tokens()) {
        let conditional = attribute
            .first()
            .is_some_and(|token| token.text == "cfg_attr");
        let names = if conditional { attribute.len() } else { 1 };
        for (at, token) in attribute.iter().enumerate().take(names) {
            let rest = &attribute[at + 1..];
            let opens = rest.first().is_some_and(|token| token.text == "(");
            if matches!(token.text.as_str(), "allow" | "expect")
                && opens
                && lines_with(group(rest), &["reason", "="]).is_empty()
            {
                found.push((
                    token.line,
                    format!("`#[{}(…)]` gives no reason", token.text),
                ));
            }
        }
    }
    found
}

fn specific_noun(file: &File, _: &Tree) -> Vec<Place> {
    if !file.is_rust() {
        return Vec::new();
    }
    let vague = |part: &&str| {
        let stem = part.trim_end_matches(".rs");
        matches!(
            stem,
            "util" | "utils" | "helper" | "helpers" | "misc" | "manager" | "common"
        )
    };
    file.path
        .split('/')
        .find(vague)
        .map(|part| (1, format!("`{part}` names nothing")))
        .into_iter()
        .collect()
}

/// The first file of a module's folder speaks for it.
fn module_folder(file: &File, tree: &Tree) -> Vec<Place> {
    const MODULES: &str = "runtime-std/";
    let Some((name, _)) = file
        .path
        .strip_prefix(MODULES)
        .and_then(|rest| rest.split_once('/'))
    else {
        return Vec::new();
    };
    let folder = format!("{MODULES}{name}/");
    if tree.under(&folder).next() != Some(&file.path) {
        return Vec::new();
    }
    ["Cargo.toml", "module.toml", "src/lib.rs", "tests/laws.rs"]
        .into_iter()
        .filter(|needed| !tree.has(&format!("{folder}{needed}")))
        .map(|needed| (1, format!("the module `{name}` has no `{needed}`")))
        .collect()
}

/// Folders of what is refused, and the ending of what is refused there; the answer ends in `.stderr`.
const ANSWERED: &[(&str, &str)] = &[(REFUSED, "rs"), (REFUSED_SPECS, "toml")];

fn refusal_answered(file: &File, tree: &Tree) -> Vec<Place> {
    let mut found = Vec::new();
    for (folder, kind) in ANSWERED {
        let Some((stem, ending)) = file
            .path
            .strip_prefix(folder)
            .and_then(|name| name.rsplit_once('.'))
        else {
            continue;
        };
        let other = match ending {
            "stderr" => kind,
            // What a case includes lies in a folder of its own.
            _ if ending == *kind && !stem.contains('/') => "stderr",
            _ => continue,
        };
        let other = format!("{folder}{stem}.{other}");
        if !tree.has(&other) {
            found.push((1, format!("there is no `{other}` beside it")));
        }
    }
    found
}

/// Where people's and services' own files lie.
const HOMES: &[&str] = &["/home/", "/root/", "/Users/", ":\\Users\\"];

fn no_machine_path(file: &File, _: &Tree) -> Vec<Place> {
    let own = concat!(env!("CARGO_MANIFEST_DIR"), "/");
    let own = own.strip_suffix("xtask/").unwrap_or(own);
    let named = |line: &str| {
        HOMES
            .iter()
            .chain([&own])
            .find(|path| has_path(line, path))
            .copied()
    };
    file.lines()
        .filter_map(|(at, line)| {
            named(line).map(|path| (at, format!("a path under `{path}` belongs to one machine")))
        })
        .collect()
}

/// Whether a line has this path, and not as the end of a longer one or of a word.
fn has_path(line: &str, path: &str) -> bool {
    let begins = |before: &str| {
        !before.ends_with(|c: char| c.is_alphanumeric() || "._-*}/".contains(c))
            || path.starts_with(':')
    };
    line.match_indices(path).any(|(at, _)| begins(&line[..at]))
}

/// The hosts of registries, in two parts, so that this file names none.
const REGISTRIES: &[(&str, &str)] = &[
    ("index", "crates.io"),
    ("static", "crates.io"),
    ("registry", "npmjs.org"),
    ("registry", "yarnpkg.com"),
    ("files", "pythonhosted.org"),
];

/// What sends cargo to another registry.
const DETOUR: &str = "replace-with";

fn no_registry(file: &File, _: &Tree) -> Vec<Place> {
    if file.path.ends_with("Cargo.lock") {
        // Each line of the lock file that names a source names cargo's own.
        let other = |line: &str| line.starts_with("source = ") && line != LOCKED_SOURCE;
        let others = file.lines().filter(|(_, line)| other(line));
        return others
            .map(|(at, line)| (at, format!("`{line}` is not cargo's own registry")))
            .collect();
    }
    let hosts = REGISTRIES
        .iter()
        .map(|(first, rest)| format!("{first}.{rest}"));
    let names: Vec<String> = hosts.chain([DETOUR.to_owned()]).collect();
    let named = |line: &str| names.iter().find(|name| line.contains(name.as_str()));
    file.lines()
        .filter_map(|(at, line)| named(line).map(|host| (at, format!("`{host}` is named"))))
        .collect()
}

const LOCKED_SOURCE: &str = "source = \"registry+https://github.com/rust-lang/crates.io-index\"";
