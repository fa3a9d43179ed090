//! Advice for programs that were written for another runtime: what takes the place of a global, an import or a file that this runtime
//! does not have.
//!
//! The boundary: tables of words. What a line of `[modules]` adds is not here, as the spec's own table says that.

/// Names of other runtimes, with what to do here.
struct Row {
    /// The names, with blanks between them: one text takes fewer bytes in the program than a list
    /// of texts.
    names: &'static str,
    help: &'static str,
}

impl Row {
    fn names(&self) -> impl Iterator<Item = &'static str> {
        self.names.split_whitespace()
    }
}

/// What a script may look for on the global object.
static GLOBALS: &[Row] = &[
    Row {
        names: "require module exports",
        help: "modules are ES modules here: write `import … from \"./file.js\"` and `export`",
    },
    Row {
        names: "__dirname",
        help: "write `import.meta.dirname`",
    },
    Row {
        names: "__filename",
        help: "write `import.meta.filename`",
    },
    Row {
        names: "global window self",
        help: "the global object is `globalThis`",
    },
    Row {
        names: "process Deno Bun",
        help: "the arguments of the script are `import.meta.args`; a native function can give what else the system offers",
    },
    Row {
        names: "Buffer",
        help: "bytes are a `Uint8Array`",
    },
    Row {
        names: PLATFORM,
        help: "no module of this version adds it; a native function in Rust can do the work: \
               add `NAME = { path = \"native/NAME.rs\" }` to [modules] in runtime.toml",
    },
];

/// The names of the web platform and of browsers of which no module is a part of this version. What a
/// module defines is taken out here: the table of the runtime says which line adds it.
const PLATFORM: &str = "\
    fetch Headers Request Response FormData WebSocket EventSource XMLHttpRequest URLPattern \
    TextEncoderStream TextDecoderStream AbortController AbortSignal Event EventTarget \
    CustomEvent ErrorEvent MessageEvent CloseEvent ProgressEvent PromiseRejectionEvent \
    DOMException Blob File FileReader ReadableStream ReadableStreamDefaultReader \
    ReadableStreamBYOBReader WritableStream TransformStream ByteLengthQueuingStrategy \
    CountQueuingStrategy CompressionStream DecompressionStream MessageChannel MessagePort \
    BroadcastChannel Worker SharedWorker crypto Crypto CryptoKey SubtleCrypto performance \
    Performance PerformanceObserver structuredClone reportError navigator WebAssembly Intl \
    setImmediate requestAnimationFrame localStorage sessionStorage indexedDB caches alert prompt \
    confirm document location history addEventListener removeEventListener dispatchEvent";

/// What a specifier may begin with.
static SCHEMES: &[Row] = &[
    Row {
        names: "http: https:",
        help: "modules are not loaded over the network: download the file and import it by a relative path",
    },
    Row {
        names: "npm: jsr:",
        help: PACKAGE,
    },
    Row {
        names: "node: bun: deno:",
        help: "modules of other runtimes are not part of this one",
    },
];

const PACKAGE: &str = "packages are not looked up: bundle them with the script into one file (for example with esbuild), \
                       or import a file by its path";

/// What to do about a global that is not defined.
pub(crate) fn global(name: &str) -> Option<String> {
    let mut rows = GLOBALS.iter();
    let row = rows.find(|row| row.names().any(|known| known == name))?;
    Some(format!("this runtime has no `{name}`: {}", row.help))
}

/// The names that [`global`] knows.
pub(crate) fn globals() -> impl Iterator<Item = &'static str> {
    GLOBALS.iter().flat_map(Row::names)
}

/// What to do about an import by a scheme that this runtime does not know.
pub(crate) fn scheme(specifier: &str) -> Option<&'static str> {
    let begins = |row: &&Row| row.names().any(|name| specifier.starts_with(name));
    SCHEMES.iter().find(begins).map(|row| row.help)
}

/// What to do about an import of a bare name.
pub(crate) fn bare(specifier: &str) -> String {
    const FILES: &[&str] = &[
        ".js", ".mjs", ".cjs", ".json", ".ts", ".mts", ".jsx", ".tsx",
    ];
    if FILES.iter().any(|end| specifier.ends_with(end)) {
        return format!("a file is imported by its path: `./{specifier}`");
    }
    PACKAGE.to_owned()
}

/// How many names an error lists.
const LISTED: usize = 12;

/// Names in an error: the first ones, and how many more there are.
pub(crate) fn listed(names: &[&str]) -> String {
    let shown = names.iter().take(LISTED).map(|name| format!("`{name}`"));
    let shown: Vec<String> = shown.collect();
    let more = match names.len().saturating_sub(LISTED) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    format!("{}{more}", shown.join(", "))
}

/// What to do about a file that does not parse, when it is in another language.
pub(crate) fn language(file: &str) -> Option<&'static str> {
    let (_, end) = file.rsplit_once('.')?;
    match end {
        "ts" | "mts" | "cts" => Some(
            "this runtime runs JavaScript and does not remove types: compile TypeScript first, for example with `tsc` or esbuild",
        ),
        "jsx" | "tsx" => {
            Some("this runtime runs JavaScript: compile JSX first, for example with esbuild")
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_other_runtimes_have_is_known() {
        for name in ["fetch", "Blob", "process", "require", "Buffer"] {
            let help = global(name).unwrap_or_default();
            assert!(help.contains(&format!("no `{name}`: ")), "{name}: {help}");
        }
        assert_eq!(global("nope"), None);
    }

    #[test]
    fn no_name_has_two_rows() {
        let mut names: Vec<_> = globals().collect();
        let all = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), all);
    }

    #[test]
    fn an_import_of_another_world_is_known_by_its_scheme() {
        assert!(scheme("https://x.org/a.js").is_some_and(|help| help.contains("network")));
        assert!(scheme("npm:lodash").is_some_and(|help| help.contains("bundle")));
        assert!(scheme("node:fs").is_some_and(|help| help.contains("other runtimes")));
        assert_eq!(scheme("runtime:nope"), None);
    }

    #[test]
    fn a_bare_name_is_a_file_or_a_package() {
        assert!(bare("util.js").contains("`./util.js`"));
        assert!(bare("lodash").contains("bundle"));
    }

    #[test]
    fn other_languages_are_known_by_their_names() {
        assert!(language("/a/main.ts").is_some_and(|help| help.contains("TypeScript")));
        assert!(language("a.jsx").is_some_and(|help| help.contains("JSX")));
        assert_eq!(language("/a.b/main.js"), None);
        assert_eq!(language("<eval>"), None);
    }
}
