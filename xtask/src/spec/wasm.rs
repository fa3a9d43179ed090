//! What `[targets.wasm]` means: the flavours of the npm package, and its name.
//!
//! The boundary: names. What a flavour is made of is the package's business.

use super::raw::Setting;
use super::{Flavour, Said};
use crate::diagnostics::{Diagnostic, did_you_mean};

/// The platform that every flavour but `wasi` is compiled for.
pub const TRIPLE: &str = "wasm32-unknown-unknown";

/// The platform of the flavour `wasi`.
pub const WASI_TRIPLE: &str = "wasm32-wasip1";

/// Every flavour.
pub const FLAVOURS: &[&str] = &["web", "bundler", "nodejs", "wasi"];

/// The flavours that were said, each once; without any, all that share one module.
pub fn flavours(setting: Option<&Setting>, out: &mut Vec<Diagnostic>) -> Vec<Said<Flavour>> {
    let Some(setting) = setting else {
        let all = [Flavour::Web, Flavour::Bundler, Flavour::Nodejs];
        return all.into_iter().map(Said::default).collect();
    };
    let mut flavours: Vec<Said<Flavour>> = Vec::new();
    for item in setting.value.items() {
        let word = item.as_str().unwrap_or_default();
        match Flavour::from_word(word) {
            Some(flavour) if flavours.iter().any(|said| said.value == flavour) => out.push(
                Diagnostic::warning(format!("the flavour `{word}` is listed twice"))
                    .at(&item.span, "again")
                    .help("take one of them out"),
            ),
            Some(flavour) => flavours.push(Said::here(flavour, &item.span)),
            None => out.push(
                Diagnostic::error(format!("unknown flavour `{word}`"))
                    .at(&item.span, "no flavour of the package")
                    .help(did_you_mean(word, "flavours", FLAVOURS)),
            ),
        }
    }
    if setting.value.items().is_empty() {
        out.push(
            Diagnostic::error("`targets.wasm.flavours` is empty")
                .at(&setting.value.span, "nothing would be built")
                .help("write `[\"web\"]` for pages"),
        );
    }
    flavours
}

/// The platforms that flavours are compiled for, each once.
pub fn triples(flavours: &[Said<Flavour>]) -> Vec<Said<String>> {
    let has = |wanted: bool| {
        let mut said = flavours.iter();
        said.any(|said| (said.value == Flavour::Wasi) == wanted)
    };
    let triples = [(TRIPLE, has(false)), (WASI_TRIPLE, has(true))];
    let compiled = triples.into_iter().filter(|(_, is_compiled)| *is_compiled);
    compiled
        .map(|(triple, _)| Said::default(triple.to_owned()))
        .collect()
}

/// The name of the package, judged as npm judges it.
pub fn npm_name(setting: Option<&Setting>, out: &mut Vec<Diagnostic>) -> Option<Said<String>> {
    let setting = setting?;
    let name = setting.value.as_str()?;
    let (scope, bare) = match name.strip_prefix('@').and_then(|name| name.split_once('/')) {
        Some((scope, bare)) => (Some(scope), bare),
        None => (None, name),
    };
    let holds = |part: &str| {
        let is_part = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "-_.~".contains(c);
        !part.is_empty() && !part.starts_with(['.', '_']) && part.chars().all(is_part)
    };
    if holds(bare) && scope.is_none_or(holds) && name.len() <= 214 {
        return Some(Said::here(name.to_owned(), &setting.value.span));
    }
    out.push(
        Diagnostic::error(format!("`{name}` is not a valid npm package name"))
            .at(&setting.value.span, "npm would refuse it")
            .help(
                "lowercase letters, digits, `-`, `_` and `.`, with a scope or without: `@acme/js`",
            ),
    );
    None
}
