//! A binary cut into pieces that cover it exactly: symbols, what is left of each section, and what is in no section.

use object::{Object as _, ObjectSection as _, ObjectSymbol as _, SymbolKind};

use super::module;
use super::owner::Origin;

/// Some bytes of the file that ships.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Piece {
    pub(super) origin: Origin,
    pub(super) bytes: u64,
}

/// A symbol's place in memory.
#[derive(Clone, Copy, Debug)]
struct Range<'n> {
    start: u64,
    end: u64,
    name: &'n str,
    /// The file that alone sees it, where the format says so.
    file: Option<&'n str>,
}

impl Range<'_> {
    fn origin(&self) -> Origin {
        let name = self.name.to_owned();
        match self.file {
            Some(file) => Origin::Local(name, file.to_owned()),
            None => Origin::Symbol(name),
        }
    }
}

/// Cuts the shipped file, with the symbols of the linked one. The addresses in both are the same.
pub(super) fn pieces(linked: &[u8], shipped: &[u8]) -> object::Result<Vec<Piece>> {
    if module::is_module(shipped) {
        let pieces = module::pieces(linked, shipped);
        return Ok(pieces.unwrap_or_else(|| {
            vec![Piece {
                origin: Origin::File,
                bytes: shipped.len() as u64,
            }]
        }));
    }
    let linked = object::File::parse(linked)?;
    let file = object::File::parse(shipped)?;
    let ranges = ranges(&linked);
    let mut pieces = Vec::new();
    let mut in_sections = 0;
    for section in file.sections() {
        let Some((_, bytes)) = section.file_range() else {
            continue;
        };
        if bytes == 0 {
            continue;
        }
        in_sections += bytes;
        let mut covered = 0;
        // A section that is not loaded has no address, and no symbol of code or data is in it.
        if section.address() > 0 {
            for piece in cover(&ranges, section.address(), section.address() + bytes) {
                covered += piece.bytes;
                pieces.push(piece);
            }
        }
        if covered < bytes {
            pieces.push(Piece {
                origin: Origin::Section(section.name()?.to_owned()),
                bytes: bytes - covered,
            });
        }
    }
    let rest = (shipped.len() as u64).saturating_sub(in_sections);
    if rest > 0 {
        pieces.push(Piece {
            origin: Origin::File,
            bytes: rest,
        });
    }
    Ok(pieces)
}

/// The symbols in the order of their addresses, none over another: of two at one place the larger one stays, and a name that is
/// mangled before one that is not.
fn ranges<'n>(linked: &object::File<'n>) -> Vec<Range<'n>> {
    let has_sizes = !matches!(
        linked.format(),
        object::BinaryFormat::MachO | object::BinaryFormat::Pe
    );
    // The symbols that only a file sees stand behind its name.
    let mut file = None;
    let mut ranges: Vec<Range<'n>> = Vec::new();
    for symbol in linked.symbols() {
        if symbol.kind() == SymbolKind::File {
            file = symbol.name().ok();
        }
        let is_code = matches!(symbol.kind(), SymbolKind::Text | SymbolKind::Data);
        let name = symbol.name().ok().filter(|name| !is_nameless(name));
        if let Some(name) = name.filter(|_| is_code && symbol.is_definition()) {
            let start = symbol.address();
            ranges.push(Range {
                start,
                end: start + symbol.size(),
                name,
                file: file.filter(|_| symbol.is_local()),
            });
        }
    }
    ranges.sort_by_key(|range| {
        (
            range.start,
            std::cmp::Reverse(range.end),
            !range.name.starts_with("_Z") && !range.name.starts_with("_R"),
        )
    });
    ranges.dedup_by_key(|range| range.start);
    if !has_sizes {
        // These formats have no sizes: a symbol reaches to the next one, or the end of its section.
        let starts: Vec<u64> = ranges
            .iter()
            .map(|range| range.start)
            .skip(1)
            .chain([u64::MAX])
            .collect();
        for (range, next) in ranges.iter_mut().zip(starts) {
            range.end = next;
        }
    }
    ranges
}

/// Constants and tables that the compiler numbered: nothing tells whose they are.
fn is_nameless(name: &str) -> bool {
    name.is_empty() || name.starts_with("anon.") || name.starts_with("GCC_except_table")
}

/// The pieces of symbols between two addresses.
fn cover(ranges: &[Range<'_>], start: u64, end: u64) -> Vec<Piece> {
    let mut at = start;
    let mut pieces = Vec::new();
    let first = ranges.partition_point(|range| range.end <= start && range.start < start);
    for range in ranges[first..].iter().take_while(|range| range.start < end) {
        let (from, to) = (range.start.max(at), range.end.min(end));
        if from < to {
            pieces.push(Piece {
                origin: range.origin(),
                bytes: to - from,
            });
            at = to;
        }
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(
        ranges: &[(u64, u64, &'static str)],
        (start, end): (u64, u64),
        expect: &[(&str, u64)],
    ) {
        let ranges: Vec<Range<'_>> = ranges
            .iter()
            .map(|&(start, end, name)| Range {
                start,
                end,
                name,
                file: None,
            })
            .collect();
        let expect: Vec<Piece> = expect
            .iter()
            .map(|(name, bytes)| Piece {
                origin: Origin::Symbol((*name).to_owned()),
                bytes: *bytes,
            })
            .collect();
        assert_eq!(cover(&ranges, start, end), expect);
    }

    #[test]
    fn no_byte_is_counted_twice() {
        check(
            &[(10, 20, "a"), (15, 30, "b")],
            (0, 100),
            &[("a", 10), ("b", 10)],
        );
        check(&[(10, 40, "a"), (15, 30, "b")], (0, 100), &[("a", 30)]);
        check(&[(10, 40, "a")], (20, 30), &[("a", 10)]);
        check(&[(10, 20, "a"), (50, 60, "b")], (30, 70), &[("b", 10)]);
        check(&[(10, 10, "a")], (0, 100), &[]);
    }
}
