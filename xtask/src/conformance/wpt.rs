//! The web-platform-tests: which of them a runtime without a document can run, and the script for
//! each.
//!
//! The boundary: the texts of a checkout. The suite's own `testharness.js` is run as it is. A test
//! that reads a file of the suite by `fetch` finds it in its script, so that no server is needed and
//! a runtime without `fetch` can be tested.

use std::collections::BTreeMap;
use std::path::Path;

use super::{Script, files_below, is_wanted, literal, shared};
use crate::diagnostics::Report;

/// What the names of tests end with that need no document of their own.
const ENDS: &[&str] = &[".any.js", ".window.js"];

/// The globals that a runtime is nearest to. A test for other ones alone is not run.
const GLOBALS: &[&str] = &["window", "dedicatedworker", "worker", "shadowrealm"];

/// What the suite's server gives under another name than the file's.
const SERVED: &[(&str, &str)] = &[(
    "resources/WebIDLParser.js",
    "resources/webidl2/lib/webidl2.js",
)];

/// How much longer a test may take that says `timeout=long`.
const LONG: u32 = 6;

/// A test and one of its variants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Test {
    path: String,
    /// `?name`, or nothing.
    variant: String,
}

/// What a test's first lines say: `// META: key=value`.
fn meta(source: &str) -> Vec<(&str, &str)> {
    let lines = source.lines().take_while(|line| line.starts_with("//"));
    lines
        .filter_map(|line| line.strip_prefix("// META:"))
        .filter_map(|line| line.trim().split_once('='))
        .collect()
}

/// The tests of a checkout that are asked for.
pub(crate) fn tests(suite: &Path, only: &[String]) -> Result<Vec<Test>, Report> {
    if !suite.join("resources/testharness.js").is_file() {
        return Err(Report::error(format!(
            "`{}` is not a checkout of web-platform-tests: it has no `resources/testharness.js`",
            suite.display()
        )));
    }
    let mut tests = Vec::new();
    for path in files_below(suite, ENDS)? {
        if !is_wanted(&path, only) {
            continue;
        }
        let source = text(suite, &path);
        let meta = meta(&source);
        let mut globals = meta.iter().filter(|(key, _)| *key == "global");
        let is_for_us = globals.all(|(_, globals)| {
            let mut globals = globals.split(',').map(str::trim);
            globals.any(|global| GLOBALS.contains(&global))
        });
        if !is_for_us {
            continue;
        }
        let variants = meta.iter().filter(|(key, _)| *key == "variant");
        let mut variants: Vec<String> = variants.map(|(_, value)| (*value).to_owned()).collect();
        if variants.is_empty() {
            variants.push(String::new());
        }
        tests.extend(variants.into_iter().map(|variant| Test {
            path: path.clone(),
            variant,
        }));
    }
    Ok(tests)
}

fn text(suite: &Path, path: &str) -> String {
    let bytes = std::fs::read(suite.join(path)).unwrap_or_default();
    String::from_utf8_lossy(&bytes).into_owned()
}

/// A path of the suite as a test at `from` names it.
fn resolve(from: &str, path: &str) -> String {
    let mut parts: Vec<&str> = match path.strip_prefix('/') {
        Some(_) => Vec::new(),
        None => from.split('/').collect(),
    };
    if !parts.is_empty() {
        parts.pop();
    }
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.join("/")
}

/// The script of a test.
pub(crate) fn script(suite: &Path, test: &Test) -> Script {
    let source = text(suite, &test.path);
    let meta = meta(&source);
    let mut code = Vec::new();
    let mut files = BTreeMap::new();
    let scripts = meta.iter().filter(|(key, _)| *key == "script");
    for (_, path) in scripts {
        let path = resolve(&test.path, path);
        let served = SERVED.iter().find(|(name, _)| *name == path);
        let script = text(suite, served.map_or(&*path, |(_, file)| *file));
        collect(suite, &test.path, &script, &mut files);
        code.push(shared(&script));
    }
    collect(suite, &test.path, &source, &mut files);
    code.push(source.clone());
    let code: Vec<String> = code
        .iter()
        .map(|script| format!("evaluate({});\n", literal(script)))
        .collect();
    let is_long = meta.contains(&("timeout", "long"));
    let files: Vec<String> = files
        .iter()
        .map(|(path, text)| format!("  {}: {},\n", literal(path), literal(text)))
        .collect();
    Script {
        name: format!("{}{}", test.path, test.variant),
        text: PRELUDE
            .replace("TEST_PATH", &literal(&format!("/{}", test.path)))
            .replace("TEST_VARIANT", &literal(&test.variant))
            .replace("TEST_FILES", &files.concat())
            .replace("TEST_HARNESS", &literal(&text_of_harness(suite)))
            .replace("TEST_CODE", &code.concat()),
        patience: if is_long { LONG } else { 1 },
    }
}

fn text_of_harness(suite: &Path) -> String {
    text(suite, "resources/testharness.js")
}

/// Adds the files of the suite that a text names between quotes: data beside it, and interfaces.
fn collect(suite: &Path, from: &str, source: &str, files: &mut BTreeMap<String, String>) {
    for quoted in source.split(['"', '\'', '`']).filter(|word| {
        !word.is_empty() && word.len() < 100 && !word.contains([' ', '\n', '<', '\\'])
    }) {
        let data =
            (quoted.ends_with(".json") || quoted.ends_with(".txt")).then(|| resolve(from, quoted));
        let interface = quoted
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '.')
            .then(|| format!("interfaces/{quoted}.idl"));
        for path in data.into_iter().chain(interface) {
            if !files.contains_key(&path) && suite.join(&path).is_file() {
                files.insert(path.clone(), text(suite, &path));
            }
        }
    }
}

/// Runs a test and reports each of its parts.
const PRELUDE: &str = r#"
const { stringify } = JSON;
const { log } = console;
const say = (line) => log("conformance:" + stringify(line));
const path = TEST_PATH, variant = TEST_VARIANT;
const files = {
TEST_FILES};
function resolved(url) {
  const parts = url.startsWith("/") ? [] : path.split("/").slice(1, -1);
  for (const part of url.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "" && part !== ".") parts.push(part);
  }
  return parts.join("/");
}
const define = (name, value) => {
  if (!(name in globalThis)) Object.defineProperty(globalThis, name, { value, writable: true, configurable: true });
};
define("self", globalThis);
define("location", {
  href: `http://web-platform.test:8000${path}${variant}`, origin: "http://web-platform.test:8000", protocol: "http:",
  host: "web-platform.test:8000", hostname: "web-platform.test", port: "8000", pathname: path, search: variant, hash: "",
});
define("GLOBAL", { isWindow: () => false, isWorker: () => false, isShadowRealm: () => false });
const own = globalThis.fetch;
globalThis.fetch = (input, init) => {
  const text = typeof input === "string" ? files[resolved(input)] : undefined;
  if (text === undefined) return own ? own(input, init) : Promise.reject(new TypeError(`no file ${input}`));
  return Promise.resolve({ ok: true, status: 200, text: async () => text, json: async () => JSON.parse(text) });
};
const evaluate = eval;
evaluate(TEST_HARNESS);
add_completion_callback((tests, status) => {
  for (const test of tests) {
    // A test whose precondition does not hold is not asked.
    if (test.status === test.PRECONDITION_FAILED) continue;
    say(test.status === test.PASS ? { test: test.name } : { test: test.name, failure: test.message ?? "it was not run" });
  }
  say(status.status === status.OK ? { last: true } : { last: true, failure: status.message ?? "the harness failed" });
});
TEST_CODE"#;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_of_the_suite_are_resolved() {
        let check = |from, path, expect| assert_eq!(resolve(from, path), expect, "{from} {path}");
        check("url/a.any.js", "resources/b.json", "url/resources/b.json");
        check("url/deep/a.any.js", "../b.js", "url/b.js");
        check("url/a.any.js", "/common/c.js", "common/c.js");
    }

    #[test]
    fn a_script_has_the_variants_scripts_and_files_of_its_test() {
        let folder = tempfile::tempdir().expect("a folder can be made");
        let write = |path: &str, text: &str| {
            let path = folder.path().join(path);
            std::fs::create_dir_all(path.parent().expect("it has one")).expect("it can be made");
            std::fs::write(path, text).expect("it can be written");
        };
        write("resources/testharness.js", "/* the harness */");
        write("common/c.js", "/* common */");
        write("url/data.json", "[1]");
        write(
            "url/a.any.js",
            "// META: script=/common/c.js\n// META: variant=?x\n// META: variant=?y\n\
             // META: timeout=long\nfetch('data.json');\n",
        );
        write("url/b.any.js", "// META: global=serviceworker\n");
        let tests = tests(folder.path(), &[]).expect("it is a suite");
        let scripts: Vec<Script> = tests
            .iter()
            .map(|test| script(folder.path(), test))
            .collect();
        let names: Vec<&str> = scripts.iter().map(|script| script.name.as_str()).collect();
        assert_eq!(names, ["url/a.any.js?x", "url/a.any.js?y"]);
        assert_eq!(scripts[0].patience, LONG);
        for part in [
            "evaluate(\"/* common */\")",
            "\"url/data.json\": \"[1]\"",
            "/* the harness */",
        ] {
            assert!(scripts[0].text.contains(part), "{part}");
        }
    }
}
