//! Decoders on chunks: however a text is cut, it is the same, and the decoders of this crate find what others find.

use super::{Encoding, Malformed};

/// The text of `bytes`, given in chunks of `size`.
fn decoded(label: &str, bytes: &[u8], size: usize, fatal: bool) -> Result<String, Malformed> {
    let mut decoder = Encoding::of(label).expect("it is a label").decoder();
    let mut text = String::new();
    for chunk in bytes.chunks(size) {
        text.push_str(&decoder.decode(chunk.to_vec(), fatal, false)?);
    }
    text.push_str(&decoder.decode(Vec::new(), fatal, true)?);
    Ok(text)
}

/// All texts of up to `len` bytes out of those that matter to a decoder.
fn each(bytes: &[u8], len: u32, mut check: impl FnMut(&[u8])) {
    for len in 0..=len {
        for number in 0..bytes.len().pow(len) {
            let mut rest = number;
            let text: Vec<u8> = (0..len)
                .map(|_| {
                    let byte = bytes[rest % bytes.len()];
                    rest /= bytes.len();
                    byte
                })
                .collect();
            check(&text);
        }
    }
}

#[test]
fn utf_8_is_what_the_standard_library_reads() {
    const BYTES: &[u8] = &[
        0x41, 0x80, 0xbf, 0xc2, 0xe0, 0xa0, 0xed, 0xef, 0xf0, 0x90, 0xf4, 0xff,
    ];
    each(BYTES, 4, |bytes| {
        let expected = String::from_utf8_lossy(bytes);
        let is_text = std::str::from_utf8(bytes).is_ok();
        for size in 1..=4 {
            assert_eq!(
                decoded("utf-8", bytes, size, false).as_deref(),
                Ok(&*expected),
                "{bytes:x?} by {size}"
            );
            let strict = decoded("utf-8", bytes, size, true);
            assert_eq!(strict.is_ok(), is_text, "{bytes:x?} by {size}");
        }
    });
}

#[test]
fn utf_16_is_what_another_decoder_reads() {
    const BYTES: &[u8] = &[0x00, 0x41, 0xd8, 0xdb, 0xdc, 0xdf, 0xff];
    for (label, other) in [
        ("utf-16le", encoding_rs::UTF_16LE),
        ("utf-16be", encoding_rs::UTF_16BE),
    ] {
        each(BYTES, 5, |bytes| {
            let (expected, is_malformed) = other.decode_without_bom_handling(bytes);
            for size in 1..=5 {
                assert_eq!(
                    decoded(label, bytes, size, false).as_deref(),
                    Ok(&*expected),
                    "{label}: {bytes:x?} by {size}"
                );
                let strict = decoded(label, bytes, size, true);
                assert_eq!(
                    strict.is_err(),
                    is_malformed,
                    "{label}: {bytes:x?} by {size}"
                );
            }
        });
    }
}

#[test]
fn a_legacy_text_is_the_same_in_chunks() {
    for (label, bytes, text) in [
        ("shift_jis", &[0x93, 0xfa, 0x96, 0x7b, 0x41][..], "日本A"),
        ("gbk", &[0xd6, 0xd0, 0xff], "中\u{fffd}"),
        (
            "iso-2022-jp",
            &[0x1b, 0x24, 0x42, 0x46, 0x7c, 0x1b, 0x28, 0x42, 0x41],
            "日A",
        ),
        ("latin1", &[0x80, 0xe9], "€é"),
        ("x-user-defined", &[0x41, 0x80], "A\u{f780}"),
    ] {
        for size in 1..=bytes.len() {
            let got = decoded(label, bytes, size, false);
            assert_eq!(got.as_deref(), Ok(text), "{label} by {size}");
        }
    }
    assert_eq!(decoded("euc-kr", &[0x81], 1, true), Err(Malformed));
}

#[test]
fn labels_are_found_in_any_case_and_trimmed() {
    for label in ["UTF-8", " utf8\n", "\tUnicode-1-1-UTF-8\u{c}"] {
        assert_eq!(Encoding::of(label).ok(), Some(Encoding::Utf8), "{label:?}");
    }
    for label in [
        "",
        "utf-7",
        "utf-8\u{b}",
        "\u{a0}utf-8",
        "replacement",
        "hz-gb-2312",
    ] {
        assert!(Encoding::of(label).is_err(), "{label:?}");
    }
}
