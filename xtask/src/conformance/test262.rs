//! test262, the suite of the language: what its tests say of themselves, and the script for each.
//!
//! The boundary: the texts of a checkout. A runtime runs modules, so a test that is a script is run as
//! an indirect `eval` of a module: in sloppy mode and in strict mode, unless it says otherwise. Tests
//! of what only a script at the top of a realm can do are expected to fail, with that reason.

use std::path::Path;

use super::expectations::Expectations;
use super::{Script, files_below, is_wanted, literal, shared};
use crate::diagnostics::Report;

/// What every test may use, unless it is `raw`.
const HARNESS: &[&str] = &["assert.js", "sta.js"];

/// What an asynchronous test uses besides.
const ASYNC: &str = "doneprintHandle.js";

/// What a test says of itself between `/*---` and `---*/`.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct About {
    flags: Vec<String>,
    includes: Vec<String>,
    pub(crate) features: Vec<String>,
    /// The error that it must end with: its phase and its name.
    negative: Option<(String, String)>,
}

impl About {
    /// Reads the YAML that the suite uses: lists in brackets or in lines, and one map.
    pub(crate) fn of(source: &str) -> Self {
        let mut about = Self::default();
        let text = source.split_once("/*---").map_or("", |(_, rest)| rest);
        let text = text.split_once("---*/").map_or("", |(text, _)| text);
        let (mut key, mut phase) = (String::new(), String::new());
        for line in text.lines().map(str::trim_end) {
            let is_nested = line.starts_with([' ', '\t']);
            let line = line.trim();
            if let Some(item) = line.strip_prefix("- ").filter(|_| is_nested) {
                about.add(&key, item);
                continue;
            }
            let Some((name, value)) = line.split_once(':') else {
                continue;
            };
            let value = value.trim();
            match (is_nested, name) {
                (true, "phase") if key == "negative" => value.clone_into(&mut phase),
                (true, "type") if key == "negative" => {
                    about.negative = Some((phase.clone(), value.to_owned()));
                }
                (true, _) => {}
                (false, _) => {
                    name.clone_into(&mut key);
                    let list = value
                        .strip_prefix('[')
                        .and_then(|list| list.strip_suffix(']'));
                    for item in list.unwrap_or_default().split(',') {
                        about.add(&key, item);
                    }
                }
            }
        }
        about
    }

    fn add(&mut self, key: &str, item: &str) {
        let item = item.trim();
        let list = match key {
            "flags" => &mut self.flags,
            "includes" => &mut self.includes,
            "features" => &mut self.features,
            _ => return,
        };
        if !item.is_empty() {
            list.push(item.to_owned());
        }
    }

    fn has(&self, flag: &str) -> bool {
        self.flags.iter().any(|own| own == flag)
    }
}

/// A test and a mode to run it in.
#[derive(Clone, Debug)]
pub(crate) struct Test {
    /// Its path below the suite.
    path: String,
    is_strict: bool,
}

/// The tests of a checkout that are asked for and not skipped.
pub(crate) fn tests(
    suite: &Path,
    only: &[String],
    expectations: &Expectations,
) -> Result<Vec<Test>, Report> {
    if !suite.join("harness/assert.js").is_file() {
        return Err(Report::error(format!(
            "`{}` is not a checkout of test262: it has no `harness/assert.js`",
            suite.display()
        )));
    }
    let mut tests = Vec::new();
    for path in files_below(&suite.join("test"), &[".js"])? {
        let path = format!("test/{path}");
        if path.contains("_FIXTURE") || !is_wanted(&path, only) {
            continue;
        }
        let about = About::of(&text(suite, &path)?);
        if expectations.skips(&path, &about.features) {
            continue;
        }
        let is_only = about.has("module") || about.has("raw");
        if !about.has("onlyStrict") {
            tests.push(Test {
                path: path.clone(),
                is_strict: false,
            });
        }
        if !about.has("noStrict") && !is_only {
            tests.push(Test {
                path,
                is_strict: true,
            });
        }
    }
    Ok(tests)
}

fn text(suite: &Path, path: &str) -> Result<String, Report> {
    let path = suite.join(path);
    let bytes = std::fs::read(&path)
        .map_err(|error| Report::error(format!("cannot read `{}`: {error}", path.display())))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// The script of a test. A text of the suite that is gone meanwhile gives one that fails.
pub(crate) fn script(suite: &Path, test: &Test) -> Script {
    let name = match test.is_strict {
        true => format!("{}?strict", test.path),
        false => test.path.clone(),
    };
    let source = text(suite, &test.path).unwrap_or_default();
    let about = About::of(&source);
    let mut harness = String::new();
    if !about.has("raw") {
        let of_async = about.has("async").then_some(ASYNC);
        let own = about.includes.iter().map(String::as_str);
        for file in HARNESS.iter().copied().chain(of_async).chain(own) {
            harness.push_str(&text(suite, &format!("harness/{file}")).unwrap_or_default());
            harness.push('\n');
        }
    }
    let harness = literal(&shared(&harness));
    let run = if about.has("module") {
        let url = format!("file://{}", suite.join(&test.path).display());
        format!("evaluate({harness});\n  await import({});", literal(&url))
    } else if about.has("raw") {
        format!("evaluate({});", literal(&source))
    } else {
        let strict = if test.is_strict {
            "\"use strict\";\n"
        } else {
            ""
        };
        let source = literal(&format!("{strict}{source}"));
        format!("evaluate({harness});\n  evaluate({source});")
    };
    let negative = about
        .negative
        .as_ref()
        .map_or_else(|| "null".to_owned(), |(_, name)| literal(name));
    Script {
        name,
        text: PRELUDE
            .replace("NEGATIVE", &negative)
            .replace(
                "IS_ASYNC",
                if about.has("async") { "true" } else { "false" },
            )
            .replace("RUN", &run),
        patience: 1,
    }
}

/// Runs a test and reports. What it needs of the globals is taken before the test can change them.
const PRELUDE: &str = r#"
const { stringify } = JSON;
const { log } = console;
let isOver = false;
function over(failure) {
  if (isOver) return;
  isOver = true;
  log("conformance:" + stringify(failure === undefined ? { last: true } : { last: true, failure }));
}
function described(error) {
  try {
    return Object(error) === error ? `${error.constructor.name}: ${error.message}` : `${String(error)} was thrown`;
  } catch {
    return "something was thrown that cannot be described";
  }
}
globalThis.print = (text) => {
  if (text === "Test262:AsyncTestComplete") over();
  else if (`${text}`.startsWith("Test262:AsyncTestFailure")) over(`${text}`);
};
const evaluate = eval;
globalThis.$262 = {
  global: globalThis,
  evalScript: (text) => evaluate(text),
  detachArrayBuffer: (buffer) => { buffer.transfer(); },
  gc: () => { throw new Error("the runtime gives scripts no way to collect"); },
  createRealm: () => { throw new Error("the runtime gives scripts no other realm"); },
  agent: new Proxy({}, { get() { throw new Error("the runtime gives scripts no agents"); } }),
};
const negative = NEGATIVE;
try {
  RUN
  if (negative !== null) over(`it must end with a ${negative}, and did not`);
  else if (!IS_ASYNC) over();
} catch (error) {
  let name;
  try { name = error.constructor.name; } catch {}
  over(negative !== null && name === negative ? undefined : described(error));
}
"#;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_test_says_of_itself_is_read() {
        let source = "// Copyright\n/*---\ndescription: >\n  a: text\nflags: [onlyStrict, async]\n\
            includes:\n  - compareArray.js\n  - propertyHelper.js\nfeatures: [let]\n\
            negative:\n  phase: parse\n  type: SyntaxError\n---*/\ncode: 1";
        let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
        assert_eq!(
            About::of(source),
            About {
                flags: words(&["onlyStrict", "async"]),
                includes: words(&["compareArray.js", "propertyHelper.js"]),
                features: words(&["let"]),
                negative: Some(("parse".to_owned(), "SyntaxError".to_owned())),
            }
        );
        assert_eq!(About::of("no header"), About::default());
    }

    #[test]
    fn a_test_runs_in_both_modes_unless_it_says_otherwise() {
        let folder = tempfile::tempdir().expect("a folder can be made");
        let write = |path: &str, text: &str| {
            let path = folder.path().join(path);
            std::fs::create_dir_all(path.parent().expect("it has one")).expect("it can be made");
            std::fs::write(path, text).expect("it can be written");
        };
        write("harness/assert.js", "function assert() {}");
        write("harness/sta.js", "");
        write("test/a.js", "/*---\n---*/\nassert(true);");
        write(
            "test/b.js",
            "/*---\nflags: [module]\n---*/\nimport './x_FIXTURE.js';",
        );
        write("test/x_FIXTURE.js", "");
        write("test/c.js", "/*---\nfeatures: [Temporal]\n---*/\n");
        let expectations =
            Expectations::parse("[[skip]]\nwhy = \"later\"\nfeatures = [\"Temporal\"]\n")
                .expect("it is well formed");
        let tests = tests(folder.path(), &[], &expectations).expect("it is a suite");
        let scripts: Vec<Script> = tests
            .iter()
            .map(|test| script(folder.path(), test))
            .collect();
        let names: Vec<&str> = scripts.iter().map(|script| script.name.as_str()).collect();
        assert_eq!(names, ["test/a.js", "test/a.js?strict", "test/b.js"]);
        let strict = &scripts[1].text;
        assert!(strict.contains(r#"evaluate("function assert"#), "{strict}");
        assert!(strict.contains(r#"evaluate("\"use strict\";"#), "{strict}");
        assert!(scripts[2].text.contains("await import(\"file://"));
    }
}
