//! A good and a bad input for each rule.

use super::*;

/// What a rule says about the first file when the tree has these files: `line: what`.
fn found(rule: &str, files: &[(&str, &str)]) -> Vec<String> {
    let mut tree = Tree::default();
    for (path, text) in files {
        tree.insert(*path, *text);
    }
    let rule = RULES
        .iter()
        .find(|row| row.name == rule)
        .expect("there is this rule");
    let file = tree
        .files()
        .find(|file| file.path == files[0].0)
        .expect("it was inserted");
    let findings = rule.judge(file, &tree);
    findings
        .iter()
        .map(|finding| format!("{}: {}", finding.line, finding.what))
        .collect()
}

/// Checks one file of Rust.
fn check(rule: &str, text: &str, expect: &[&str]) {
    assert_eq!(
        found(rule, &[("xtask/src/a.rs", text)]),
        expect,
        "{rule}: {text}"
    );
}

#[test]
fn an_engine_is_named_behind_the_port_only() {
    let text = "//! A.\nuse boa_engine::Context;\n";
    check(
        "engine-behind-port",
        text,
        &["2: `boa_engine` is an engine's crate"],
    );
    check(
        "engine-behind-port",
        "//! `boa_engine`.\nfn a(boar: u8) -> &'static str { \"boa_engine\" } // boa_engine\n",
        &[],
    );
    assert!(
        found(
            "engine-behind-port",
            &[("runtime-core/src/engine/boa/cx.rs", text)]
        )
        .is_empty()
    );
    assert!(
        found(
            "engine-behind-port",
            &[("runtime-core/Cargo.toml", "boa_engine = \"1\"")]
        )
        .is_empty()
    );
    let template = found(
        "engine-behind-port",
        &[("templates/native/main.rs.jinja", "rquickjs::Ctx")],
    );
    assert_eq!(template, ["1: `rquickjs` is an engine's crate"]);
}

#[test]
fn no_code_above_the_port_asks_which_engine_it_is() {
    let rule = "engine-by-table";
    check(
        rule,
        "#[cfg(feature = \"boa\")]\nfn a() {}",
        &["1: `\"boa\"` names an engine"],
    );
    check(
        rule,
        "fn a(kind: &str) -> bool {\n    kind == \"quickjs\"\n}",
        &["2: `\"quickjs\"` names an engine"],
    );
    check(
        rule,
        "use super::quickjs;",
        &["1: `quickjs` names an engine"],
    );
    check(
        rule,
        "const A: [&str; 2] = [\n\"runtime-core/boa\",\n\"engine.kind=quickjs\"];",
        &[
            "2: `\"runtime-core/boa\"` names an engine",
            "3: `\"engine.kind=quickjs\"` names an engine",
        ],
    );
    check(
        rule,
        "//! Of boa.\n/// As `boa` does.\nfn boar() -> &'static str { \"boa is an engine\" } // boa",
        &[],
    );
    check(
        rule,
        "fn a() {}\n#[cfg(test)]\nmod tests { const KIND: &str = \"boa\"; }",
        &[],
    );
    let text = "const KIND: &str = \"boa\";";
    for allowed in [
        "runtime-core/src/engine/capabilities.rs",
        "runtime-core/tests/embedding.rs",
        "xtask/src/bench/runtimes.rs",
        "xtask/src/size/tests.rs",
    ] {
        assert!(found(rule, &[(allowed, text)]).is_empty(), "{allowed}");
    }
    for path in ["runtime-std/fs/src/lib.rs", "runtime-macros/src/lib.rs"] {
        assert_eq!(found(rule, &[(path, text)]).len(), 1, "{path}");
    }
}

#[test]
fn a_file_says_what_it_is_for() {
    check("opening", "//! What it is for.\n", &[]);
    check(
        "opening",
        "#!/usr/bin/env run-cargo-script\n//! What it is for.\n",
        &[],
    );
    let wrong = ["1: the file does not begin with `//!` and a sentence"];
    for text in [
        "",
        "//!\n",
        "use std::fs;\n",
        "\n//! Late.\n",
        "/// An item.\nfn a() {}\n",
    ] {
        check("opening", text, &wrong);
    }
    assert!(found("opening", &[("README.md", "# Tailor\n")]).is_empty());
    assert!(
        found(
            "opening",
            &[("runtime-core/tests/ui/name_is_one.rs", "fn main() {}\n")]
        )
        .is_empty()
    );
}

#[test]
fn a_placeholder_is_found_in_code_only() {
    check(
        "no-placeholder",
        "fn a() { todo!() }",
        &["1: `todo!` is left"],
    );
    check(
        "no-placeholder",
        "fn a() {\n    unimplemented!(\"b\");\n}",
        &["2: `unimplemented!` is left"],
    );
    check(
        "no-placeholder",
        "fn a() { std::dbg! { 1 }; }",
        &["1: `dbg!` is left"],
    );
    check(
        "no-placeholder",
        "// todo!()\n/// dbg!(1)\nfn a(todo: u8) -> bool { todo != 1 && \"todo!()\".is_empty() }",
        &[],
    );
}

#[test]
fn a_test_runs_and_says_what_it_expects() {
    check(
        "no-switched-off-test",
        "#[test]\n#[ignore]\nfn a() {}",
        &["2: a test is marked `#[ignore]`"],
    );
    check(
        "no-switched-off-test",
        "#[ignore = \"slow\"]\nfn a() {}",
        &["1: a test is marked `#[ignore]`"],
    );
    check(
        "no-switched-off-test",
        "#[should_panic(expected = \"b\")]\nfn a() {}",
        &["1: a test is marked `#[should_panic]`"],
    );
    check(
        "no-switched-off-test",
        "#[cfg_attr(windows, ignore)]\nfn a() {}",
        &["1: a test is marked `#[ignore]`"],
    );
    check(
        "no-switched-off-test",
        "#[test]\n#[doc = \"ignore\"]\nfn ignore() { f(ignore) }",
        &[],
    );
}

#[test]
fn sleeping_is_found_however_it_is_imported() {
    let wrong = ["1: `thread::sleep` waits for a time"];
    check("no-sleep", "fn a() { std::thread::sleep(b) }", &wrong);
    check("no-sleep", "use std::thread::sleep;", &wrong);
    check("no-sleep", "use std::thread::{self, sleep};", &wrong);
    check(
        "no-sleep",
        "use std::thread::{self, spawn}; fn a() { tokio::time::sleep(b) } // thread::sleep",
        &[],
    );
}

#[test]
fn a_long_file_has_a_reason() {
    let lines = "// A line.\n".repeat(600);
    check("length", &lines, &[]);
    check(
        "length",
        &format!("{lines}\n"),
        &["601: the file has 601 lines, more than 600"],
    );
    check("length", &format!("{lines}// tidy: long, one table\n"), &[]);
    check(
        "length",
        &format!("{lines}// tidy: long, \n"),
        &["601: the file has 601 lines, more than 600"],
    );
    assert!(
        found(
            "length",
            &[("xtask/src/spec/triples.txt", &"a\n".repeat(700))]
        )
        .is_empty()
    );
}

#[test]
fn a_lint_is_switched_off_for_a_reason() {
    check(
        "allow-reason",
        "#[allow(dead_code)]\nfn a() {}",
        &["1: `#[allow(…)]` gives no reason"],
    );
    check(
        "allow-reason",
        "//! A.\n#![expect(unused)]",
        &["2: `#[expect(…)]` gives no reason"],
    );
    check(
        "allow-reason",
        "#[cfg_attr(test, allow(unused))]\nfn a() {}",
        &["1: `#[allow(…)]` gives no reason"],
    );
    check(
        "allow-reason",
        "#[allow(\n    unused,\n    reason = \"b\"\n)]\nfn a() { expect(\"c\"); }",
        &[],
    );
    check("allow-reason", "#[js_fn(allow(read))]\nfn a() {}", &[]);
}

#[test]
fn a_file_has_a_specific_name() {
    assert_eq!(
        found("specific-noun", &[("xtask/src/utils.rs", "")]),
        ["1: `utils.rs` names nothing"]
    );
    assert_eq!(
        found("specific-noun", &[("xtask/src/helpers/text.rs", "")]),
        ["1: `helpers` names nothing"]
    );
    assert!(found("specific-noun", &[("xtask/src/text.rs", "")]).is_empty());
}

#[test]
fn a_module_is_whole() {
    let whole = [
        "runtime-std/fs/Cargo.toml",
        "runtime-std/fs/module.toml",
        "runtime-std/fs/src/lib.rs",
        "runtime-std/fs/tests/laws.rs",
    ];
    let files = whole.map(|path| (path, ""));
    assert!(found("module-folder", &files).is_empty());
    assert_eq!(
        found("module-folder", &files[..2]),
        [
            "1: the module `fs` has no `src/lib.rs`",
            "1: the module `fs` has no `tests/laws.rs`"
        ]
    );
    // Each file is looked at, and only the first of a folder speaks for it.
    assert_eq!(
        found("module-folder", &files[1..]),
        ["1: the module `fs` has no `Cargo.toml`"]
    );
}

/// What is found in a file of a runtime.
fn ways(text: &str) -> Vec<String> {
    found("one-way-to-files", &[("runtime-std/fs/src/a.rs", text)])
}

#[test]
fn a_runtime_has_one_way_to_open_files() {
    for (text, way) in [
        (
            "fn a() { std::fs::read(b) }",
            "`std::fs::read` opens or follows a path",
        ),
        (
            "use std::fs::read_to_string;",
            "`std::fs::read_to_string` opens or follows a path",
        ),
        ("use std::fs;", "`std::fs` is imported as a whole"),
        (
            "use std::fs::{self, File};",
            "`std::fs::self` opens or follows a path",
        ),
        ("use std::{fs, io};", "`std::fs` is imported as a whole"),
        (
            "use std::{io, fs::read};",
            "`std::fs::read` opens or follows a path",
        ),
        (
            "fn a() { ::std::fs::metadata(b) }",
            "`std::fs::metadata` opens or follows a path",
        ),
        (
            "use tokio::fs::File;",
            "`tokio::fs::File` opens or follows a path",
        ),
        ("fn a() { File::open(b) }", "`File::open` opens by a path"),
        (
            "fn a() { File::create_new(b) }",
            "`File::create_new` opens by a path",
        ),
        (
            "fn a() { File::options() }",
            "`File::options` opens by a path",
        ),
        ("fn a(b: OpenOptions) {}", "`OpenOptions` opens by a path"),
        (
            "fn a() { b.canonicalize() }",
            "`.canonicalize()` follows a path",
        ),
        ("fn a() { b.metadata() }", "`.metadata()` follows a path"),
        (
            "fn a() { b.map(Path::canonicalize) }",
            "`.canonicalize()` follows a path",
        ),
        ("fn a() { b.exists() }", "`.exists()` follows a path"),
        (
            "use rustix::fs::{Mode, openat};",
            "`openat` opens by a path",
        ),
        (
            "use rustix::fs::{Mode, open};",
            "`rustix::fs::open` opens or follows a path",
        ),
        (
            "fn a() { rustix::fs::stat(b) }",
            "`rustix::fs::stat` opens or follows a path",
        ),
        (
            "fn a() { renameat(CWD, b, CWD, c) }",
            "`CWD` opens by a path",
        ),
        (
            "fn a() { unsafe { libc::open(b) } }",
            "`libc::open` opens or follows a path",
        ),
    ] {
        assert_eq!(ways(text), [format!("1: {way}")], "{text}");
    }
    for text in [
        "use std::fs::{File, Metadata};\nfn a(b: OwnedFd) -> File { File::from(b) }",
        "use std::{io, path::Path};\nuse rustix::fs::{Mode, fstat};",
        "use crate::fs::read;\nfn a() { fs.exists(path); slot.open(flags, mode) }",
        "//! `std::fs::read`\nfn a() -> &'static str { \"std::fs::read\" } // File::open",
        "#[cfg(test)]\nmod tests;",
        "#[cfg(all(test, unix))]\nmod tests { fn a() { std::fs::read(b); } }",
        "#[cfg(test)]\nfn a(b: [u8; 2]) -> u8 { std::fs::read(b) }",
    ] {
        assert!(ways(text).is_empty(), "{text}: {:?}", ways(text));
    }
    // What comes after a test is no test.
    for text in [
        "#[cfg(test)]\nmod tests;\nuse std::fs;",
        "#[cfg(test)]\nmod tests { fn a() {} }\nuse std::fs;",
        "\n#[cfg(not(test))]\nuse std::fs;",
    ] {
        assert_eq!(
            ways(text),
            ["3: `std::fs` is imported as a whole"],
            "{text}"
        );
    }
    let opens = "fn a() { std::fs::read(b) }";
    for path in [
        "xtask/src/a.rs",
        "runtime-std/fs/tests/fs/a.rs",
        "runtime-core/src/files/mod.rs",
        "runtime-core/src/loader/tests.rs",
    ] {
        assert!(
            found("one-way-to-files", &[(path, opens)]).is_empty(),
            "{path}"
        );
    }
}

#[test]
fn who_is_excused_from_the_one_way_needs_it() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let tree = Tree::read(&root).expect("the repository can be read");
    for (path, reason) in openings::OPENERS {
        assert!(!reason.is_empty());
        let needs =
            |file: &files::File| file.path.starts_with(path) && !openings::ways(file).is_empty();
        assert!(
            tree.files().any(needs),
            "{path} opens nothing, and needs no row"
        );
    }
}

#[test]
fn a_refusal_and_its_answer_stand_together() {
    let [spec, answer] = [
        "tests/specs-check/bad/wrong_type.toml",
        "tests/specs-check/bad/wrong_type.stderr",
    ];
    assert!(found("refusal-answered", &[(spec, ""), (answer, "")]).is_empty());
    assert_eq!(
        found("refusal-answered", &[(spec, "")]),
        [format!("1: there is no `{answer}` beside it")]
    );
    assert_eq!(
        found("refusal-answered", &[(answer, "")]),
        [format!("1: there is no `{spec}` beside it")]
    );
    let macros = "runtime-core/tests/ui/name_is_one";
    let alone = found("refusal-answered", &[(&format!("{macros}.stderr"), "")]);
    assert_eq!(alone, [format!("1: there is no `{macros}.rs` beside it")]);
    assert!(
        found(
            "refusal-answered",
            &[("tests/specs-check/bad/parts/included.toml", "")]
        )
        .is_empty()
    );
    assert!(
        found(
            "refusal-answered",
            &[("tests/specs-check/good/minimal.toml", "")]
        )
        .is_empty()
    );
}

#[test]
fn no_folder_of_one_machine_is_named() {
    check(
        "no-machine-path",
        "const A: &str = \"/home/ann/tailor\";",
        &["1: a path under `/home/` belongs to one machine"],
    );
    check(
        "no-machine-path",
        "// C:\\Users\\ann\\tailor",
        &["1: a path under `:\\Users\\` belongs to one machine"],
    );
    let own = concat!("// ", env!("CARGO_MANIFEST_DIR"));
    assert_eq!(found("no-machine-path", &[("docs/a.md", own)]).len(), 1);
    check(
        "no-machine-path",
        "const A: &str = \"https://acme.com/home/a\"; // runtime-core/root/b",
        &[],
    );
}

#[test]
fn no_registry_is_named() {
    let named = found(
        "no-registry",
        &[(
            ".cargo/config.toml",
            "[source.crates-io]\nreplace-with = \"mirror\"\n",
        )],
    );
    assert_eq!(named, ["2: `replace-with` is named"]);
    let host = ["registry", "npmjs", "org"].join(".");
    let lock = format!("{{\n  \"resolved\": \"https://{host}/a\"\n}}\n");
    let named = found("no-registry", &[("package-lock.json", &lock)]);
    assert_eq!(named, [format!("2: `{host}` is named")]);
    let lock = |source: &str| {
        format!("[[package]]\nname = \"a\"\nsource = \"registry+https://{source}\"\n")
    };
    assert!(
        found(
            "no-registry",
            &[("Cargo.lock", &lock("github.com/rust-lang/crates.io-index"))]
        )
        .is_empty()
    );
    assert_eq!(
        found(
            "no-registry",
            &[("Cargo.lock", &lock("mirror.example/index"))]
        )
        .len(),
        1
    );
}

#[test]
fn every_rule_has_a_name_of_its_own_and_says_what_holds() {
    for (at, rule) in RULES.iter().enumerate() {
        assert!(!rule.holds.is_empty());
        assert!(
            RULES[..at].iter().all(|other| other.name != rule.name),
            "{} stands twice",
            rule.name
        );
    }
}

#[test]
fn findings_come_by_file_and_line() {
    let mut tree = Tree::default();
    tree.insert("b.rs", "//! B.\nfn b() { dbg!(1) }\n");
    tree.insert("a.rs", "//! A.\n\n#[ignore]\nfn a() { dbg!(1) }\n");
    let lines: Vec<String> = super::check(&tree).iter().map(Finding::to_string).collect();
    let starts = [
        "a.rs:3: no-switched-off-test: ",
        "a.rs:4: no-placeholder: `dbg!` is left; help: write",
        "b.rs:2: no-placeholder: ",
    ];
    assert_eq!(lines.len(), starts.len(), "{lines:?}");
    for (line, start) in lines.iter().zip(starts) {
        assert!(line.starts_with(start), "{line}");
    }
}

#[test]
fn a_copy_without_git_is_walked_as_its_gitignore_says() {
    let folder = tempfile::tempdir().expect("there is room");
    let write = |path: &str, text: &str| {
        let path = folder.path().join(path);
        std::fs::create_dir_all(path.parent().expect("it has a folder")).expect("it can be made");
        std::fs::write(path, text).expect("it can be written");
    };
    write(".gitignore", "/target\n");
    write("target/a.rs", "");
    write("src/deep/b.rs", "//! B.\n");
    let tree = Tree::read(folder.path()).expect("it can be read");
    let paths: Vec<&str> = tree.files().map(|file| file.path.as_str()).collect();
    assert_eq!(paths, [".gitignore", "src/deep/b.rs"]);
}
