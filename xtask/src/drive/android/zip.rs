//! Archives as Java's tools read them: an AAR and the JAR in it.
//!
//! The boundary: names and bytes in, the bytes of the archive out. The same files give the same bytes: no clock and no owner is in it.

use std::io::Write as _;

use flate2::write::DeflateEncoder;
use flate2::{Compression, Crc};

/// An archive that is being filled.
#[derive(Debug, Default)]
pub(crate) struct Zip {
    bytes: Vec<u8>,
    /// The rows of the directory at the end.
    directory: Vec<u8>,
    entries: u16,
}

/// The first day that the format knows, 1980-01-01.
const DAY: u16 = (1 << 5) | 1;

/// The version of the format that reads what is compressed: 2.0.
const VERSION: u16 = 20;

/// Names are UTF-8.
const FLAGS: u16 = 1 << 11;

const STORED: u16 = 0;
const DEFLATED: u16 = 8;

impl Zip {
    /// Adds a file; compressed, where that makes it smaller.
    pub(crate) fn add(&mut self, name: &str, contents: &[u8]) {
        let mut crc = Crc::new();
        crc.update(contents);
        let deflated = deflate(contents);
        let (method, data) = match deflated.len() < contents.len() {
            true => (DEFLATED, deflated.as_slice()),
            false => (STORED, contents),
        };
        let at = size(self.bytes.len());
        let mut common = Vec::new();
        for half in [VERSION, FLAGS, method, 0, DAY] {
            common.extend(half.to_le_bytes());
        }
        for word in [crc.sum(), size(data.len()), size(contents.len())] {
            common.extend(word.to_le_bytes());
        }
        let name_len = u16::try_from(name.len()).expect("tailor's bug: a name of 64 KiB");
        common.extend(name_len.to_le_bytes());
        // No more about it.
        common.extend(0_u16.to_le_bytes());
        self.bytes.extend(b"PK\x03\x04");
        self.bytes.extend(&common);
        self.bytes.extend(name.as_bytes());
        self.bytes.extend(data);
        self.directory.extend(b"PK\x01\x02");
        self.directory.extend(VERSION.to_le_bytes());
        self.directory.extend(&common);
        // No remark, the first disk, no attributes.
        self.directory.extend([0; 10]);
        self.directory.extend(at.to_le_bytes());
        self.directory.extend(name.as_bytes());
        self.entries += 1;
    }

    /// The bytes of the archive.
    pub(crate) fn finish(mut self) -> Vec<u8> {
        let at = size(self.bytes.len());
        self.bytes.extend(&self.directory);
        self.bytes.extend(b"PK\x05\x06\0\0\0\0");
        self.bytes.extend(self.entries.to_le_bytes());
        self.bytes.extend(self.entries.to_le_bytes());
        self.bytes.extend(size(self.directory.len()).to_le_bytes());
        self.bytes.extend(at.to_le_bytes());
        self.bytes.extend([0; 2]);
        self.bytes
    }
}

fn deflate(contents: &[u8]) -> Vec<u8> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
    let done = encoder.write_all(contents).and_then(|()| encoder.finish());
    done.expect("writing to memory cannot fail")
}

/// A length or a place: what is packed here is far below the 4 GiB that the format has.
fn size(bytes: usize) -> u32 {
    u32::try_from(bytes).expect("tailor's bug: an archive of 4 GiB")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_files_give_the_same_bytes_with_what_readers_look_for() {
        let make = || {
            let mut zip = Zip::default();
            zip.add("a.txt", b"");
            zip.add("dir/b.txt", "again and again ".repeat(100).as_bytes());
            zip.finish()
        };
        let bytes = make();
        assert_eq!(bytes, make());
        assert!(bytes.starts_with(b"PK\x03\x04\x14\0\0\x08\0\0\0\0\x21\0"));
        assert!(bytes.len() < 400, "{}", bytes.len());
        let end = &bytes[bytes.len() - 22..];
        assert_eq!(&end[..12], b"PK\x05\x06\0\0\0\0\x02\0\x02\0");
        let at = u32::from_le_bytes(end[16..20].try_into().expect("four bytes"));
        assert_eq!(&bytes[at as usize..][..4], b"PK\x01\x02");
    }
}
