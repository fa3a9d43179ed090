//! A module of WebAssembly cut into pieces that cover it exactly, and without the sections that only people read.
//!
//! The boundary: the binary format, as far as sections, the lengths of functions and their names go.

use super::owner::Origin;
use super::symbols::Piece;

/// How a module begins: its magic number and its version.
const HEADER: &[u8] = b"\0asm\x01\0\0\0";

const CUSTOM: u8 = 0;
const IMPORT: u8 = 2;
const CODE: u8 = 10;
const DATA: u8 = 11;

/// A section: its number, its name when it is a custom one, where it begins, and where its contents do.
#[derive(Debug)]
struct Section<'m> {
    id: u8,
    name: &'m [u8],
    start: usize,
    contents: &'m [u8],
    end: usize,
}

/// Reads numbers and names from the front of some bytes. `None` is the end of them.
struct Reader<'m>(&'m [u8]);

impl<'m> Reader<'m> {
    fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(*first)
    }

    fn number(&mut self) -> Option<usize> {
        let mut number: u64 = 0;
        for shift in (0..35).step_by(7) {
            let byte = self.byte()?;
            number |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return usize::try_from(number).ok();
            }
        }
        None
    }

    fn bytes(&mut self, len: usize) -> Option<&'m [u8]> {
        let (bytes, rest) = self.0.split_at_checked(len)?;
        self.0 = rest;
        Some(bytes)
    }

    fn name(&mut self) -> Option<&'m [u8]> {
        let len = self.number()?;
        self.bytes(len)
    }

    /// What is said of the size of a table or a memory.
    fn limits(&mut self) -> Option<()> {
        let has_most = self.byte()? & 1 != 0;
        self.number()?;
        if has_most {
            self.number()?;
        }
        Some(())
    }
}

/// Whether these are the bytes of a module.
pub(super) fn is_module(bytes: &[u8]) -> bool {
    bytes.starts_with(HEADER)
}

fn sections(module: &[u8]) -> Option<Vec<Section<'_>>> {
    let mut reader = Reader(module.strip_prefix(HEADER)?);
    let mut sections = Vec::new();
    while !reader.0.is_empty() {
        let start = module.len() - reader.0.len();
        let id = reader.byte()?;
        let len = reader.number()?;
        let mut contents = Reader(reader.bytes(len)?);
        let name = match id {
            CUSTOM => contents.name()?,
            _ => &[],
        };
        sections.push(Section {
            id,
            name,
            start,
            contents: contents.0,
            end: module.len() - reader.0.len(),
        });
    }
    Some(sections)
}

/// The module without the names of its functions and of what made it. `None`: it is no module.
pub(crate) fn without_names(module: &[u8]) -> Option<Vec<u8>> {
    let mut kept = HEADER.to_vec();
    for section in sections(module)? {
        if section.id != CUSTOM || !is_for_people(section.name) {
            kept.extend_from_slice(&module[section.start..section.end]);
        }
    }
    Some(kept)
}

fn is_for_people(name: &[u8]) -> bool {
    name == b"name" || name == b"producers" || name.starts_with(b".debug_")
}

/// Cuts the module that ships, with the names of the one that has them.
pub(super) fn pieces(named: &[u8], shipped: &[u8]) -> Option<Vec<Piece>> {
    let names = names(named)?;
    let mut pieces = Vec::new();
    let mut covered = 0;
    for section in sections(shipped)? {
        let mut in_functions = 0;
        if section.id == CODE {
            let mut reader = Reader(section.contents);
            let functions = reader.number()?;
            for at in 0..functions {
                let before = reader.0.len();
                reader.name()?;
                let bytes = (before - reader.0.len()) as u64;
                in_functions += bytes;
                let name = names.get(at).cloned().flatten();
                pieces.push(Piece {
                    origin: name.map_or_else(
                        || Origin::Section("functions without a name".to_owned()),
                        Origin::Symbol,
                    ),
                    bytes,
                });
            }
        }
        let rest = (section.end - section.start) as u64 - in_functions;
        pieces.push(Piece {
            origin: match section.id {
                DATA => Origin::Section("data".to_owned()),
                _ => Origin::File,
            },
            bytes: rest,
        });
        covered += rest + in_functions;
    }
    pieces.push(Piece {
        origin: Origin::File,
        bytes: shipped.len() as u64 - covered,
    });
    Some(pieces)
}

/// The name of each function that is not imported.
fn names(module: &[u8]) -> Option<Vec<Option<String>>> {
    let sections = sections(module)?;
    let find = |id| sections.iter().find(|section| section.id == id);
    let imported = find(IMPORT).map_or(Some(0), |section| imported(section.contents))?;
    let functions = find(CODE).map_or(Some(0), |section| Reader(section.contents).number())?;
    let mut names = vec![None; functions];
    let Some(section) = sections.iter().find(|section| section.name == b"name") else {
        return Some(names);
    };
    let mut reader = Reader(section.contents);
    while !reader.0.is_empty() {
        let kind = reader.byte()?;
        let mut part = Reader(reader.name()?);
        // The names of functions; the others are of modules and locals.
        if kind != 1 {
            continue;
        }
        for _ in 0..part.number()? {
            let at = part.number()?;
            let name = String::from_utf8_lossy(part.name()?).into_owned();
            if let Some(place) = at.checked_sub(imported).and_then(|at| names.get_mut(at)) {
                *place = Some(name);
            }
        }
    }
    Some(names)
}

/// How many functions are imported: they are counted first.
fn imported(contents: &[u8]) -> Option<usize> {
    let mut reader = Reader(contents);
    let mut functions = 0;
    for _ in 0..reader.number()? {
        reader.name()?;
        reader.name()?;
        match reader.byte()? {
            0 => {
                reader.number()?;
                functions += 1;
            }
            // A table has a type of references before its size.
            1 => {
                reader.byte()?;
                reader.limits()?;
            }
            2 => reader.limits()?,
            3 => {
                reader.bytes(2)?;
            }
            _ => {
                reader.byte()?;
                reader.number()?;
            }
        }
    }
    Some(functions)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A module with one imported function and two of its own, of which the second has a name.
    fn module() -> Vec<u8> {
        let mut module = HEADER.to_vec();
        let mut section = |id: u8, contents: &[u8]| {
            module.push(id);
            module.push(u8::try_from(contents.len()).expect("it is short"));
            module.extend_from_slice(contents);
        };
        section(1, b"\x01\x60\0\0");
        section(IMPORT, b"\x01\x01a\x01b\0\0");
        section(3, b"\x02\0\0");
        section(CODE, b"\x02\x02\0\x0b\x03\0\x01\x0b");
        section(DATA, b"\x01\x01\x03abc");
        section(CUSTOM, b"\x04name\x01\x09\x02\0\x01a\x02\x03run");
        section(CUSTOM, b"\x09producers\0");
        module
    }

    #[test]
    fn the_pieces_are_the_module() {
        let named = module();
        let shipped = without_names(&named).expect("it is a module");
        assert!(shipped.len() < named.len() && is_module(&shipped));
        let pieces = pieces(&named, &shipped).expect("it is a module");
        let total: u64 = pieces.iter().map(|piece| piece.bytes).sum();
        assert_eq!(total, shipped.len() as u64);
        let run = Origin::Symbol("run".to_owned());
        assert!(
            pieces.contains(&Piece {
                origin: run,
                bytes: 4
            }),
            "{pieces:?}"
        );
        let data = Origin::Section("data".to_owned());
        assert!(
            pieces.contains(&Piece {
                origin: data,
                bytes: 8
            }),
            "{pieces:?}"
        );
    }

    #[test]
    fn what_is_no_module_is_none() {
        let whole = module();
        assert_eq!(without_names(b"no module"), None);
        for len in HEADER.len() + 1..whole.len() {
            // Cut within a section; between two it is a shorter module.
            let cut = &whole[..len];
            if let Some(kept) = without_names(cut) {
                assert!(kept.len() <= len);
            }
        }
        assert!(Reader(b"\xff\xff\xff\xff\xff\xff").number().is_none());
    }
}
