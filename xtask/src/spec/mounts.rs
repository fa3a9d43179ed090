//! What an entry of `fs.mounts` means: where its files come from, and which cargo features open them.
//!
//! The boundary: one entry, and a look at the folder that it embeds. What must hold between entries is `rules`.

use std::path::Path;

use runtime_core::tables::{self, Mistake};

use super::raw::Node;
use super::{MountSaid, Said, Target, embedding};
use crate::diagnostics::{Diagnostic, Sources};

/// Where the files of a mount come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source<F> {
    /// Whether what is written is kept in memory, over files that never change.
    pub is_overlay: bool,
    /// The files.
    pub files: F,
}

/// Files of a mount, as a spec says them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Written<'t> {
    /// A folder of the machine that runs the program.
    Host(&'t str),
    /// None at first.
    Memory,
    /// A folder beside the spec, which ships in the program.
    Embed(&'t str),
}

/// The same, looked up.
#[derive(Clone, Debug)]
pub enum Files {
    /// A folder of the machine that runs the program.
    Host(String),
    /// None at first.
    Memory,
    /// Each by its path below the folder, and where it is.
    Embed(embedding::Files),
}

/// The most mounts.
pub const MOST: usize = 64;

/// How much is kept in memory when nobody says it.
const QUOTA: u64 = 64 << 20;

const SOURCES: &str = "a mount is from `host:./folder`, `memory`, `embed:./folder`, or from `overlay:` and a folder of either kind, as in `overlay:embed:./folder`";

/// Reads `overlay:embed:./assets`.
pub fn parse(text: &str) -> Result<Source<Written<'_>>, Mistake> {
    let wrong = |what: String, help: &str| {
        Err(Mistake {
            what,
            help: help.to_owned(),
            at: 0..text.len(),
        })
    };
    let (is_overlay, base) = match text.strip_prefix("overlay:") {
        Some(base) => (true, base),
        None => (false, text),
    };
    let files = match base.split_once(':') {
        None if base == "memory" && is_overlay => {
            return wrong(
                "an overlay of `memory` has nothing beneath it".to_owned(),
                "write `memory`",
            );
        }
        None if base == "memory" => Written::Memory,
        Some(("memory", _)) => {
            return wrong(
                format!("`{base}` is not a valid source of a mount"),
                "nothing follows `memory`; what it begins with comes from `overlay:embed:` and a folder",
            );
        }
        Some(("host" | "embed", "")) => {
            return wrong(
                format!("`{text}` names no folder"),
                &format!("write `{text}./folder`"),
            );
        }
        Some(("host", folder)) => Written::Host(folder),
        Some(("embed", folder)) => Written::Embed(folder),
        Some((scheme, _)) if scheme.len() > 1 => {
            let at = text.len() - base.len();
            return Err(Mistake {
                what: format!("unknown source `{scheme}`"),
                help: SOURCES.to_owned(),
                at: at..at + scheme.len(),
            });
        }
        _ => {
            return wrong(
                format!("`{text}` is not a valid source of a mount"),
                SOURCES,
            );
        }
    };
    Ok(Source { is_overlay, files })
}

/// Reads an entry whose values have their form; one that does not is passed over.
pub fn resolve(item: &Node, sources: &Sources, out: &mut Vec<Diagnostic>) -> Option<MountSaid> {
    let node = |key: &str| item.get(key).map(|entry| &entry.node);
    let said = |key: &str| Some((node(key)?.as_str()?, &node(key)?.span));
    let (point, at) = said("at")?;
    let (from, from_at) = said("from")?;
    let source = parse(from).ok()?;
    let files = match source.files {
        Written::Host(folder) => Files::Host(folder.to_owned()),
        Written::Memory => Files::Memory,
        Written::Embed(folder) => {
            let spec = &sources.get(from_at.file).path;
            let beside = spec.parent().unwrap_or(Path::new("")).join(folder);
            match embedding::files(&beside, from_at.file, sources, &|_| true) {
                Ok(files) => Files::Embed(files),
                Err(wrong) => {
                    let diagnostic = Diagnostic::error(wrong.what(folder));
                    out.push(diagnostic.at(from_at, wrong.label()).help(wrong.help()));
                    return None;
                }
            }
        }
    };
    Some(MountSaid {
        point: point.to_owned(),
        at: at.clone(),
        from: Said::here(from.to_owned(), from_at),
        source: Source {
            is_overlay: source.is_overlay,
            files,
        },
        writable: said("mode").map(|(mode, at)| Said::here(mode == "rw", at)),
        quota: said("quota")
            .and_then(|(text, at)| Some(Said::here(tables::parse_bytes(text).ok()?, at))),
    })
}

impl MountSaid {
    /// Whether anything is kept in memory.
    pub fn is_kept(&self) -> bool {
        self.source.is_overlay || matches!(self.source.files, Files::Memory)
    }

    /// Whether it may be written: what is kept in memory, unless said otherwise.
    pub fn is_writable(&self) -> bool {
        self.writable
            .as_ref()
            .map_or(self.is_kept(), |said| said.value)
    }

    /// The most bytes that are kept in memory, if any are.
    pub fn most(&self) -> Option<u64> {
        let said = self.quota.as_ref().map(|said| said.value);
        self.is_kept().then_some(said.unwrap_or(QUOTA))
    }
}

/// The cargo features of `module-fs` that open what is mounted.
pub fn features(mounts: &[MountSaid], target: Target) -> Vec<&'static str> {
    let has_host = target != Target::Wasm;
    let is_host = |mount: &MountSaid| matches!(mount.source.files, Files::Host(_));
    let is_plain = |mount: &MountSaid| is_host(mount) && !mount.source.is_overlay;
    let host = has_host && (mounts.is_empty() || mounts.iter().any(is_host));
    let kept = match mounts.is_empty() {
        true => !has_host,
        false => !mounts.iter().all(is_plain),
    };
    let features = [("host", host), ("virtual", kept)];
    let taken = features.into_iter().filter(|(_, is_taken)| *is_taken);
    taken.map(|(feature, _)| feature).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sources_are_read() {
        let read = |text| parse(text).map(|source| (source.is_overlay, source.files));
        let rows = [
            ("host:./data", (false, Written::Host("./data"))),
            ("host:C:/data", (false, Written::Host("C:/data"))),
            ("memory", (false, Written::Memory)),
            ("embed:a", (false, Written::Embed("a"))),
            ("overlay:host:/srv", (true, Written::Host("/srv"))),
            ("overlay:embed:../a b", (true, Written::Embed("../a b"))),
        ];
        for (text, expect) in rows {
            assert_eq!(read(text).expect("it is one"), expect, "{text}");
        }
        let bad = [
            ("", "`` is not a valid source of a mount"),
            ("./data", "`./data` is not a valid source of a mount"),
            ("C:/data", "`C:/data` is not a valid source of a mount"),
            ("overlay", "`overlay` is not a valid source of a mount"),
            ("overlay:", "`overlay:` is not a valid source of a mount"),
            (
                "overlay:memory",
                "an overlay of `memory` has nothing beneath it",
            ),
            ("overlay:overlay:host:a", "unknown source `overlay`"),
            (
                "memory:64MiB",
                "`memory:64MiB` is not a valid source of a mount",
            ),
            ("host:", "`host:` names no folder"),
            ("overlay:embed:", "`overlay:embed:` names no folder"),
            ("ftp:x", "unknown source `ftp`"),
            ("Memory", "`Memory` is not a valid source of a mount"),
        ];
        for (text, expect) in bad {
            let mistake = read(text).expect_err("it is none");
            assert_eq!(mistake.what, expect);
            assert!(mistake.at.end <= text.len(), "{text}");
        }
    }
}
