//! What a runtime may use of the file system: bytes written in all, files open at once.

use runtime_core::Limits;

use crate::{Field, run};

/// What each of the attempts comes to, in one runtime: its result, or the code of its error.
#[track_caller]
fn check(limits: Limits, rows: &[(&str, &str)]) {
    Field::each(|field| check_in(field, limits, rows));
}

#[track_caller]
fn check_in(field: &Field, limits: Limits, rows: &[(&str, &str)]) {
    let attempts: Vec<&str> = rows.iter().map(|(attempt, _)| *attempt).collect();
    let body = format!(
        "const came = []; for (const attempt of [{}]) came.push(await attempt().then(() => 'done', (error) => error.code)); \
         return came",
        attempts
            .iter()
            .map(|attempt| format!("async () => {{ {attempt} }}"))
            .collect::<Vec<_>>()
            .join(", ")
    );
    let config = field.config().limits(limits).best_effort();
    let came = field.run_in(config, &body);
    let came: Vec<_> = attempts.into_iter().zip(came.split(',')).collect();
    assert_eq!(came, rows, "{:?}", field.whose);
}

const fn quota(bytes: u64) -> Limits {
    Limits {
        fs_quota: Some(bytes),
        ..Limits::NONE
    }
}

/// What a file or folder counts beside its bytes.
const ENTRY: u64 = 512;

const fn open_files(most: u64) -> Limits {
    Limits {
        fs_open_files: Some(most),
        ..Limits::NONE
    }
}

#[test]
fn every_way_of_writing_counts() {
    check(
        quota(2 * ENTRY + 100),
        &[
            ("await fs.writeText('work/a', 'x'.repeat(60))", "done"),
            ("await fs.writeText('work/b', 'x'.repeat(41))", "ENOSPC"),
            ("await fs.write('work/b', new Uint8Array(41))", "ENOSPC"),
            ("await fs.append('work/a', 'x'.repeat(553))", "ENOSPC"),
            ("await fs.truncate('work/a', 613)", "ENOSPC"),
            ("await fs.copy('work/a', 'work/b')", "ENOSPC"),
            ("await fs.stat('work/b')", "ENOENT"),
            ("await fs.append('work/a', 'x'.repeat(20))", "done"),
            ("await fs.truncate('work/a', 90)", "done"),
            ("await fs.write('work/b', new Uint8Array(10))", "done"),
            ("await fs.write('work/b', 'x')", "ENOSPC"),
        ],
    );
}

#[test]
fn what_writes_nothing_costs_nothing() {
    check(
        quota(3 * ENTRY + 10),
        &[
            (
                "await fs.writeText('none/a', 'x'.repeat(10))",
                "ERR_NOT_ALLOWED",
            ),
            (
                "await fs.writeText('work/none/a', 'x'.repeat(10))",
                "ENOENT",
            ),
            ("await fs.write('work/a', '', { createNew: true })", "done"),
            (
                "await fs.write('work/a', 'x'.repeat(10), { createNew: true })",
                "EEXIST",
            ),
            ("await fs.truncate('work/a', 0)", "done"),
            ("await fs.makeDir('work/b')", "done"),
            ("await fs.makeDir('work/b')", "EEXIST"),
            ("await fs.makeDir('work/b', { recursive: true })", "done"),
            ("await fs.makeDir('work/none/c')", "ENOENT"),
            ("await fs.makeTempFile({ dir: 'work' })", "done"),
            ("await fs.write('work/d', '', { create: false })", "ENOENT"),
            ("await fs.writeText('work/a', 'x'.repeat(10))", "done"),
            ("await fs.rename('work/a', 'work/c')", "done"),
            ("await fs.remove('work/c')", "done"),
            ("await fs.writeText('work/a', 'x')", "ENOSPC"),
        ],
    );
}

#[test]
fn what_is_made_counts_and_not_only_what_is_in_it() {
    check(
        quota(7 * ENTRY),
        &[
            ("await fs.writeText('work/a', '')", "done"),
            ("await fs.writeText('work/a', '')", "done"),
            ("await fs.write('work/b', '', { createNew: true })", "done"),
            ("await fs.makeDir('work/c')", "done"),
            (
                "await fs.makeDir('work/c/d/e', { recursive: true })",
                "done",
            ),
            ("await fs.copy('work/a', 'work/f')", "done"),
            ("await fs.makeTempFile({ dir: 'work' })", "done"),
            ("await fs.makeTempDir({ dir: 'work' })", "ENOSPC"),
            ("await fs.writeText('work/g', '')", "ENOSPC"),
            ("await fs.append('work/g', '')", "ENOSPC"),
            ("await fs.makeDir('work/g')", "ENOSPC"),
            (
                "await fs.makeDir('work/c/g/h', { recursive: true })",
                "ENOSPC",
            ),
            ("await fs.copy('work/a', 'work/g')", "ENOSPC"),
            (
                "await fs.write('work/g', '', { createNew: true })",
                "ENOSPC",
            ),
            ("await fs.stat('work/g')", "ENOENT"),
            ("await fs.stat('work/c/g')", "ENOENT"),
            // Removing gives nothing back; moving and replacing cost nothing.
            ("await fs.remove('work/b')", "done"),
            ("await fs.writeText('work/b', '')", "ENOSPC"),
            ("await fs.rename('work/a', 'work/b')", "done"),
            ("await fs.copy('work/f', 'work/b')", "done"),
        ],
    );
    // A folder that does not fit leaves those above it that did.
    check(
        quota(ENTRY),
        &[
            (
                "await fs.makeDir('work/a/b', { recursive: true })",
                "ENOSPC",
            ),
            ("await fs.stat('work/a')", "done"),
            ("await fs.stat('work/a/b')", "ENOENT"),
        ],
    );
}

#[test]
fn empty_files_do_not_escape_the_quota() {
    Field::each(|field| {
        let config = field.config().limits(quota(64 << 10)).best_effort();
        let body = "let n = 0; try { for (;; n++) await fs.writeText('work/e' + n, '') } catch (error) { return n + error.code }";
        assert_eq!(field.run_in(config, body), "128ENOSPC", "{:?}", field.whose);
    });
}

#[test]
fn each_file_that_an_operation_opens_counts_until_it_is_closed() {
    check(
        open_files(1),
        &[
            ("await fs.copy('data/file.txt', 'work/a')", "EMFILE"),
            (
                "for (let n = 0; n < 50; n++) await fs.readText('data/file.txt')",
                "done",
            ),
            (
                "for (let n = 0; n < 50; n++) await fs.append('work/a', 'x')",
                "done",
            ),
            (
                "for (let n = 0; n < 50; n++) await fs.readDir('work')",
                "done",
            ),
        ],
    );
    check(
        open_files(2),
        &[
            (
                "for (let n = 0; n < 50; n++) await fs.copy('data/file.txt', 'work/a')",
                "done",
            ),
            ("await fs.makeDir('work/b/c', { recursive: true })", "done"),
            ("await fs.remove('work/b', { recursive: true })", "done"),
        ],
    );
    // The machine's folders are opened to be emptied.
    check_in(
        &Field::new(),
        open_files(1),
        &[
            ("await fs.makeDir('work/b/c', { recursive: true })", "done"),
            ("await fs.remove('work/b', { recursive: true })", "EMFILE"),
            ("await fs.remove('work/b/c', { recursive: true })", "done"),
        ],
    );
}

#[test]
fn a_file_that_can_never_fit_into_memory_is_not_read() {
    let limits = Limits {
        memory: Some(8 << 20),
        ..Limits::NONE
    };
    check(
        limits,
        &[
            ("await fs.write('work/a', '')", "done"),
            ("await fs.truncate('work/a', 9 << 20)", "done"),
            ("await fs.read('work/a')", "ENOMEM"),
            ("await fs.readText('data/file.txt')", "done"),
        ],
    );
}

#[test]
fn an_error_says_which_limit_it_was() {
    let field = Field::new();
    let said = |limits, body: &str| {
        let config = field.config().limits(limits).best_effort();
        let body = format!("try {{ {body} }} catch (error) {{ return error.message }}");
        run(config, &body)
    };
    assert_eq!(
        said(
            quota(2048),
            "await fs.writeText('work/a', 'x'.repeat(2049))"
        ),
        "ENOSPC: no space left, `limits.fs.quota = \"2KiB\"` allows no more, open 'work/a'"
    );
    assert_eq!(
        said(open_files(1), "await fs.copy('data/file.txt', 'work/a')"),
        "EMFILE: too many open files, `limits.fs.open-files = 1` allows no more, copyfile 'data/file.txt' -> 'work/a'"
    );
}

#[test]
fn one_runtime_does_not_count_for_another() {
    let field = Field::new();
    let write = "await fs.writeText('work/a', 'x'.repeat(10)); return 'done'";
    for _ in 0..3 {
        let config = field.config().limits(quota(ENTRY + 10));
        assert_eq!(run(config, write), "done");
    }
}
