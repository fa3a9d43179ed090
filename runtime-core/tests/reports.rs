//! What a person reads of an error that no script handled, and what a script gets of an error that native code throws again.
#![cfg(feature = "engine")]

mod files;

use files::{Files, runtime};
use runtime_core::Plain;

/// The report of what `main.js` ends with, with the folder of the files taken out.
fn report_of(files: &[(&str, &str)]) -> String {
    let files = Files::new(files);
    let uncaught = runtime()
        .run_file(&files.path("main.js"))
        .expect_err("the script fails");
    let folder = files.path("").display().to_string();
    uncaught.text().replace(&folder, "")
}

#[track_caller]
fn check_report(files: &[(&str, &str)], parts: &[&str]) {
    let report = report_of(files);
    for part in parts {
        assert!(report.contains(part), "{part}\n--- in\n{report}\n---");
    }
}

#[test]
fn the_report_of_an_error_shows_the_line_that_threw() {
    check_report(
        &[(
            "main.js",
            "const a = 1;\nthrow new Error(\"no\", { cause: \"b\" });\n",
        )],
        &[
            "Uncaught Error: no\n    at <",
            "\n\n  2 | throw new Error(\"no\", { cause: \"b\" });\n    | ",
            "^\ncaused by: 'b'",
        ],
    );
    check_report(
        &[
            (
                "main.js",
                "import { fail } from \"./lib/fail.js\";\nfail();\n",
            ),
            ("lib/fail.js", "export function fail() {\n  null.x;\n}\n"),
        ],
        &[
            "at fail (lib/fail.js:2:",
            "(main.js:2:",
            "\n\n  2 |   null.x;\n",
        ],
    );
}

#[test]
fn a_missing_export_says_module_and_place() {
    check_report(
        &[
            ("main.js", "import { good,\n  nope } from \"./lib.js\";\n"),
            ("lib.js", "export const good = 1;\n"),
        ],
        &[
            "Uncaught SyntaxError: module `./lib.js` has no export `nope`\n    at main.js:2:3",
            "\n\n  2 |   nope } from \"./lib.js\";\n    |   ^",
            "\n    help: `./lib.js` exports `good`",
        ],
    );
    check_report(
        &[
            ("main.js", "import \"./lib.js\";\n"),
            ("lib.js", "import a from \"./empty.js\";\n"),
            ("empty.js", ""),
        ],
        &[
            "module `./empty.js` has no export `default`\n    at lib.js:1:8",
            "help: `./empty.js` exports nothing",
        ],
    );
}

#[test]
fn the_mark_stands_below_the_place_beside_wide_characters() {
    let mark = " ".repeat(22);
    check_report(
        &[("main.js", "\tconst s = \"日本 👍\"; nope(s);\n")],
        &[
            "(main.js:1:20)",
            &format!("\n  1 |  const s = \"日本 👍\"; nope(s);\n    | {mark}^"),
        ],
    );
}

#[test]
fn an_import_that_fails_shows_its_line() {
    check_report(
        &[
            ("main.js", "import \"./lib.js\";\n"),
            ("lib.js", "const é = 1;\nimport a from \"./gone\";\n"),
            ("gone.js", ""),
        ],
        &[
            "cannot find module `./gone`: no file at gone\n    help: did you mean `./gone.js`?\n    at lib.js:2:15",
            "\n\n  2 | import a from \"./gone\";\n    |               ^",
        ],
    );
    check_report(
        &[("main.js", "\n await import(\"lodash\");")],
        &[
            "    at main.js:2:15",
            "\n\n  2 |  await import(\"lodash\");\n    |               ^",
        ],
    );
}

#[test]
fn what_is_no_function_or_has_no_properties_is_named() {
    for (code, note) in [
        (
            "const user = {};\nuser.greet();",
            "`user.greet` is not a function",
        ),
        (
            "const user = { a: null };\nuser.a.b;",
            "`user.a` is null or undefined: it has no property `b`",
        ),
    ] {
        check_report(&[("main.js", code)], &[&format!("\n    note: {note}")]);
    }
}

#[test]
fn a_name_that_is_close_is_suggested() {
    check_report(
        &[("main.js", "function format() {}\nfromat(1);")],
        &["(main.js:2:1)", "help: did you mean `format`?"],
    );
    check_report(
        &[("main.js", "function format() {}\nfromat(1);\nfromat(2);")],
        &["help: did you mean `format`?"],
    );
    check_report(
        &[("main.js", "new Uint8Aray(1);")],
        &["help: did you mean `Uint8Array`?"],
    );
}

#[test]
fn what_another_runtime_has_is_told_from_a_mistake() {
    for (code, help) in [
        (
            "fetch(\"x\");",
            "help: this runtime has no `fetch`: no module of this version adds it",
        ),
        ("new Blob();", "help: this runtime has no `Blob`: "),
        (
            "process.exit();",
            "help: this runtime has no `process`: the arguments of the script are `import.meta.args`",
        ),
        (
            "require(\"x\");",
            "help: this runtime has no `require`: modules are ES modules here",
        ),
        (
            "import \"https://x.org/a.js\";",
            "help: modules are not loaded over the network",
        ),
        ("import \"node:fs\";", "help: modules of other runtimes"),
        ("import \"npm:lodash\";", "help: packages are not looked up"),
        ("import \"lodash\";", "help: packages are not looked up"),
        (
            "import \"util.js\";",
            "help: a file is imported by its path: `./util.js`",
        ),
        (
            "import \"./typed.ts\";",
            "help: this runtime runs JavaScript and does not remove types: compile TypeScript first",
        ),
    ] {
        let files = [("main.js", code), ("typed.ts", "let a: number = 1;\n")];
        check_report(&files, &[help]);
    }
    let report = report_of(&[("main.js", "nope();")]);
    assert!(!report.contains("help:"), "{report}");
}

#[test]
fn every_rejection_that_nobody_handled_is_reported() {
    let files = Files::new(&[(
        "main.js",
        "for (const at of [1, 2, 3]) Promise.reject(new Error(`no ${at}`));\n",
    )]);
    let uncaught = runtime()
        .run_file(&files.path("main.js"))
        .expect_err("nobody handles it");
    assert_eq!(uncaught.error().message(), "no 1");
    let reports = uncaught.text().matches("Uncaught (in promise) Error: no ");
    assert_eq!(reports.count(), 3, "{}", uncaught.text());
    let many = "for (let at = 0; at < 14; at++) Promise.reject(at);\n";
    let report = report_of(&[("main.js", many)]);
    assert_eq!(
        report.matches("Uncaught (in promise)").count(),
        10,
        "{report}"
    );
    assert!(report.ends_with("\n… and 4 more rejections"), "{report}");
}

#[test]
fn no_report_controls_a_terminal() {
    let code = "Promise.reject(Object.assign(new Error(\"\\x1b[2J\\nerror: fake\"), { \"k\\x07\": \"\\x9b\" }));\n";
    let report = report_of(&[("main.js", code)]);
    let is_control = |c: char| c.is_control() && c != '\n';
    assert!(!report.contains(is_control), "{report:?}");
    assert!(
        report.contains("Error: \\x1B[2J\n    error: fake\n"),
        "{report}"
    );
}

#[test]
fn a_thrown_error_is_the_same_when_it_is_thrown_again() {
    let mut runtime = runtime();
    let thrown = runtime
        .eval("globalThis.thrown = new RangeError('mine'); throw thrown")
        .expect_err("it throws");
    let (again, changed) = (thrown.clone(), thrown.clone().with_code("ERR_X"));
    runtime
        .register_global_function("again", move |_, _| Err(again.clone().into()))
        .expect("it is defined");
    runtime
        .register_global_function("changed", move |_, _| Err(changed.clone().into()))
        .expect("it is defined");
    let same = |name: &str| {
        format!("try {{ {name}() }} catch (e) {{ [e === thrown, e.name, e.code].join() }}")
    };
    assert_eq!(
        runtime.eval(&same("again")).as_ref().map(Plain::as_str),
        Ok(Some("true,RangeError,"))
    );
    assert_eq!(
        runtime.eval(&same("changed")).as_ref().map(Plain::as_str),
        Ok(Some("false,RangeError,ERR_X"))
    );
    // In another runtime it is an error that says the same.
    let mut other = crate::runtime();
    let foreign = thrown.clone();
    other
        .register_global_function("foreign", move |_, _| Err(foreign.clone().into()))
        .expect("it is defined");
    let told = other.eval("try { foreign() } catch (e) { String(e) }");
    assert_eq!(
        told.as_ref().map(Plain::as_str),
        Ok(Some("RangeError: mine"))
    );
    // What nobody holds any more is forgotten.
    for _ in 0..1000 {
        assert!(runtime.eval("throw {}").is_err());
    }
    assert_eq!(
        runtime.eval("again.name").as_ref().map(Plain::as_str),
        Ok(Some("again"))
    );
}
