//! Imports: a specifier leads to a module below the entry's folder or to an error, and JSON is read as the engine reads it.
//!
//! An input is lines: `import SPECIFIER` and `json SPECIFIER` (with the attribute `type: "json"`) ask for modules of a folder
//! with files and links; `text` makes the rest of the input a JSON file and imports that. The boundary: no permission is granted, so
//! nothing outside the folder may run.

use std::path::PathBuf;
use std::sync::OnceLock;
use std::time::Duration;

use runtime_core::{JsError, JsRuntime, Limits, Plain};
use tempfile::TempDir;

use crate::Target;

pub(crate) const TARGET: Target = Target {
    name: "imports",
    run,
    more_seeds: &[],
    extension: "",
    words: &[
        "\nimport ",
        "\njson ",
        "\ntext\n",
        "file://",
        "file:///",
        "localhost",
        "runtime:timers",
        "app:///",
        "native:",
        "./",
        "../",
        "/",
        "main.js",
        "lib/a.js",
        "data.json",
        "wrong.json",
        "bytes.js",
        "out/secret.js",
        "outside/",
        ".json",
        "#json",
        "?",
        "#",
        "%2e%2e/",
        "%2F",
        "%00",
        "%",
        "{\"a\":",
        "[",
        "]",
        "}",
        "\"__proto__\":",
        "1e999",
        "-0",
        "\\ud800",
        "\\u0000",
        "null",
        "\u{feff}",
        "\u{2028}",
    ],
    inputs: 500,
};

/// What a module of the folder is loaded by; what it is loaded with is in the input.
const MAIN: &str = r#"
globalThis.load = async (specifier, type) => {
  const module = await import(specifier, type ? { with: { type } } : undefined);
  return type ? JSON.stringify(module.default) : module.url;
};
globalThis.parsed = (text) => JSON.stringify(JSON.parse(text));
export const url = import.meta.url;
"#;

const MODULE: &str = "export const url = import.meta.url;";

const SECRET: &str = "globalThis.escaped = true;";

struct Field {
    _folder: TempDir,
    app: PathBuf,
}

fn field() -> &'static Field {
    static FIELD: OnceLock<Field> = OnceLock::new();
    FIELD.get_or_init(|| {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let base = folder.path().canonicalize().expect("it is there");
        let files: [(&str, &[u8]); 7] = [
            ("app/main.js", MAIN.as_bytes()),
            ("app/lib/a.js", MODULE.as_bytes()),
            ("app/data.json", br#"{ "a": [1, "x", null] }"#),
            ("app/wrong.json", b"{"),
            ("app/bytes.js", b"\xff"),
            ("outside/secret.js", SECRET.as_bytes()),
            ("outside/secret.json", br#""secret""#),
        ];
        for (file, text) in files {
            let file = base.join(file);
            let above = file.parent().expect("a file is in a folder");
            std::fs::create_dir_all(above).expect("a folder can be made");
            std::fs::write(&file, text).expect("a file can be made");
        }
        #[cfg(unix)]
        std::os::unix::fs::symlink("../outside", base.join("app/out")).expect("a link can be made");
        Field {
            _folder: folder,
            app: base.join("app"),
        }
    })
}

fn run(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let limits = Limits {
        memory: Some(16 << 20),
        cpu: Some(Duration::from_secs(1)),
        ..Limits::NONE
    };
    let mut runtime = JsRuntime::builder()
        .module(&module_timers::MODULE)
        .limits(limits)
        .best_effort()
        .build()
        .expect("an empty runtime can be built");
    let main = runtime.run_file(&field().app.join("main.js"));
    main.expect("the entry is right");
    let mut rest = &*text;
    while let Some((line, after)) = rest
        .split_once('\n')
        .or((!rest.is_empty()).then_some((rest, "")))
    {
        rest = after;
        match line.split_once(' ') {
            Some(("import", specifier)) => import(&mut runtime, specifier),
            Some(("json", specifier)) => {
                let found = load(&mut runtime, specifier, Some("json"));
                assert_ne!(found.ok(), Some(Plain::from("\"secret\"")), "{specifier}");
            }
            None if line == "text" => {
                parse(&mut runtime, after);
                break;
            }
            _ => {}
        }
    }
    let escaped = runtime.eval("globalThis.escaped");
    assert_eq!(escaped, Ok(Plain::Undefined), "{text}");
}

fn load(runtime: &mut JsRuntime, specifier: &str, kind: Option<&str>) -> Result<Plain, JsError> {
    let kind = kind.map_or(Plain::Undefined, Plain::from);
    let found = runtime.call("load", vec![Plain::from(specifier), kind]);
    if let Err(error) = &found {
        assert!(!error.message().is_empty(), "{specifier}: {error:?}");
    }
    found
}

/// What was loaded is below the folder, and loaded again by its own URL it is the same module.
fn import(runtime: &mut JsRuntime, specifier: &str) {
    let Ok(Plain::String(url)) = load(runtime, specifier, None) else {
        return;
    };
    let folder = field()
        .app
        .to_str()
        .expect("a temporary folder has a plain name");
    let path = url.strip_prefix("file://").expect("a file's URL");
    assert!(
        path.starts_with(folder) && !path.contains("/../"),
        "{specifier} is {url}"
    );
    let again = load(runtime, &url, None);
    assert_eq!(again, Ok(Plain::String(url)), "{specifier}");
}

/// A JSON file is what `JSON.parse` makes of its text; a mark at its start is no part of that.
fn parse(runtime: &mut JsRuntime, text: &str) {
    let file = field().app.join("input.json");
    std::fs::write(&file, text).expect("the input can be written");
    let imported = load(runtime, "./input.json", Some("json"));
    let plain = text.strip_prefix('\u{feff}').unwrap_or(text);
    let parsed = runtime.call("parsed", vec![Plain::from(plain)]);
    match (imported, parsed) {
        (Ok(imported), Ok(parsed)) => assert_eq!(imported, parsed),
        (Err(_), Err(_)) => {}
        (imported, parsed) => panic!("imported it is {imported:?}, parsed {parsed:?}"),
    }
}
