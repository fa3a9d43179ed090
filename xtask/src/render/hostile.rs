//! Whatever a spec says, each generated file means what that of a harmless spec means: only strings and comments differ.
//!
//! Each text of the table of keys is made hostile in turn, for each target; what the checks let through is rendered, every file
//! of it, and compared with the same for a harmless text. What the checks do not let through is put into the plan itself.

use std::fs;
use std::path::Path;

use proc_macro2::{Delimiter, TokenStream, TokenTree};

use super::{Layout, krate};
use crate::drive::{android, wasi, wasm};
use crate::eject;
use crate::file_tree::FileTree;
use crate::pipeline;
use crate::plan::{MountFiles, Plan};
use crate::spec::Target;
use crate::spec::keys::{KEYS, Key, Kind};
use crate::spec::manifest::Catalog;

/// What ends, opens or means something in one language or another.
const HOSTILE: &[&str] = &[
    "\"",
    "'",
    "\\",
    "\\\"",
    "`",
    "```",
    "{{ 7*7 }}{% x %}{# y #}",
    "*/ evil(); /*",
    "// evil",
    "]]>",
    "</script><script>",
    "<!-- -->",
    "-->",
    "&amp;&#10;",
    "${evil()}",
    "\"#\"##",
    "# x",
    "\"; evil(); \"",
    "'''",
    "\"\"\"",
    "\\u000a",
    "\\n",
    "%s{0}$1",
    "| a | b |",
    "[x](y)",
    "é\u{1f980}",
];

/// What no spec may say, but a file's name on the disk or a plan may have.
const UNSEEN: &[&str] = &[
    "a\nfn evil() {}\n//",
    "a\r\nb",
    "a\0b",
    "\u{1b}[31m",
    "a\u{2028}b\u{2029}c",
    "a\u{202e}b",
    "a\u{2066}b",
    "\u{feff}",
    "a\tb",
    "\u{7f}\u{85}\u{9f}",
];

/// A kind of target, and a key that it is asked for with.
const TARGETS: &[(Target, Option<(&str, &str)>)] = &[
    (Target::Native, None),
    (
        Target::Wasm,
        Some((
            "targets.wasm.flavours",
            r#"["web", "bundler", "nodejs", "wasi"]"#,
        )),
    ),
    (Target::Wasm, Some(("targets.wasm.flavours", r#"["wasi"]"#))),
    (Target::Android, None),
];

/// A folder with all that the specs of the test name.
fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for (path, text) in [
        ("app/main.js", "1"),
        ("assets/a.txt", "a"),
        (
            "native/greet.rs",
            "#[js_fn] fn greet() {}\n#[js_class] pub struct Shape;",
        ),
    ] {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().expect("it has one")).expect("made");
        fs::write(path, text).expect("written");
    }
    folder
}

/// Every file that a plan is rendered to, the packages' included.
fn everything(plan: &Plan) -> FileTree {
    let mut all = FileTree::default();
    let mut add = |name: &str, tree: &FileTree| {
        for (path, text) in tree.iter() {
            all.insert(format!("{name}/{path}"), text);
        }
    };
    for layout in [Layout::InPlace, Layout::Standalone] {
        add(&format!("{layout:?}"), &krate(plan, layout));
    }
    if plan.target == Target::Native {
        add("ejected", &eject::tree(plan));
    }
    if let Some(npm) = &plan.npm {
        add("package", &wasm::filled(plan, npm));
        let mut worker = FileTree::default();
        worker.insert("worker.js", wasi::worker(plan));
        add("wasi", &worker);
    }
    if let Some(said) = &plan.android {
        let mut aar = FileTree::default();
        aar.insert("AndroidManifest.xml", android::java::manifest(said));
        aar.insert("a.pom.xml", android::java::pom(plan, said));
        for is_for_tests in [false, true] {
            let readme = android::readme(plan, said, true, is_for_tests);
            aar.insert(format!("{is_for_tests}.md"), readme);
        }
        for (path, text) in android::java::sources_of(plan).expect("the sources are there") {
            aar.insert(path, text);
        }
        add("aar", &aar);
    }
    all
}

/// What a file means, without its strings and comments.
fn shape(path: &str, text: &str) -> String {
    match path.rsplit('.').next().unwrap_or_default() {
        "rs" => {
            if let Err(error) = syn::parse_file(text) {
                panic!("{path}: {error}\n{text}");
            }
            let mut out = String::new();
            tokens(text.parse().expect("it was parsed"), &mut out);
            out
        }
        "toml" => {
            let table: toml::Table = text
                .parse()
                .unwrap_or_else(|e| panic!("{path}: {e}\n{text}"));
            let mut value = serde_json::to_value(table).expect("it has no dates");
            strip(&mut value);
            value.to_string()
        }
        "json" => {
            let mut value = serde_json::from_str(text)
                .unwrap_or_else(|error| panic!("{path}: {error}\n{text}"));
            strip(&mut value);
            value.to_string()
        }
        "xml" => roxmltree::Document::parse(text)
            .unwrap_or_else(|error| panic!("{path}: {error}\n{text}"))
            .descendants()
            .filter(roxmltree::Node::is_element)
            .map(|node| {
                let attributes: Vec<&str> = node.attributes().map(|pair| pair.name()).collect();
                format!("{}{attributes:?};", node.tag_name().name())
            })
            .collect(),
        "js" | "ts" | "java" => scripts(text),
        "md" => marks(text),
        _ => text.to_owned(),
    }
}

fn tokens(stream: TokenStream, out: &mut String) {
    let mut stream = stream.into_iter().peekable();
    while let Some(token) = stream.next() {
        match token {
            TokenTree::Group(group) => {
                let (open, close) = match group.delimiter() {
                    Delimiter::Parenthesis => ("(", ")"),
                    Delimiter::Brace => ("{", "}"),
                    Delimiter::Bracket => ("[", "]"),
                    Delimiter::None => ("", ""),
                };
                out.push_str(open);
                tokens(group.stream(), out);
                out.push_str(close);
            }
            // A long list has a comma at its end, and a short one none.
            TokenTree::Punct(mark) if mark.as_char() == ',' && stream.peek().is_none() => {}
            TokenTree::Literal(literal) if literal.to_string().contains('"') => out.push('S'),
            token => {
                out.push_str(&token.to_string());
                out.push(' ');
            }
        }
    }
}

fn strip(value: &mut serde_json::Value) {
    match value {
        serde_json::Value::String(text) => *text = "S".to_owned(),
        serde_json::Value::Array(items) => items.iter_mut().for_each(strip),
        serde_json::Value::Object(map) => map.values_mut().for_each(strip),
        _ => {}
    }
}

/// JavaScript and Java without their strings between double quotes and their comments; a string must end on its line.
fn scripts(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        if rest.starts_with("//") {
            rest = rest.find('\n').map_or("", |at| &rest[at..]);
        } else if rest.starts_with("/*") {
            let end = rest.find("*/").expect("a comment ends");
            rest = &rest[end + 2..];
        } else if c == '"' {
            let mut end = None;
            let mut escaped = false;
            for (at, c) in rest.char_indices().skip(1) {
                match c {
                    '\n' | '\r' | '\u{2028}' | '\u{2029}' => break,
                    _ if escaped => escaped = false,
                    '\\' => escaped = true,
                    '"' => {
                        end = Some(at);
                        break;
                    }
                    _ => {}
                }
            }
            let end = end.unwrap_or_else(|| panic!("a string does not end:\n{text}"));
            out.push('S');
            rest = &rest[end + 1..];
        } else {
            out.push(c);
            rest = &rest[c.len_utf8()..];
        }
    }
    out
}

/// The marks of Markdown that are not escaped, line by line; the words between them are prose.
fn marks(text: &str) -> String {
    let mut out = String::new();
    let mut in_code = false;
    for line in text.lines() {
        let is_fence = line.starts_with("```");
        in_code ^= is_fence;
        if in_code || is_fence {
            out.push_str(if is_fence { "```" } else { "code" });
        }
        let mut chars = line.chars();
        while let Some(c) = chars.next() {
            match c {
                '\\' if !in_code => drop(chars.next()),
                '`' | '*' | '_' | '[' | ']' | '<' | '>' | '#' | '|' | '~' | '{' | '}' => {
                    out.push(c)
                }
                _ => {}
            }
        }
        out.push('\n');
    }
    out
}

#[track_caller]
fn same(hostile: &FileTree, harmless: &FileTree, said: &str) {
    let paths =
        |tree: &FileTree| -> Vec<String> { tree.iter().map(|(path, _)| path.to_owned()).collect() };
    assert_eq!(paths(hostile), paths(harmless), "{said:?}");
    for ((path, text), (_, other)) in hostile.iter().zip(harmless.iter()) {
        let (is, should) = (shape(path, text), shape(path, other));
        assert_eq!(is, should, "{said:?} in {path}:\n{text}");
    }
}

/// The spec with one value, in a folder; what is rendered, if it holds.
fn rendered(
    folder: &Path,
    catalog: &Catalog,
    (target, more): (Target, Option<(&str, &str)>),
    (path, value): (&str, &str),
) -> Option<FileTree> {
    let base = [
        ("schema", "1"),
        ("runtime.name", "\"acme\""),
        (
            "modules.fs",
            "{ mounts = [{ at = \"/a\", from = \"embed:./assets\" }] }",
        ),
    ];
    let base = base.into_iter().chain(more).filter(|(key, _)| {
        let rest = path.strip_prefix(key);
        rest.is_none_or(|rest| !rest.is_empty() && !rest.starts_with('.'))
    });
    let text: String = base
        .chain([(path, value)])
        .map(|(key, value)| format!("{key} = {value}\n"))
        .collect();
    let file = folder.join("runtime.toml");
    let checked = pipeline::check_text(&file, text, &[], target, catalog.clone());
    match checked {
        Ok(checked) => Some(everything(&checked.plan())),
        Err(report) => {
            let shown = report.render(false);
            assert!(
                !shown.contains(['\u{1b}', '\0', '\u{202e}', '\u{2028}']),
                "{shown:?}"
            );
            None
        }
    }
}

fn literal(text: &str) -> String {
    // Not by the encoder that is tested: what JSON escapes, TOML reads alike.
    serde_json::Value::from(text).to_string()
}

/// The strings of an example, as a person may write them: `["./data"]` has one.
fn strings(example: &str) -> Vec<String> {
    example
        .split('"')
        .skip(1)
        .step_by(2)
        .map(str::to_owned)
        .collect()
}

/// The keys that take strings: each path in a spec, and the strings of its example.
fn places(catalog: &Catalog) -> Vec<(String, String)> {
    let of_module = |key: &Key| match &*key.path {
        "modules.*" => None,
        "modules.*.path" | "modules.*.crate" | "modules.*.expose" => None,
        path => Some((path.to_owned(), key.example.to_string())),
    };
    let mut places: Vec<(String, String)> = KEYS
        .iter()
        .filter(|key| !matches!(key.kind, Kind::Section | Kind::Override | Kind::Schema))
        .filter(|key| key.not_yet.is_none())
        .filter_map(of_module)
        .filter(|(_, example)| example.contains('"'))
        .collect();
    // Keys of modules of one's own, and those of the standard ones.
    for (form, place) in [
        ("modules.own", "{ path = \"native/greet.rs\" }"),
        (
            "modules.own",
            "{ path = \"native/greet.rs\", expose = \"acme:own\" }",
        ),
        ("modules.own", "{ crate = \"1.2\" }"),
        ("modules.own", "{ crate = { version = \"1.2\" } }"),
    ] {
        places.push((form.to_owned(), place.to_owned()));
    }
    for key in catalog.iter().flat_map(|manifest| manifest.keys()) {
        places.push((format!("modules.{}", key.path), key.example.to_string()));
        if let Kind::Rows(fields) = &key.kind {
            for field in fields.iter() {
                let at = format!("{} = {}", field.name(), field.example);
                let rest = fields.iter().filter(|other| other.name() != field.name());
                let rest = rest.filter(|other| other.default.is_none());
                let rest: String = rest
                    .map(|other| match other.name() {
                        "from" => ", from = 'memory'".to_owned(),
                        name => format!(", {name} = {}", other.example.replace('"', "'")),
                    })
                    .collect();
                places.push((
                    format!("modules.{}", key.path),
                    format!("[{{ {at}{rest} }}]"),
                ));
            }
        }
    }
    places
}

#[test]
fn no_text_of_a_spec_changes_what_a_file_means() {
    let folder = folder();
    let catalog = pipeline::catalog().expect("the manifests are right");
    let mut rendered_at: Vec<String> = Vec::new();
    for (path, example) in places(&catalog) {
        for (at, target) in TARGETS.iter().enumerate() {
            for string in strings(&example) {
                // Several at once: what is let through at all is mostly let through together.
                // A specifier has no blank and no quote, so there each is tried alone.
                let together = if path == "modules.own" { 1 } else { 7 };
                for hostile in HOSTILE.chunks(together).map(<[&str]>::concat) {
                    let with = |text: &str| {
                        let value = example.replace(&format!("\"{string}\""), &literal(text));
                        rendered(folder.path(), &catalog, *target, (&path, &value))
                    };
                    let said = format!("{string}{hostile}");
                    let Some(tree) = with(&said) else { continue };
                    let harmless = with(&format!("{string}x")).or_else(|| with(&string));
                    let harmless = harmless.expect("the example holds");
                    same(&tree, &harmless, &said);
                    if at == 0 && !rendered_at.contains(&path) {
                        rendered_at.push(path.clone());
                    }
                }
            }
        }
    }
    // Where hostile texts are right, they were rendered and not just refused.
    for path in [
        "runtime.description",
        "permissions.read",
        "modules.fs.mounts",
        "modules.own",
    ] {
        assert!(
            rendered_at.iter().any(|found| found == path),
            "{path}: {rendered_at:?}"
        );
    }
}

#[test]
fn no_text_of_a_plan_changes_what_a_file_means() {
    let folder = folder();
    let catalog = pipeline::catalog().expect("the manifests are right");
    let spec = "schema = 1\n[runtime]\nname = \"acme\"\nentry = \"app/main.js\"\n[modules]\n\
        own = { path = \"native/greet.rs\", expose = \"acme:own\" }\nkrate = { crate = \"1.2\" }\n\
        fs = { mounts = [{ at = \"/a\", from = \"embed:./assets\" }, { at = \"/b\", from = \"memory\" }] }\n\
        [permissions]\nread = [\"/a\"]\n";
    for (target, more) in TARGETS {
        let file = folder.path().join("runtime.toml");
        let more = more.map(|(key, value)| format!("{key} = {value}\n"));
        let text = more.unwrap_or_default() + spec;
        let checked = pipeline::check_text(&file, text, &[], *target, catalog.clone());
        let plan = checked.map(|checked| checked.plan());
        let plan = plan.unwrap_or_else(|report| panic!("{}", report.render(false)));
        let with = |text: &str| {
            let mut plan = plan.clone();
            plan.description = format!("x{text}");
            for grant in &mut plan.permissions {
                grant.entry = text.to_owned();
            }
            for module in &mut plan.modules {
                module.specifier = module.specifier.as_ref().map(|_| text.to_owned());
                if let crate::plan::ModuleOrigin::File { path, native, .. } = &mut module.origin {
                    *path = text.into();
                    native.doc = format!("x{text}");
                }
                if let crate::plan::ModuleOrigin::Crate { source, .. } = &mut module.origin {
                    *source = crate::spec::CrateSource::Version(text.to_owned());
                }
            }
            for file in plan.app.iter_mut().flat_map(|app| &mut app.files) {
                (file.path, file.file) = (text.to_owned(), text.into());
            }
            for mount in &mut plan.mounts {
                mount.at = format!("/{text}");
                if let MountFiles::Embed(files) = &mut mount.files {
                    (files[0].path, files[0].file) = (text.to_owned(), text.into());
                }
            }
            plan.workspace = plan.workspace.clone();
            everything(&plan)
        };
        let harmless = with("x");
        for hostile in HOSTILE.iter().chain(UNSEEN) {
            same(&with(hostile), &harmless, hostile);
        }
    }
}
