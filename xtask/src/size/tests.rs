//! Reports of whole binaries: made-up ones, and the one that runs this test.

use std::path::Path;

use super::history::Entry;
use super::owner::Origin;
use super::symbols::Piece;
use super::{Group, Subject, attribute, report, spoken, table};

fn subject() -> Subject<'static> {
    Subject {
        krate: "acme".to_owned(),
        engine: "boa",
        engine_c: None,
        modules: vec!["fs", "console"],
        prefixes: vec![
            ("module_fs".to_owned(), "fs"),
            ("module_console".to_owned(), "console"),
        ],
    }
}

fn symbol(name: &str, bytes: u64) -> Piece {
    Piece {
        origin: Origin::Symbol(name.to_owned()),
        bytes,
    }
}

fn pieces(fs: u64) -> Vec<Piece> {
    vec![
        symbol("_ZN9module_fs4read17h0123456789abcdefE", fs),
        symbol("_ZN10boa_engine2vm3run17h0123456789abcdefE", 6_000),
        symbol("_ZN10boa_parser2vm3run17h0123456789abcdefE", 1_000),
        symbol("_ZN3std2io5write17h0123456789abcdefE", 500),
        Piece {
            origin: Origin::Section(".rodata".to_owned()),
            bytes: 1_400,
        },
        Piece {
            origin: Origin::File,
            bytes: 100,
        },
    ]
}

#[test]
fn a_report_reads_as_a_table() {
    let before = Entry::of(&report(&pieces(800), &subject()), "t", "size");
    let now = report(&pieces(1_000), &subject());
    assert_eq!(
        table(&now, Some(&before)),
        "                                          BYTES    SHARE       change
modules                                   1,000   10.0 %         +200
  fs                                      1,000   10.0 %         +200
  console                                     0    0.0 %            =
engine                                    7,000   70.0 %            =
  boa_engine                              6,000   60.0 %            =
  boa_parser                              1,000   10.0 %            =
Rust's standard library                     500    5.0 %            =
data without a symbol                     1,400   14.0 %            =
headers and padding                         100    1.0 %            =
total                                    10,000  100.0 %         +200
"
    );
}

#[test]
fn a_real_binary_is_covered_to_the_byte() {
    let binary = std::env::current_exe().expect("a test has a binary");
    let subject = Subject {
        krate: "xtask".to_owned(),
        engine: "boa",
        engine_c: None,
        modules: vec!["size"],
        prefixes: vec![("xtask::size".to_owned(), "size")],
    };
    let report = attribute(&binary, &binary, &subject).expect("it has symbols");
    assert_eq!(report.total, binary.metadata().expect("it is there").len());
    assert_eq!(
        report.total,
        report.parts.iter().map(|part| part.bytes).sum::<u64>()
    );
    let of = |group: Group| {
        report
            .parts
            .iter()
            .filter(|part| part.group == group)
            .map(|part| part.bytes)
            .sum::<u64>()
    };
    assert!(of(Group::Modules) > 10_000, "this module has code");
    assert!(of(Group::Core) > 10_000, "the crate has code");
    assert!(of(Group::Std) > 100_000, "so has the standard library");
    assert_eq!(of(Group::Engine), 0);
}

#[test]
fn a_file_that_is_no_binary_is_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("text");
    std::fs::write(&file, "text").expect("written");
    let error = attribute(&file, Path::new(&file), &subject()).expect_err("it is no binary");
    assert!(error.render(false).contains("cannot read the symbols of"));
}

#[test]
fn numbers_read_well() {
    assert_eq!(
        [12, 2048, 3_250_586].map(spoken),
        ["12 bytes", "2.0 KiB", "3.10 MiB"]
    );
}
