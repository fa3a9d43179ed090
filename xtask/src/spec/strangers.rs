//! Specs from strangers: whatever they say, the reader ends, in words, and prints nothing of the machine.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use crate::diagnostics::Report;
use crate::pipeline::{self, Checked};
use crate::spec::Target;

const HEAD: &str = "schema = 1\n[runtime]\nname = \"sp\"\n[modules]\nconsole = true\n";

fn check_with(folder: &Path, arguments: &[&str]) -> Result<Checked, Report> {
    let arguments: Vec<(&'static str, String)> = arguments
        .iter()
        .map(|argument| ("--set", (*argument).to_owned()))
        .collect();
    let catalog = pipeline::catalog().expect("the manifests are right");
    let path = folder.join("runtime.toml");
    pipeline::check("runtime.toml", &path, &arguments, Target::Native, catalog)
}

/// The report of a spec that is refused, with these files beside it.
#[track_caller]
fn refused(spec: &str, files: &[(&str, &str)]) -> String {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("runtime.toml"), spec).expect("written");
    for (name, text) in files {
        fs::write(folder.path().join(name), text).expect("written");
    }
    let report = check_with(folder.path(), &[]).expect_err("it is refused");
    report.render(false)
}

#[track_caller]
fn says(text: &str, part: &str) {
    assert!(text.contains(part), "`{part}` is not in:\n{text}");
    assert!(text.len() < 200_000, "{} bytes are said", text.len());
}

#[test]
fn includes_are_bounded_in_number_depth_and_size() {
    let include = |names: &[&str]| format!("include = {names:?}\n");
    // Each file includes the next twice: two to the power of 12 in all.
    let mut files = Vec::new();
    for at in 0..12 {
        let next = [format!("x{}.toml", at + 1), format!("./x{}.toml", at + 1)];
        let next: Vec<&str> = next.iter().map(String::as_str).collect();
        files.push((format!("x{at}.toml"), include(&next)));
    }
    files.push((
        "x12.toml".to_owned(),
        "[limits]\nmemory = \"1MiB\"\n".to_owned(),
    ));
    let files: Vec<(&str, &str)> = files
        .iter()
        .map(|(a, b)| (a.as_str(), b.as_str()))
        .collect();
    let text = refused(&(include(&["x0.toml"]) + HEAD), &files);
    says(&text, "there are more than 100 includes");

    let chain: Vec<(String, String)> = (0..40)
        .map(|at| {
            (
                format!("d{at}.toml"),
                include(&[&format!("d{}.toml", at + 1)]),
            )
        })
        .collect();
    let chain: Vec<(&str, &str)> = chain
        .iter()
        .map(|(a, b)| (a.as_str(), b.as_str()))
        .collect();
    let text = refused(&(include(&["d0.toml"]) + HEAD), &chain);
    says(&text, "the includes are more than 16 deep");

    let large = " ".repeat(900_000);
    let text = refused(
        &(include(&[
            "l.toml",
            "./l.toml",
            "./././l.toml",
            "././l.toml",
            ".//l.toml",
        ]) + HEAD),
        &[("l.toml", &large)],
    );
    says(&text, "the includes are larger than 4 MiB together");
    says(
        &refused(&" ".repeat(2 << 20), &[]),
        "it is larger than 1 MiB",
    );
}

#[cfg(unix)]
#[test]
fn nothing_is_printed_of_what_is_not_a_spec() {
    let text = refused(
        &format!("include = [\"/etc/passwd\", \"/dev/zero\"]\n{HEAD}"),
        &[],
    );
    says(&text, "the include `/etc/passwd` is not a spec");
    says(&text, "the include `/dev/zero` is not a spec");
    assert!(!text.contains("root:"), "{text}");

    let elsewhere = tempfile::tempdir().expect("a folder");
    let secret = elsewhere.path().join("credentials.toml");
    fs::write(
        &secret,
        "x = 1\ntoken = \"hunter2\" oops\n[runtime]\nhidden = \"hunter3\"\n",
    )
    .expect("written");
    let text = refused(&format!("include = [{:?}]\n{HEAD}", secret), &[]);
    assert!(!text.contains("hunter"), "{text}");
    says(&text, "credentials.toml`, line 2, column");

    let folder = tempfile::tempdir().expect("a folder");
    std::os::unix::fs::symlink("/etc/passwd", folder.path().join("link.toml")).expect("a link");
    std::os::unix::fs::symlink("/etc/passwd", folder.path().join("link.rs")).expect("a link");
    let spec = format!("include = [\"link.toml\"]\n{HEAD}g = {{ path = \"link.rs\" }}\n");
    fs::write(folder.path().join("runtime.toml"), spec).expect("written");
    let report = check_with(folder.path(), &[]).expect_err("it is refused");
    let text = report.render(false);
    assert!(!text.contains("root:"), "{text}");
    says(&text, "the include `link.toml` is not a spec");
    says(&text, "it is a link to what is not a Rust file");
}

#[test]
fn thousands_of_mistakes_are_counted_and_not_shown() {
    let lines = |count: usize, line: &dyn Fn(usize) -> String| {
        (0..count).fold(HEAD.to_owned(), |mut spec, at| {
            let _ = writeln!(spec, "{}", line(at));
            spec
        })
    };
    let unknown = lines(20_000, &|at| format!("zz{at} = true"));
    says(&refused(&unknown, &[]), "and 19,900 more");
    let own = lines(1000, &|at| format!("zz{at} = {{ path = \"a.rs\" }}"));
    says(
        &refused(&own, &[("a.rs", "broken(")]),
        "is one module too many",
    );

    let list = |entries: &dyn Fn(usize) -> String, count: usize| -> String {
        (0..count)
            .map(|at| format!("\"{}\",", entries(at)))
            .collect()
    };
    let triples = list(&|at| format!("x86_64-unknown-linux-{at}"), 20_000);
    let text = refused(
        &format!("{HEAD}[targets.native]\ntriples = [{triples}]"),
        &[],
    );
    says(&text, "more");
    let grants = list(&|at| format!("./p{at}"), 30_000);
    let folder = tempfile::tempdir().expect("a folder");
    let spec = format!("{HEAD}[permissions]\nread = [{grants}]\n");
    fs::write(folder.path().join("runtime.toml"), spec).expect("written");
    let checked = check_with(folder.path(), &[]).expect("grants may be many");
    assert_eq!(checked.plan().permissions.len(), 30_000);
}

#[test]
fn what_is_nested_is_bounded() {
    let deep = "[".repeat(50_000) + &"]".repeat(50_000);
    says(&refused(&format!("{HEAD}deep = {deep}\n"), &[]), "not TOML");
    let dotted = "a.".repeat(50_000) + "b = 1\n";
    says(&refused(&format!("{HEAD}{dotted}"), &[]), "not TOML");
    let native = format!(
        "#[js_fn]\nfn a(x: {}u8{}) {{}}",
        "Option<".repeat(20_000),
        ">".repeat(20_000)
    );
    let text = refused(
        &format!("{HEAD}g = {{ path = \"g.rs\" }}\n"),
        &[("g.rs", &native)],
    );
    says(&text, "the native module `g.rs` is nested too deeply");
}

#[test]
fn an_argument_sets_one_key_to_one_value() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("runtime.toml"), HEAD).expect("written");
    let set = |argument: &str| check_with(folder.path(), &[argument]);
    let said = |argument: &str| set(argument).expect("it holds").spec.description.value;
    assert_eq!(said("runtime.description=plain"), "plain");
    assert_eq!(said("runtime.description=\"quoted\""), "quoted");
    assert_eq!(said("runtime.description = a = b # c"), "a = b # c");
    assert_eq!(said("runtime.description=\"a\" b\\"), "\"a\" b\\");
    let refused = [
        "runtime.description=\"harmless\"\npermissions.write=[\"/\"]",
        "runtime.description=\"harmless\"\r\npermissions.write=[\"/\"]",
        "runtime.description=a\u{1b}b",
        "a={b=1}\nruntime.description=x",
        "[permissions]\nwrite=[\"/\"]",
        "[permissions]write=[\"/\"]",
        "a#=1",
        "=1",
        "a b=1",
        "runtime.description",
    ];
    for argument in refused {
        let report = set(argument).expect_err("it is refused");
        let text = report.render(false);
        assert!(text.contains("--set"), "{argument}: {text}");
        assert!(!text.contains('\u{1b}'), "{text:?}");
    }
}
