//! Digests and compressed sizes.

use std::io::Write as _;

use flate2::Compression;
use flate2::write::GzEncoder;
use sha2::{Digest as _, Sha256};

/// The SHA-256 of some bytes, in hexadecimal.
pub(crate) fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

/// How long some bytes are when a server sends them compressed.
pub(crate) fn gzipped(bytes: &[u8]) -> u64 {
    let mut encoder = GzEncoder::new(Count(0), Compression::default());
    let written = encoder.write_all(bytes).and_then(|()| encoder.finish());
    written.map_or(0, |count| count.0)
}

/// The same as the best of today's servers send it; of a build that nobody ships, as a server that is in a hurry does.
pub(crate) fn brotlied(bytes: &[u8], is_shipped: bool) -> u64 {
    let params = brotli::enc::BrotliEncoderParams {
        quality: if is_shipped { 11 } else { 4 },
        lgwin: 24,
        size_hint: bytes.len(),
        ..Default::default()
    };
    let mut count = Count(0);
    let written = brotli::BrotliCompress(&mut &*bytes, &mut count, &params);
    written.map_or(0, |_| count.0)
}

struct Count(u64);

impl std::io::Write for Count {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0 += bytes.len() as u64;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digests_and_sizes_are_the_known_ones() {
        assert_eq!(
            sha256(b"abc"),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
        let bytes = [7; 100_000];
        for size in [
            gzipped(&bytes),
            brotlied(&bytes, true),
            brotlied(&bytes, false),
        ] {
            assert!((10..500).contains(&size), "{size}");
        }
    }
}
