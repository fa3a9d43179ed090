//! What an entry of `fs.mounts` means: where its files come from, and which cargo features open them.
//!
//! The boundary: one entry, and a look at the folder that it embeds. What must hold between entries is `rules`.

use std::fs;
use std::path::{Path, PathBuf};

use runtime_core::tables::{self, Mistake};

use super::raw::Node;
use super::{MountSaid, Said, Target};
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
    Embed(Vec<(String, PathBuf)>),
}

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
                format!("`{base}` is no source of a mount"),
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
        _ => return wrong(format!("`{text}` is no source of a mount"), SOURCES),
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
            match embedded(&beside) {
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

/// The cargo features of runtime-std that open what is mounted.
pub fn features(mounts: &[MountSaid], target: Target) -> Vec<&'static str> {
    let has_host = target != Target::Wasm;
    let is_host = |mount: &MountSaid| matches!(mount.source.files, Files::Host(_));
    let is_plain = |mount: &MountSaid| is_host(mount) && !mount.source.is_overlay;
    let host = has_host && (mounts.is_empty() || mounts.iter().any(is_host));
    let kept = match mounts.is_empty() {
        true => !has_host,
        false => !mounts.iter().all(is_plain),
    };
    let features = [("fs-host", host), ("fs-virtual", kept)];
    let taken = features.into_iter().filter(|(_, is_taken)| *is_taken);
    taken.map(|(feature, _)| feature).collect()
}

/// Why a folder cannot be embedded.
#[derive(Debug)]
enum Wrong {
    Missing,
    NoFolder,
    Empty,
    Unreadable(String),
    /// What is neither a file nor a folder.
    Odd(String),
    /// A name that no script could write.
    Unspeakable(String),
}

impl Wrong {
    fn what(&self, folder: &str) -> String {
        match self {
            Self::Missing => format!("there is no folder `{folder}`"),
            Self::NoFolder => format!("`{folder}` is no folder"),
            Self::Empty => format!("the folder `{folder}` is empty"),
            Self::Unreadable(why) => format!("cannot read the folder `{folder}`: {why}"),
            Self::Odd(path) => format!("`{path}` in `{folder}` is neither a file nor a folder"),
            Self::Unspeakable(path) => format!("the name of `{path}` in `{folder}` is not UTF-8"),
        }
    }

    fn label(&self) -> &'static str {
        match self {
            Self::Missing | Self::NoFolder => "looked for beside the spec that says it",
            Self::Empty => "has no file to embed",
            Self::Unreadable(_) | Self::Odd(_) | Self::Unspeakable(_) => {
                "everything in it is embedded"
            }
        }
    }

    fn help(&self) -> &'static str {
        match self {
            Self::Missing => {
                "a path is relative to the spec that says it; a folder of the machine that runs the program is `host:`"
            }
            Self::NoFolder => "name the folder that it is in",
            Self::Empty => "put files into it, or mount `memory`",
            Self::Unreadable(_) => "make it readable",
            Self::Odd(_) => "move it elsewhere: links are followed to files only",
            Self::Unspeakable(_) => "rename it",
        }
    }
}

/// Every file in a folder, in order.
fn embedded(folder: &Path) -> Result<Vec<(String, PathBuf)>, Wrong> {
    match fs::metadata(folder) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Err(Wrong::Missing),
        Err(error) => return Err(Wrong::Unreadable(error.to_string())),
        Ok(is) if !is.is_dir() => return Err(Wrong::NoFolder),
        Ok(_) => {}
    }
    // A generated crate lies elsewhere.
    let folder = std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned());
    let mut files = Vec::new();
    collect(&folder, "", &mut files)?;
    files.sort();
    match files.is_empty() {
        true => Err(Wrong::Empty),
        false => Ok(files),
    }
}

/// The files of a folder and its subfolders. Links to folders are not followed: one may lead back.
fn collect(folder: &Path, prefix: &str, files: &mut Vec<(String, PathBuf)>) -> Result<(), Wrong> {
    let unreadable = |error: std::io::Error| Wrong::Unreadable(error.to_string());
    for entry in fs::read_dir(folder).map_err(unreadable)? {
        let entry = entry.map_err(unreadable)?;
        let name = entry.file_name();
        let path = format!("{prefix}{}", name.to_string_lossy());
        if name.to_str().is_none() {
            return Err(Wrong::Unspeakable(path));
        }
        if entry.file_type().map_err(unreadable)?.is_dir() {
            collect(&entry.path(), &format!("{path}/"), files)?;
        } else if entry.path().is_file() {
            files.push((path, entry.path()));
        } else {
            return Err(Wrong::Odd(path));
        }
    }
    Ok(())
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
            ("", "`` is no source of a mount"),
            ("./data", "`./data` is no source of a mount"),
            ("C:/data", "`C:/data` is no source of a mount"),
            ("overlay", "`overlay` is no source of a mount"),
            ("overlay:", "`overlay:` is no source of a mount"),
            (
                "overlay:memory",
                "an overlay of `memory` has nothing beneath it",
            ),
            ("overlay:overlay:host:a", "unknown source `overlay`"),
            ("memory:64MiB", "`memory:64MiB` is no source of a mount"),
            ("host:", "`host:` names no folder"),
            ("overlay:embed:", "`overlay:embed:` names no folder"),
            ("ftp:x", "unknown source `ftp`"),
            ("Memory", "`Memory` is no source of a mount"),
        ];
        for (text, expect) in bad {
            let mistake = read(text).expect_err("it is none");
            assert_eq!(mistake.what, expect);
            assert!(mistake.at.end <= text.len(), "{text}");
        }
    }

    #[test]
    fn everything_in_a_folder_is_embedded() {
        let folder = tempfile::tempdir().expect("a folder can be made");
        let of = |name: &str| embedded(&folder.path().join(name));
        for path in ["a/.hidden", "a/b/c.bin", "a/node_modules/x.js", "file"] {
            let path = folder.path().join(path);
            fs::create_dir_all(path.parent().expect("it has one")).expect("it can be made");
            fs::write(path, "").expect("it can be written");
        }
        fs::create_dir(folder.path().join("empty")).expect("it can be made");
        let files = of("a").expect("it can be read");
        let paths: Vec<&str> = files.iter().map(|(path, _)| path.as_str()).collect();
        assert_eq!(paths, [".hidden", "b/c.bin", "node_modules/x.js"]);
        assert!(matches!(of("none"), Err(Wrong::Missing)));
        assert!(matches!(of("file"), Err(Wrong::NoFolder)));
        assert!(matches!(of("empty"), Err(Wrong::Empty)));
        #[cfg(unix)]
        {
            std::os::unix::fs::symlink("..", folder.path().join("empty/up")).expect("a link");
            assert!(matches!(of("empty"), Err(Wrong::Odd(path)) if path == "up"));
        }
    }
}
