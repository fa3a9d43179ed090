//! The command line of a generated binary, parsed by hand: a parser crate would be a tenth of the smallest binary.

use std::ffi::OsString;

use super::info;
use crate::definition::RuntimeDef;
use crate::permissions::Flag;
use crate::tables::{LIMITS, PERMISSIONS};

/// What was asked for.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Request {
    pub(super) command: Command,
    pub(super) flags: Vec<Flag>,
    /// What the script sees as its arguments.
    pub(super) args: Vec<String>,
}

/// The commands.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Command {
    /// What ships inside the runtime.
    App,
    Run {
        file: String,
    },
    /// Runs code of the command line; with `print`, as a script, and prints its value.
    Eval {
        code: String,
        print: bool,
    },
    Stdin,
    Info {
        json: bool,
    },
    Types,
    Help,
    Version,
}

impl Command {
    /// Whether it runs a script.
    #[cfg(feature = "isolation")]
    pub(super) fn runs_script(&self) -> bool {
        matches!(
            self,
            Self::App | Self::Run { .. } | Self::Eval { .. } | Self::Stdin
        )
    }
}

/// The word that says that what follows is for the runtime, and not for the app inside it.
const RUNTIME: &str = "--runtime";

/// The rows of the help of a runtime with an app inside.
const APP_FORMS: &[(&str, &str)] = &[
    ("[ARGS…]", "runs the app inside, which gets every argument"),
    (
        "--runtime [OPTIONS] [-- ARGS…]",
        "runs it with fewer permissions",
    ),
    (
        "--runtime info [--json]",
        "says what this runtime contains and may do",
    ),
    (
        "--runtime info --types",
        "prints its TypeScript declarations",
    ),
    ("--runtime --help, --version", "says this, or the version"),
];

/// The rows of the help, one per form.
const FORMS: &[(&str, &str)] = &[
    (
        "run FILE [ARGS…]",
        "runs a script; `FILE [ARGS…]` alone does the same",
    ),
    (
        "eval CODE [ARGS…]",
        "runs CODE as a module; `-e CODE` does the same",
    ),
    (
        "-p CODE [ARGS…]",
        "runs CODE as a script and prints its value, of a promise its result",
    ),
    ("- [ARGS…]", "runs the script on standard input"),
    (
        "info [--json]",
        "says what this runtime contains and may do",
    ),
    ("info --types", "prints its TypeScript declarations"),
    ("--help, --version", "says this, or the version"),
];

pub(super) fn help(def: &RuntimeDef) -> String {
    let mut text = format!("{} {}\n", def.name, def.version);
    if !def.description.is_empty() {
        text.push_str(&format!("{}\n", def.description));
    }
    text.push_str("\nUsage:\n");
    let (forms, width, before) = match def.app {
        Some(_) => (APP_FORMS, 30, "after --runtime"),
        None => (FORMS, 20, "before FILE or CODE"),
    };
    for (form, meaning) in forms {
        text.push_str(&format!("  {} {form:<width$} {meaning}\n", def.name));
    }
    text.push_str(&format!(
        "\nOptions {before} (they narrow what the runtime was built with, never widen it):\n"
    ));
    for key in narrowed(def) {
        text.push_str(&format!("  --deny-{key}[=LIST], --allow-{key}=LIST\n"));
    }
    text.push_str("  --deny-all               takes every permission away\n");
    text.push_str(
        "\nExit status: 0 done, 1 the script failed, 2 wrong usage, 70 a bug of the engine, 85 a crash of it",
    );
    let ending = LIMITS
        .iter()
        .filter_map(|limit| Some((limit.status?, limit.key)));
    for (status, key) in ending {
        text.push_str(&format!(", {status} limits.{key}"));
    }
    text.push('\n');
    text
}

/// The kinds of permission that an option can take something from: those with grants. Modules of files are read without a grant.
fn narrowed(def: &RuntimeDef) -> impl Iterator<Item = &'static str> {
    let imports_files = def.app.is_none();
    info::grants(def)
        .into_iter()
        .filter(move |(kind, grants)| !grants.is_empty() || (*kind == "read" && imports_files))
        .map(|(kind, _)| kind)
}

/// Reads the command line; what cannot be read is an error that says what would be right. A runtime that has an app inside gives
/// it all arguments, unless the first one says that they are for the runtime.
pub(super) fn parse(
    raw: impl IntoIterator<Item = OsString>,
    has_app: bool,
) -> Result<Request, String> {
    let mut words = Vec::new();
    for word in raw {
        let word = word
            .into_string()
            .map_err(|word| format!("argument {} is not UTF-8", word.display()))?;
        words.push(word);
    }
    let mut words = words.into_iter().peekable();
    if has_app && words.next_if(|word| word == RUNTIME).is_none() {
        return Ok(Request {
            command: Command::App,
            flags: Vec::new(),
            args: words.collect(),
        });
    }
    let mut flags = Vec::new();
    let mut command = None;
    let mut print = false;
    // Options first; the word after them is a command, then what the command runs; all that follows is the script's.
    let command = loop {
        let Some(word) = words.next() else {
            break match command {
                None if has_app => Command::App,
                None if flags.is_empty() => Command::Help,
                None | Some("run") => return Err("there is nothing to run: name a file".to_owned()),
                Some(command) => return Err(format!("`{command}` needs the code to run")),
            };
        };
        match (word.as_str(), command) {
            ("-", None | Some("run")) => break Command::Stdin,
            ("--help" | "-h", _) => break Command::Help,
            ("--version" | "-V", _) => break Command::Version,
            ("--", None) if has_app => break Command::App,
            ("-e" | "--eval" | "-p" | "--print", None) if has_app => return Err(unknown(&word)),
            (word, None) if has_app && !word.starts_with('-') && word != "info" => {
                return Err(format!(
                    "`{RUNTIME}` takes `info` or options; `{word}` would be for the app: put it after `--`"
                ));
            }
            ("run", None) => command = Some("run"),
            ("eval" | "-e" | "--eval", None) => command = Some("eval"),
            ("-p" | "--print", None | Some("eval")) => {
                command = Some("eval");
                print = true;
            }
            ("info", None) => break about(&mut words)?,
            ("--", _) => match (words.next(), command) {
                (Some(code), Some("eval")) => break Command::Eval { code, print },
                (Some(file), _) => break Command::Run { file },
                (None, _) => return Err("there is nothing after `--`".to_owned()),
            },
            (option, _) if option.starts_with("--") => flags.extend(flag(option)?),
            (option, _) if option.starts_with('-') => return Err(unknown(option)),
            (_, Some("eval")) => break Command::Eval { code: word, print },
            _ => break Command::Run { file: word },
        }
    };
    Ok(Request {
        command,
        flags,
        args: words.collect(),
    })
}

fn about(words: &mut impl Iterator<Item = String>) -> Result<Command, String> {
    let command = match words.next().as_deref() {
        None => Command::Info { json: false },
        Some("--json") => Command::Info { json: true },
        Some("--types") => Command::Types,
        Some(other) => return Err(format!("`info` takes `--json` or `--types`, not `{other}`")),
    };
    match words.next() {
        None => Ok(command),
        Some(extra) => Err(format!(
            "`info` takes one option; `{extra}` is one too many"
        )),
    }
}

/// The option that takes every permission away.
const DENY_ALL: &str = "--deny-all";

/// The permission flags that an option means: one, or one per kind of `--deny-all`.
fn flag(option: &str) -> Result<Vec<Flag>, String> {
    if option == DENY_ALL {
        return Ok(PERMISSIONS
            .iter()
            .map(|row| Flag::deny_by(DENY_ALL, row.key))
            .collect());
    }
    let (name, list) = match option.split_once('=') {
        Some((name, list)) => (name, Some(list)),
        None => (option, None),
    };
    let row = |key: &str| {
        PERMISSIONS
            .iter()
            .find(|row| row.key == key)
            .map(|row| row.key)
    };
    let values = || {
        list.into_iter()
            .flat_map(|list| list.split(','))
            .filter(|value| !value.is_empty())
            .map(str::to_owned)
            .collect()
    };
    if let Some(kind) = name.strip_prefix("--deny-").and_then(row) {
        if list == Some("") {
            return Err(format!(
                "`{name}=` names nothing: leave the `=` out to deny all of it"
            ));
        }
        return Ok(vec![Flag::deny(kind, values())]);
    }
    if let Some(kind) = name.strip_prefix("--allow-").and_then(row) {
        return match list {
            Some(list) if !list.is_empty() => Ok(vec![Flag::allow(kind, values())]),
            _ => Err(format!(
                "`{name}` needs what is allowed: `{name}=LIST`; everything that the build granted is allowed without it"
            )),
        };
    }
    Err(unknown(option))
}

fn unknown(option: &str) -> String {
    let kinds: Vec<&str> = PERMISSIONS.iter().map(|row| row.key).collect();
    format!(
        "unknown option `{option}`: there are `--deny-KIND[=LIST]`, `--allow-KIND=LIST` with KIND one of {}, and `--deny-all`",
        kinds.join(", ")
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::definition::{App, GrantsDef, Limits};

    fn check(words: &[&str], expect: Result<Command, &str>, args: &[&str]) {
        let parsed = parse(words.iter().map(OsString::from), false);
        match (parsed, expect) {
            (Ok(request), Ok(command)) => {
                assert_eq!(request.command, command, "{words:?}");
                assert_eq!(request.args, args, "{words:?}");
            }
            (Err(message), Err(part)) => assert!(message.contains(part), "{words:?}: {message}"),
            (parsed, expect) => panic!("{words:?}: {parsed:?} is not {expect:?}"),
        }
    }

    #[test]
    fn each_form_is_understood() {
        let run = |file: &str| {
            Ok(Command::Run {
                file: file.to_owned(),
            })
        };
        check(&[], Ok(Command::Help), &[]);
        check(&["a.js"], run("a.js"), &[]);
        check(
            &["run", "a.js", "--deny-all", "x"],
            run("a.js"),
            &["--deny-all", "x"],
        );
        check(&["--deny-read", "run", "a.js"], run("a.js"), &[]);
        check(&["run", "--deny-read=/a,/b", "a.js"], run("a.js"), &[]);
        check(&["run", "run"], run("run"), &[]);
        check(&["--", "-a.js"], run("-a.js"), &[]);
        check(&["-", "x"], Ok(Command::Stdin), &["x"]);
        check(
            &["eval", "1 + 1", "x"],
            Ok(Command::Eval {
                code: "1 + 1".to_owned(),
                print: false,
            }),
            &["x"],
        );
        for words in [
            &["-p", "1 + 1", "-x"][..],
            &["--print", "--", "1 + 1", "-x"],
            &["eval", "-p", "1 + 1", "-x"],
            &["eval", "--print", "--deny-all", "1 + 1", "-x"],
        ] {
            let code = "1 + 1".to_owned();
            check(words, Ok(Command::Eval { code, print: true }), &["-x"]);
        }
        let code = "f()".to_owned();
        let eval = Command::Eval { code, print: false };
        check(&["-e", "f()"], Ok(eval), &[]);
        check(&["info", "--json"], Ok(Command::Info { json: true }), &[]);
        check(&["info", "--types"], Ok(Command::Types), &[]);
    }

    #[test]
    fn an_app_gets_every_argument_unless_they_are_for_the_runtime() {
        let check = |words: &[&str], expect: Command, flags: usize, args: &[&str]| {
            let request = parse(words.iter().map(OsString::from), true).expect("it is understood");
            assert_eq!(request.command, expect, "{words:?}");
            assert_eq!(request.flags.len(), flags, "{words:?}");
            assert_eq!(request.args, args, "{words:?}");
        };
        check(&[], Command::App, 0, &[]);
        check(&["--help", "info"], Command::App, 0, &["--help", "info"]);
        check(&["--", "-x"], Command::App, 0, &["--", "-x"]);
        check(&["--runtime"], Command::App, 0, &[]);
        check(
            &["--runtime", "--deny-read", "--", "--runtime"],
            Command::App,
            1,
            &["--runtime"],
        );
        check(&["--runtime", "info", "--types"], Command::Types, 0, &[]);
        check(&["--runtime", "--version"], Command::Version, 0, &[]);
        let words = ["--runtime", "a.js"].map(OsString::from);
        let message = parse(words, true).expect_err("an app takes no file");
        assert!(message.contains("put it after `--`"), "{message}");
    }

    #[test]
    fn help_lists_the_options_that_can_take_something_away() {
        let def = RuntimeDef {
            name: "x",
            version: "1.0.0",
            description: "",
            modules: &[],
            permissions: GrantsDef {
                net: &["example.com"],
                ..GrantsDef::NONE
            },
            mounts: &[],
            limits: Limits::NONE,
            app: None,
            missing: &[],
        };
        let text = help(&def);
        assert!(
            text.contains("--deny-read") && text.contains("--deny-net"),
            "{text}"
        );
        for kind in ["write", "env", "sys", "dom"] {
            assert!(!text.contains(&format!("--deny-{kind}")), "{text}");
        }
        // An app's modules are inside: it reads no file without a grant.
        let entry = "main.js";
        let app = Some(App { entry, files: &[] });
        let text = help(&RuntimeDef { app, ..def });
        assert!(!text.contains("--deny-read"), "{text}");
        assert!(!text.contains("-p CODE"), "{text}");
    }

    #[test]
    fn what_cannot_be_understood_says_what_would_be() {
        check(&["run"], Err("name a file"), &[]);
        check(&["eval"], Err("needs the code"), &[]);
        check(
            &["--frobnicate", "a.js"],
            Err("unknown option `--frobnicate`"),
            &[],
        );
        check(&["-x"], Err("unknown option `-x`"), &[]);
        check(&["-p"], Err("needs the code"), &[]);
        check(&["--allow-read", "a.js"], Err("`--allow-read=LIST`"), &[]);
        check(&["--deny-read=", "a.js"], Err("names nothing"), &[]);
        check(&["--deny-raed", "a.js"], Err("unknown option"), &[]);
        check(&["info", "--xml"], Err("`--json` or `--types`"), &[]);
    }
}
