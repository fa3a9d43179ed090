//! The data of the official tests of the URL Standard, where it is at hand: `WPT_DATA` names the folder that holds `url/`.
//!
//! The data is not part of this repository. Where it is not at hand this says so, and judges nothing.

use std::path::PathBuf;

use runtime_core::JsRuntime;

/// Runs `judge`, a function of JavaScript that says what is wrong with a case, on each case of a file: what is wrong, by lines.
fn failures(file: &str, judge: &str) -> Option<String> {
    let Some(folder) = std::env::var_os("WPT_DATA").map(PathBuf::from) else {
        eprintln!("`WPT_DATA` names no folder: `{file}` is not tried");
        return None;
    };
    let path = folder.join("url").join(file);
    let cases = std::fs::read_to_string(&path)
        .unwrap_or_else(|error| panic!("cannot read `{}`: {error}", path.display()));
    let mut runtime = JsRuntime::builder()
        .module(&module_url::MODULE)
        .build()
        .expect("the runtime builds");
    let code = format!(
        "const judge = {judge}; const cases = {cases}; const wrong = []; \
         for (const item of Array.isArray(cases) ? cases : Object.entries(cases)) \
             if (typeof item !== 'string') wrong.push(...[judge(item)].flat().filter(Boolean)); \
         wrong.join('\\n')"
    );
    let said = runtime.eval(&code).expect("the cases are judged");
    Some(said.as_str().expect("a string").to_owned())
}

#[track_caller]
fn check(file: &str, judge: &str) {
    if let Some(wrong) = failures(file, judge) {
        assert_eq!(wrong, "", "{file}");
    }
}

const PARSE: &str = "({ input, base, failure, ...parts }) => { \
    let url; try { url = new URL(input, base ?? undefined); } catch { return failure ? '' : `${input} of ${base} is refused`; } \
    if (failure) return `${input} of ${base} is ${url}`; \
    return Object.entries(parts).filter(([part]) => part in url && part !== 'searchParams') \
        .filter(([part, value]) => url[part] !== value) \
        .map(([part, value]) => `${input} of ${base}: ${part} is ${url[part]} and not ${value}`); }";

#[test]
fn urls_are_parsed() {
    check("urltestdata.json", PARSE);
    check("urltestdata-javascript-only.json", PARSE);
}

#[test]
fn parts_are_set() {
    check(
        "setters_tests.json",
        "([part, cases]) => part === 'comment' ? '' : cases.map(({ href, new_value, expected }) => { \
             const url = new URL(href); url[part] = new_value; \
             return Object.entries(expected).filter(([key, value]) => url[key] !== value) \
                 .map(([key, value]) => `${href}: ${part} = ${new_value}: ${key} is ${url[key]} and not ${value}`); }).flat()",
    );
}

#[test]
fn domains_become_ascii() {
    // A text that would end the host before its end is no domain.
    const JUDGE: &str = "({ input, output }) => { \
        if (/[\\/?#@:\\\\]/.test(input) || input === '') return ''; \
        const url = URL.parse(`https://${input}/x`); \
        return (url?.host ?? null) === output ? '' : `${input} is ${url?.host} and not ${output}`; }";
    for file in ["toascii.json", "IdnaTestV2.json", "IdnaTestV2-removed.json"] {
        check(file, JUDGE);
    }
}
