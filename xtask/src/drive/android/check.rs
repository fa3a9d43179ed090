//! What must hold for a library or a command that Android shall load.
//!
//! The boundary: bytes in, what is wrong with them out. It is part of every build: the platform would say it on a phone only, and
//! some of it on some phones.

use std::collections::BTreeSet;

use object::read::elf::{Dyn as _, ElfFile, FileHeader, ProgramHeader as _, SectionHeader as _};
use object::{Endianness, FileKind, Object as _, ObjectSymbol as _, elf};

use crate::diagnostics::list;
use crate::machine::android::symbols::LIBRARIES;
use crate::spec::Abi;

/// Systems with pages of this size load nothing that is aligned to less.
pub(crate) const PAGE: u64 = 16 << 10;

/// What a file is to be.
#[derive(Debug)]
pub(crate) struct Wanted<'a> {
    /// For which kind of processor.
    pub(crate) abi: Abi,
    /// A library's name for itself; a command has none.
    pub(crate) soname: Option<&'a str>,
    /// What the system's libraries define at the API level.
    pub(crate) symbols: &'a BTreeSet<String>,
}

/// What a file says of itself.
#[derive(Clone, Debug, Default)]
struct Facts {
    machine: u16,
    soname: Option<String>,
    needed: Vec<String>,
    exported: Vec<String>,
    undefined: Vec<String>,
    /// The alignment of each part that is loaded.
    alignments: Vec<u64>,
    has_text_relocations: bool,
}

/// Everything that is wrong with a file, a sentence each.
pub(crate) fn judge(bytes: &[u8], wanted: &Wanted<'_>) -> Vec<String> {
    match read(bytes) {
        Ok(facts) => facts.judge(wanted),
        Err(error) => vec![format!("it cannot be understood: {error}")],
    }
}

fn read(bytes: &[u8]) -> object::Result<Facts> {
    match FileKind::parse(bytes)? {
        FileKind::Elf32 => look::<elf::FileHeader32<Endianness>>(bytes),
        _ => look::<elf::FileHeader64<Endianness>>(bytes),
    }
}

fn look<E: FileHeader<Endian = Endianness>>(bytes: &[u8]) -> object::Result<Facts> {
    let file = ElfFile::<E>::parse(bytes)?;
    let endian = file.endian();
    let mut facts = Facts {
        machine: file.elf_header().e_machine(endian),
        ..Facts::default()
    };
    for header in file.elf_program_headers() {
        if header.p_type(endian) == elf::PT_LOAD {
            facts.alignments.push(header.p_align(endian).into());
        }
    }
    for section in file.elf_section_table().iter() {
        let Some((entries, strings)) = section.dynamic(endian, bytes)? else {
            continue;
        };
        let strings = file.elf_section_table().strings(endian, bytes, strings)?;
        for entry in entries {
            let value: u64 = entry.d_val(endian).into();
            let text = || {
                let text = entry.string(endian, strings)?;
                Ok::<_, object::Error>(String::from_utf8_lossy(text).into_owned())
            };
            match u32::try_from(entry.d_tag(endian).into()).unwrap_or_default() {
                elf::DT_SONAME => facts.soname = Some(text()?),
                elf::DT_NEEDED => facts.needed.push(text()?),
                elf::DT_TEXTREL => facts.has_text_relocations = true,
                elf::DT_FLAGS if value & u64::from(elf::DF_TEXTREL) != 0 => {
                    facts.has_text_relocations = true;
                }
                _ => {}
            }
        }
    }
    for symbol in file.dynamic_symbols().filter(|symbol| symbol.is_global()) {
        let name = symbol.name()?.to_owned();
        match symbol.is_undefined() {
            true if symbol.is_weak() => {}
            true => facts.undefined.push(name),
            false => facts.exported.push(name),
        }
    }
    Ok(facts)
}

impl Facts {
    fn judge(&self, wanted: &Wanted<'_>) -> Vec<String> {
        let machine = match wanted.abi {
            Abi::Arm64V8a => elf::EM_AARCH64,
            Abi::ArmeabiV7a => elf::EM_ARM,
            Abi::X86_64 => elf::EM_X86_64,
            Abi::X86 => elf::EM_386,
        };
        let mut wrong = Vec::new();
        if self.machine != machine {
            let abi = wanted.abi.word();
            wrong.push(format!("it is for another processor than `{abi}`"));
        }
        if let Some(soname) = wanted.soname {
            if self.soname.as_deref() != Some(soname) {
                let said = self.soname.as_deref().unwrap_or_default();
                wrong.push(format!("its soname is `{said}`, not `{soname}`"));
            }
            let others = |name: &&String| !is_entry(name);
            let others: Vec<&String> = self.exported.iter().filter(others).collect();
            if !others.is_empty() {
                wrong.push(format!(
                    "it exports more than the entry points of JNI: {}",
                    list(&others)
                ));
            }
            if !self.exported.iter().any(|name| is_entry(name)) {
                wrong.push("it exports no entry point of JNI".to_owned());
            }
        }
        let unknown = |name: &&String| !wanted.symbols.contains(*name);
        let unknown: Vec<&String> = self.undefined.iter().filter(unknown).collect();
        if !unknown.is_empty() {
            wrong.push(format!(
                "it needs what no library of the system has at this API level: {}",
                list(&unknown)
            ));
        }
        let foreign = |name: &&String| !LIBRARIES.contains(&name.as_str());
        let foreign: Vec<&String> = self.needed.iter().filter(foreign).collect();
        if !foreign.is_empty() {
            wrong.push(format!(
                "it needs libraries that no app may use: {}",
                list(&foreign)
            ));
        }
        if self.alignments.is_empty() || self.alignments.iter().any(|align| *align < PAGE) {
            wrong.push(format!(
                "it is aligned for smaller pages than {PAGE} bytes, which new phones have"
            ));
        }
        if self.has_text_relocations {
            wrong.push("it has text relocations, which Android refuses".to_owned());
        }
        wrong
    }
}

/// What Java's side looks for in a library.
fn is_entry(name: &str) -> bool {
    ["JNI_OnLoad", "JNI_OnUnload"].contains(&name) || name.starts_with("Java_")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn good() -> Facts {
        Facts {
            machine: elf::EM_AARCH64,
            soname: Some("liba.so".to_owned()),
            needed: vec!["libc.so".to_owned(), "liblog.so".to_owned()],
            exported: vec!["JNI_OnLoad".to_owned()],
            undefined: vec!["malloc".to_owned()],
            alignments: vec![PAGE, PAGE],
            has_text_relocations: false,
        }
    }

    fn check(facts: Facts, parts: &[&str]) {
        let wanted = Wanted {
            abi: Abi::Arm64V8a,
            soname: Some("liba.so"),
            symbols: &BTreeSet::from(["malloc".to_owned()]),
        };
        let wrong = facts.judge(&wanted);
        assert_eq!(wrong.len(), parts.len(), "{wrong:?}");
        for (said, part) in wrong.iter().zip(parts) {
            assert!(said.contains(part), "{said}");
        }
    }

    #[test]
    fn each_fault_is_named() {
        let text = |text: &str| text.to_owned();
        check(good(), &[]);
        let mut facts = good();
        facts.machine = elf::EM_X86_64;
        facts.soname = None;
        facts.exported = vec![
            text("JNI_OnLoad"),
            text("Java_a_B_c"),
            text("malloc_usable"),
        ];
        facts.undefined.push(text("_Unwind_Resume"));
        facts.needed.push(text("libgcc_s.so.1"));
        facts.alignments.push(4096);
        facts.has_text_relocations = true;
        let parts = [
            "another processor than `arm64-v8a`",
            "its soname is ``, not `liba.so`",
            "entry points of JNI: `malloc_usable`",
            "no library of the system has at this API level: `_Unwind_Resume`",
            "no app may use: `libgcc_s.so.1`",
            "smaller pages than 16384",
            "text relocations",
        ];
        check(facts, &parts);
        let mut mute = good();
        mute.exported = Vec::new();
        check(mute, &["no entry point"]);
    }

    #[test]
    fn what_is_no_library_is_said_so() {
        let wanted = Wanted {
            abi: Abi::X86,
            soname: None,
            symbols: &BTreeSet::new(),
        };
        for bytes in [
            &b""[..],
            b"no library",
            b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0",
        ] {
            let wrong = judge(bytes, &wanted);
            assert!(
                wrong.len() == 1 && wrong[0].contains("cannot be understood"),
                "{wrong:?}"
            );
        }
    }

    /// The program that runs this test is a file of the same format, for another system.
    #[cfg(target_os = "linux")]
    #[test]
    fn a_real_file_is_read() {
        let path = std::env::current_exe().expect("the test has a file");
        let bytes = std::fs::read(path).expect("it can be read");
        let facts = read(&bytes).expect("it is understood");
        assert!(
            facts.needed.iter().any(|name| name.starts_with("libc.so")),
            "{facts:?}"
        );
        assert!(
            facts.undefined.len() > 10 && !facts.alignments.is_empty(),
            "{facts:?}"
        );
    }
}
