//! Who may open files of the machine: in the crates of a runtime one module, and those that the table excuses.
//!
//! The boundary: words of code. A file that is opened by its path is opened anew, whatever was judged before; so a call that opens by a
//! path or follows one is found by its name, and what works on a file that is open already is not. Tests may do as they like.

use super::files::{File, Tree};
use super::rules::Place;
use super::tokens::{Token, group, outside_tests, positions};

/// The crates of a runtime.
const RUNTIME: &[&str] = &[
    "runtime-android/src/",
    "runtime-core/src/",
    "runtime-std/",
    "runtime-wasm/src/",
];

/// Who may do it, and why: a file, or a folder with its `/`.
pub(super) const OPENERS: &[(&str, &str)] = &[
    ("runtime-core/src/files/", "it is the way to open files"),
    (
        "runtime-core/src/permissions/path.rs",
        "it says where the links of a path lead before the path is judged, and opens nothing",
    ),
    (
        "runtime-core/src/ahead.rs",
        "it runs in a build script, and writes into the folder that cargo gives it",
    ),
    (
        "runtime-android/src/options.rs",
        "it asks where the folder lies that the app hands over, before there is a script, and opens nothing",
    ),
];

/// What of `std::fs` opens and follows nothing: a file that is open, and what is known of one.
const OPEN_ALREADY: &[&str] = &["File", "FileTimes", "FileType", "Metadata", "Permissions"];

/// How a `File` is opened by a path.
const OPENS_FILE: &[&str] = &["create", "create_new", "open", "options"];

/// Methods of a path, which take no argument. Those of what is open already have other names here: `fstat` is one.
const OF_A_PATH: &[&str] = &[
    "canonicalize",
    "exists",
    "is_dir",
    "is_file",
    "is_symlink",
    "metadata",
    "read_dir",
    "read_link",
    "symlink_metadata",
    "try_exists",
];

/// Functions of the system, wherever they come from: those that open, and what stands for the working directory.
const OF_THE_SYSTEM: &[&str] = &[
    "AT_FDCWD",
    "CWD",
    "OpenOptions",
    "creat",
    "fopen",
    "openat",
    "openat2",
    "opendir",
];

/// The same, where the name alone says too little: in these modules they take a path.
const BY_MODULE: &[(&[&str], &[&str])] = &[
    (
        &["rustix", ":", ":", "fs", ":", ":"],
        &[
            "access", "chmod", "chown", "link", "lstat", "mkdir", "open", "readlink", "rename",
            "rmdir", "stat", "symlink", "unlink",
        ],
    ),
    (
        &["libc", ":", ":"],
        &[
            "access", "lstat", "open", "open64", "readlink", "rename", "stat", "unlink",
        ],
    ),
];

/// What of a file opens something by a path, or follows one.
pub(super) fn find(file: &File, _: &Tree) -> Vec<Place> {
    let is_one = |path: &&str| file.path.starts_with(path);
    let is_excused = OPENERS.iter().any(|(path, _)| is_one(path));
    let is_test = file.path.ends_with("/tests.rs") || file.path.contains("/tests/");
    if is_excused || is_test || !RUNTIME.iter().any(is_one) {
        return Vec::new();
    }
    ways(file)
}

/// The ways to open a file that stand in one, whoever may use them.
pub(super) fn ways(file: &File) -> Vec<Place> {
    let tokens = outside_tests(file.tokens());
    let tokens = tokens.as_slice();
    let mut found = of_the_library(tokens);
    for (at, token) in tokens.iter().enumerate() {
        let after = |at: usize| tokens.get(at).map_or("", |token| token.text.as_str());
        let name = token.text.as_str();
        let is_method =
            at > 0 && after(at - 1) == "." && after(at + 1) == "(" && after(at + 2) == ")";
        let is_function = at > 2 && after(at - 1) == ":" && after(at - 3) == "Path";
        if OF_A_PATH.contains(&name) && (is_method || is_function) {
            found.push((token.line, format!("`.{name}()` follows a path")));
        }
        if OF_THE_SYSTEM.contains(&name) {
            found.push((token.line, format!("`{name}` opens by a path")));
        }
    }
    for at in positions(tokens, &["File", ":", ":"]) {
        if let Some(name) = tokens.get(at + 3)
            && OPENS_FILE.contains(&name.text.as_str())
        {
            found.push((name.line, format!("`File::{}` opens by a path", name.text)));
        }
    }
    for (module, functions) in BY_MODULE {
        let shown = module.concat();
        for at in positions(tokens, module) {
            let named = names(&tokens[at + module.len()..]);
            let named = named.filter(|name| functions.contains(&name.text.as_str()));
            found.extend(named.map(|name| {
                let what = format!("`{shown}{}` opens or follows a path", name.text);
                (name.line, what)
            }));
        }
    }
    found.sort();
    found.dedup();
    found
}

/// What of `std::fs` and `tokio::fs` is named that opens or follows.
fn of_the_library(tokens: &[Token]) -> Vec<Place> {
    let mut found = Vec::new();
    for library in ["std", "tokio"] {
        for at in positions(tokens, &[library, ":", ":"]) {
            let rest = &tokens[at + 3..];
            let inner = match rest.first().map(|token| token.text.as_str()) {
                Some("{") => group(rest),
                _ => rest,
            };
            // Of a path that is no group the first name counts, of a group each that begins a path.
            let last = if rest.len() == inner.len() {
                1
            } else {
                inner.len()
            };
            let begins = |at: &usize| {
                let before = at.checked_sub(1).map_or(",", |at| inner[at].text.as_str());
                inner[*at].text == "fs" && before == ","
            };
            for at in (0..last.min(inner.len())).filter(begins) {
                let line = inner[at].line;
                let after = |step: usize| inner.get(at + step).map_or("", |token| &token.text);
                if (after(1), after(2)) != (":", ":") {
                    let what = format!("`{library}::fs` is imported as a whole");
                    found.push((line, what));
                    continue;
                }
                let named = names(&inner[at + 3..]);
                let opens = |name: &&Token| {
                    library == "tokio" || !OPEN_ALREADY.contains(&name.text.as_str())
                };
                found.extend(named.filter(opens).map(|name| {
                    let what = format!("`{library}::fs::{}` opens or follows a path", name.text);
                    (name.line, what)
                }));
            }
        }
    }
    found
}

/// The names that come next: one, or those of a group.
fn names(tokens: &[Token]) -> impl Iterator<Item = &Token> {
    let named = match tokens.first().map(|token| token.text.as_str()) {
        Some("{") => group(tokens),
        _ => tokens.get(..1).unwrap_or_default(),
    };
    named.iter().filter(|token| token.text != ",")
}
