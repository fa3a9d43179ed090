//! Where the bytes of a binary go: to each module, the engine, the standard library, each dependency.
//!
//! Symbols come from the binary as cargo linked it, sections and the total from the one that ships, so that the sum is the size
//! of the file, to the byte. Suggested reading order: `owner`, `symbols`, `tree`, `history`, `table`, `page`.

pub(crate) mod module;
mod owner;
mod symbols;
mod tree;

pub(crate) mod history;
mod page;
mod table;

use std::path::Path;

use serde::{Deserialize, Serialize};

pub(crate) use owner::Subject;
pub(crate) use page::page;
pub(crate) use table::table;
pub(crate) use tree::Node;

use crate::diagnostics::Report;
use crate::files::failed;

/// Whose bytes they are. The order is the order of reports.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Group {
    /// The selected modules.
    Modules,
    /// Tailor's own core, and the generated crate.
    Core,
    /// The engine.
    Engine,
    /// Rust's standard library.
    Std,
    /// Crates that those depend on.
    Dependencies,
    /// C code: the platform's start-up code, an allocator.
    Foreign,
    /// Bytes of a section that no symbol covers: constants, tables for unwinding, relocations.
    Data,
    /// Headers and padding of the file.
    File,
}

/// A group and what people call it.
pub(crate) const GROUPS: &[(Group, &str)] = &[
    (Group::Modules, "modules"),
    (Group::Core, "runtime-core"),
    (Group::Engine, "engine"),
    (Group::Std, "Rust's standard library"),
    (Group::Dependencies, "dependencies"),
    (Group::Foreign, "C code"),
    (Group::Data, "data without a symbol"),
    (Group::File, "headers and padding"),
];

impl Group {
    /// What people call it.
    pub(crate) fn title(self) -> &'static str {
        GROUPS
            .iter()
            .find(|(group, _)| *group == self)
            .map_or("", |(_, title)| title)
    }
}

/// Bytes of one module, crate or section.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub(crate) struct Part {
    /// Whose they are.
    pub(crate) group: Group,
    /// The module, crate or section.
    pub(crate) name: String,
    /// How many.
    pub(crate) bytes: u64,
}

/// Where the bytes of one binary go.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct SizeReport {
    /// The length of the file that ships.
    pub(crate) total: u64,
    /// The parts, by group and then the largest first. Their sum is the total.
    pub(crate) parts: Vec<Part>,
    /// The same, down to parts of crates, for the page.
    #[serde(skip)]
    pub(crate) tree: Node,
}

impl SizeReport {
    /// The bytes of a part.
    pub(crate) fn bytes_of(&self, group: Group, name: &str) -> u64 {
        let part = self
            .parts
            .iter()
            .find(|part| part.group == group && part.name == name);
        part.map_or(0, |part| part.bytes)
    }
}

/// Attributes the bytes of `shipped` with the symbols of `linked`, which is the same binary before they were taken out.
pub(crate) fn attribute(
    linked: &Path,
    shipped: &Path,
    subject: &Subject<'_>,
) -> Result<SizeReport, Report> {
    let read =
        |path: &Path| std::fs::read(path).map_err(|error| failed("read the binary", path, &error));
    let pieces = symbols::pieces(&read(linked)?, &read(shipped)?).map_err(|error| {
        Report::error(format!(
            "cannot read the symbols of `{}`: {error}",
            linked.display()
        ))
    })?;
    Ok(report(&pieces, subject))
}

fn report(pieces: &[symbols::Piece], subject: &Subject<'_>) -> SizeReport {
    // A selected module without a byte of its own is still one that was selected.
    let selected = subject
        .modules
        .iter()
        .map(|name| (Group::Modules, vec![(*name).to_owned()], 0));
    let owned = pieces.iter().map(|piece| {
        let owned = owner::owner(&piece.origin, subject);
        (owned.group, owned.path, piece.bytes)
    });
    let tree = Node::grow(selected.chain(owned).collect());
    SizeReport {
        total: tree.bytes,
        parts: tree.parts(),
        tree,
    }
}

/// `3.1 MiB`, as a person says it.
pub(crate) fn spoken(bytes: u64) -> String {
    #[expect(
        clippy::cast_precision_loss,
        reason = "the number is rounded to one decimal anyway"
    )]
    let value = bytes as f64;
    if bytes < 1024 {
        format!("{bytes} bytes")
    } else if bytes < 1024 * 1024 {
        format!("{:.1} KiB", value / 1024.0)
    } else {
        format!("{:.2} MiB", value / (1024.0 * 1024.0))
    }
}

#[cfg(test)]
mod tests;
