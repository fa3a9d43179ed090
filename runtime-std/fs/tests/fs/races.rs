//! Somebody exchanges a folder and a link that leads to what is not granted, while a script opens files beneath that name.
//!
//! However the two fall together, a round gives what is in the folder, or an error; never what the link leads to. Once a thread of the
//! test exchanges them in one step and without a pause, as another program could, and once the script itself moves a link that was
//! there before it, by `rename`.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::PathBuf;
use std::sync::Barrier;
use std::sync::atomic::{AtomicBool, Ordering};

use runtime_core::definition::{Mount, MountSource};
use rustix::fs::{CWD, RenameFlags, renameat_with};

use crate::{Field, QUOTA, kept, run};

/// How often each of the ways is tried.
const ROUNDS: usize = 20_000;

/// In how many runtimes: a module that was imported stays imported, so each round of one needs a file of its own.
const RUNTIMES: usize = 20;

const FILES: usize = ROUNDS / RUNTIMES;

/// `work/cur` is a folder, and `work/evil` a link to the folder `secret`, which has files of the same names.
fn field(files: usize) -> Field {
    let field = Field::new();
    fs::create_dir(field.path("work/cur")).expect("a folder");
    for n in 0..files {
        let name = format!("{n}.json");
        fs::write(field.path("work/cur").join(&name), "\"fine\"").expect("a file");
        fs::write(field.path("secret").join(&name), "\"SECRET\"").expect("a file");
    }
    fs::write(field.path("secret/SECRET"), "").expect("a file");
    symlink("../secret", field.path("work/evil")).expect("a link");
    field
}

/// What is in the secret folder.
fn secrets(field: &Field) -> Vec<(PathBuf, String)> {
    let entries = fs::read_dir(field.path("secret")).expect("it is there");
    let mut found: Vec<_> = entries
        .map(|entry| entry.expect("it can be listed").path())
        .map(|path| (path.clone(), fs::read_to_string(path).expect("a file")))
        .collect();
    found.sort();
    found
}

/// Does `work` while a thread exchanges the folder and the link.
fn while_exchanged(field: &Field, work: impl FnOnce()) {
    let (folder, link) = (field.path("work/cur"), field.path("work/evil"));
    let is_over = AtomicBool::new(false);
    let begun = Barrier::new(2);
    let exchange = || {
        renameat_with(CWD, &folder, CWD, &link, RenameFlags::EXCHANGE).expect("they are there");
    };
    std::thread::scope(|scope| {
        scope.spawn(|| {
            exchange();
            begun.wait();
            while !is_over.load(Ordering::Relaxed) {
                exchange();
            }
        });
        begun.wait();
        let done = std::panic::catch_unwind(std::panic::AssertUnwindSafe(work));
        is_over.store(true, Ordering::Relaxed);
        done.unwrap_or_else(|panic| std::panic::resume_unwind(panic));
    });
}

/// What a script counts: what was read, what was refused, and what should never have been.
const COUNT: &str = "let fine = 0, failed = 0, escaped = 0;
     const count = (work) => work().then((text) => { if (String(text).includes('SECRET')) escaped++; else fine++ }, () => { failed++ });
     const ended = () => escaped === 0 ? 'rounds ' + (fine + failed) : 'escaped ' + escaped;";

/// A part of a script that moves the folder and the link in `folder` to and fro: there and back by turns, two moves at once. Each move is on a
/// thread of its own; which comes first is left to chance, and so is what fails.
fn moving(folder: &str) -> String {
    let [cur, evil, away] = ["cur", "evil", "away"].map(|name| format!("'{folder}/{name}'"));
    format!(
        "const there = [[{cur}, {away}], [{evil}, {cur}]], back = [[{cur}, {evil}], [{away}, {cur}]];
         let steps = 0;
         const step = () => Promise.all((steps++ % 2 ? back : there).map(([from, to]) => fs.rename(from, to).catch(() => {{}})));"
    )
}

/// Without that.
const STILL: &str = "const step = async () => {};";

/// A part of a script that imports each file once. It goes on while moves are under way, as soon as one other thing has happened.
fn imports(field: &Field) -> String {
    let folder = field.path("work/cur").display().to_string();
    format!(
        "for (let n = 0; n < {FILES}; n++) {{
           const turn = fs.exists({folder:?}).catch(() => {{}});
           const moved = step();
           if (n % 2) await turn;
           await count(() => import({folder:?} + `/${{n}}.json`, {{ with: {{ type: 'json' }} }}).then((module) => module.default));
           await moved;
         }}"
    )
}

#[test]
fn an_import_reads_what_was_judged_whoever_exchanges_the_files() {
    let field = field(FILES);
    let body = format!("{COUNT} {STILL} {} return ended()", imports(&field));
    while_exchanged(&field, || {
        for _ in 0..RUNTIMES {
            assert_eq!(field.run(&body), format!("rounds {FILES}"));
        }
    });
}

#[test]
fn an_import_reads_what_was_judged_whatever_the_script_moves() {
    let field = field(FILES);
    let body = format!(
        "{COUNT} {} {} return ended()",
        moving(&field.path("work").display().to_string()),
        imports(&field)
    );
    for _ in 0..RUNTIMES {
        assert_eq!(field.run(&body), format!("rounds {FILES}"));
    }
}

/// Everything that a script can do with a file, beneath `at`, several at once.
fn operations(at: &str, rounds: usize) -> String {
    const CALLS: [&str; 10] = [
        "readText(at + '/0.json')",
        "readDir(at).then((entries) => entries.map((entry) => entry.name))",
        "writeText(at + '/w', 'PWNED')",
        "append(at + '/a', 'PWNED')",
        "copy(at + '/0.json', at + '/../copied')",
        "truncate(at + '/a', 1)",
        "makeDir(at + '/d/e', { recursive: true })",
        "rename(at + '/a', at + '/b')",
        "remove(at + '/d', { recursive: true })",
        "readText(at + '/../copied')",
    ];
    let calls = CALLS.map(|call| format!("count(() => fs.{call})"));
    format!(
        "const at = {at:?};
         for (let n = 0; n < {}; n++) await Promise.all([step(), {}]);",
        rounds / CALLS.len(),
        calls.join(", ")
    )
}

/// The ways to see the folder: the path of the machine, or mounts, and what scripts call it there; and the rounds for each.
fn views(field: &Field) -> [(&'static [Mount], String, usize); 3] {
    let work = field.path("work").display().to_string();
    let folder: &'static str = kept(work.clone().into_boxed_str());
    let mounts = |from| -> &'static [Mount] {
        let mount = Mount {
            at: "/m",
            from,
            writable: true,
        };
        kept(vec![mount].into_boxed_slice())
    };
    let quota = QUOTA;
    let overlay = MountSource::OverHost { folder, quota };
    [
        (&[], format!("{work}/cur"), ROUNDS),
        (
            mounts(MountSource::Host(folder)),
            "/m/cur".to_owned(),
            ROUNDS / 2,
        ),
        (mounts(overlay), "/m/cur".to_owned(), ROUNDS / 2),
    ]
}

#[test]
fn files_and_mounts_keep_to_what_was_judged_whoever_exchanges_the_files() {
    let field = field(1);
    let before = secrets(&field);
    for (mounts, at, rounds) in views(&field) {
        let body = format!("{COUNT} {STILL} {} return ended()", operations(&at, rounds));
        while_exchanged(&field, || {
            assert_eq!(
                run(field.config_of(mounts), &body),
                format!("rounds {rounds}")
            );
        });
    }
    assert_eq!(secrets(&field), before);
}

#[test]
fn files_and_mounts_keep_to_what_was_judged_whatever_the_script_moves() {
    let field = field(1);
    let before = secrets(&field);
    for (mounts, at, rounds) in views(&field) {
        let folder = at.strip_suffix("/cur").unwrap_or(&at);
        let body = format!(
            "{COUNT} {} {} return ended()",
            moving(folder),
            operations(&at, rounds)
        );
        assert_eq!(
            run(field.config_of(mounts), &body),
            format!("rounds {rounds}")
        );
    }
    assert_eq!(secrets(&field), before);
}
