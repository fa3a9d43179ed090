//! What each function does, and what it says when it cannot.

use std::fs;

use crate::Field;

#[test]
fn text_and_bytes_go_there_and_back() {
    Field::each(|field| {
        field.check(&[
        ("return fs.readText('data/file.txt')", "fine"),
        (
            "await fs.writeText('work/a', 'grüße 𝄞\\0'); return fs.readText('work/a')",
            "grüße 𝄞\0",
        ),
        (
            "await fs.write('work/b', new Uint8Array([0, 128, 255])); return fs.read('work/b')",
            "0,128,255",
        ),
        ("return (await fs.read('work/b')).constructor.name", "Uint8Array"),
        ("return (await fs.readText('work/b')).charCodeAt(1)", "65533"),
        (
            "await fs.write('work/c', new Uint16Array([1, 2]).subarray(1)); return fs.read('work/c')",
            "2,0",
        ),
        ("await fs.write('work/c', 'text'); return fs.readText('work/c')", "text"),
        (
            "const bytes = new Uint8Array([1]); const done = fs.write('work/d', bytes); bytes[0] = 2; await done; return fs.read('work/d')",
            "1",
        ),
        ("await fs.writeText('work/e', ''); return (await fs.read('work/e')).length", "0"),
    ]);
    });
}

#[test]
fn what_is_written_replaces_adds_or_fails_as_asked() {
    Field::each(|field| {
        field.check(&[
        (
            "await fs.writeText('work/a', 'long text'); await fs.writeText('work/a', 'x'); return fs.readText('work/a')",
            "x",
        ),
        ("await fs.append('work/a', 'y'); return fs.readText('work/a')", "xy"),
        ("await fs.append('work/a', new Uint8Array([122])); return fs.readText('work/a')", "xyz"),
        ("await fs.append('work/new', '1'); return fs.readText('work/new')", "1"),
        (
            "await fs.writeText('work/a', '!', { append: true }); return fs.readText('work/a')",
            "xyz!",
        ),
        ("await fs.write('work/a', '', { createNew: true })", "Error EEXIST"),
        ("await fs.write('work/none', '', { create: false })", "Error ENOENT"),
        ("await fs.write('work/a', '', { create: 1 })", "TypeError undefined"),
        ("await fs.truncate('work/a', 2); return fs.readText('work/a')", "xy"),
        ("await fs.truncate('work/a', 4); return fs.read('work/a')", "120,121,0,0"),
        ("await fs.truncate('work/a'); return (await fs.stat('work/a')).size", "0"),
        ("await fs.truncate('work/a', -1)", "RangeError undefined"),
        ("await fs.truncate('work/none')", "Error ENOENT"),
        ("await fs.write('work/a', 5)", "TypeError undefined"),
        ("await fs.writeText('work/a', new Uint8Array(1))", "TypeError undefined"),
    ]);
    });
}

#[test]
fn folders_are_made_listed_and_removed() {
    Field::each(|field| {
        field.check(&[
        ("await fs.makeDir('work/a'); return (await fs.stat('work/a')).isDirectory", "true"),
        ("await fs.makeDir('work/a')", "Error EEXIST"),
        ("await fs.makeDir('work/x/y')", "Error ENOENT"),
        ("await fs.makeDir('work/x/y', { recursive: true }); return fs.exists('work/x/y')", "true"),
        ("await fs.makeDir('work/x/y', { recursive: true })", "undefined"),
        ("await fs.writeText('work/f', ''); await fs.makeDir('work/f', { recursive: true })", "Error EEXIST"),
        ("await fs.makeDir('work/f/g', { recursive: true })", "Error ENOTDIR"),
        (
            "await fs.writeText('work/B', ''); return JSON.stringify(await fs.readDir('work'))",
            r#"[{"name":"B","isFile":true,"isDirectory":false,"isSymlink":false},{"name":"a","isFile":false,"isDirectory":true,"isSymlink":false},{"name":"f","isFile":true,"isDirectory":false,"isSymlink":false},{"name":"x","isFile":false,"isDirectory":true,"isSymlink":false}]"#,
        ),
        ("await fs.readDir('work/f')", "Error ENOTDIR"),
        ("await fs.write('work/a', '')", "Error EISDIR"),
        ("await fs.append('work/a', '')", "Error EISDIR"),
        ("await fs.truncate('work/a')", "Error EISDIR"),
        ("await fs.write('work/f/x', '')", "Error ENOTDIR"),
        ("await fs.remove('work/f/x')", "Error ENOTDIR"),
        ("await fs.write('work/a', '', { createNew: true })", "Error EEXIST"),
        ("await fs.readDir('work/none')", "Error ENOENT"),
        ("await fs.remove('work/x')", "Error ENOTEMPTY"),
        ("await fs.remove('work/a'); return fs.exists('work/a')", "false"),
        ("await fs.remove('work/f'); return fs.exists('work/f')", "false"),
        ("await fs.remove('work/none')", "Error ENOENT"),
        ("await fs.remove('work/none', { recursive: true })", "Error ENOENT"),
        ("await fs.writeText('work/x/y/z', ''); await fs.remove('work/x', { recursive: true }); return fs.exists('work/x')", "false"),
        ("await fs.remove('work/B', { recursive: true }); return (await fs.readDir('work')).length", "0"),
    ]);
    });
}

#[test]
fn files_and_folders_are_moved_and_copied() {
    Field::each(|field| {
        field.check(&[
        (
            "await fs.copy('data/file.txt', 'work/copy'); return fs.readText('work/copy')",
            "fine",
        ),
        (
            "await fs.writeText('work/long', 'much longer'); await fs.copy('data/file.txt', 'work/long'); return fs.readText('work/long')",
            "fine",
        ),
        ("await fs.copy('work/copy', 'work/copy'); return fs.readText('work/copy')", "fine"),
        ("await fs.rename('work/copy', 'work/long'); return fs.exists('work/copy')", "false"),
        (
            "await fs.makeDir('work/a/b', { recursive: true }); await fs.rename('work/a', 'work/c'); return fs.exists('work/c/b')",
            "true",
        ),
        ("await fs.rename('work/none', 'work/x')", "Error ENOENT"),
        ("await fs.rename('work/c', 'work/c/b/x')", "Error EINVAL"),
        ("await fs.rename('work/long', 'work/long'); return fs.readText('work/long')", "fine"),
        ("await fs.rename('work/long', 'work/c')", "Error EISDIR"),
        ("await fs.rename('work/c', 'work/long')", "Error ENOTDIR"),
        ("await fs.rename('work/long', 'work/none/x')", "Error ENOENT"),
        ("await fs.rename('work/long', 'work/long/x')", "Error ENOTDIR"),
        ("await fs.makeDir('work/e'); await fs.rename('work/e', 'work/c')", "Error ENOTEMPTY"),
        ("await fs.rename('work/c', 'work/e'); return [await fs.exists('work/c'), await fs.exists('work/e/b')]", "false,true"),
        ("await fs.rename('work/e', 'work/c'); return fs.readDir('work').then((all) => all.map((entry) => entry.name))", "c,long"),
        ("await fs.copy('work/long', 'work/c')", "Error EISDIR"),
        ("await fs.copy('work/long', 'work/long/x')", "Error ENOTDIR"),
        ("await fs.copy('work/c', 'work/d')", "Error EISDIR"),
        ("await fs.copy('work/none', 'work/d')", "Error ENOENT"),
        ("await fs.copy('data/file.txt', 'work/none/x')", "Error ENOENT"),
        ("await fs.copy('data/file.txt', 'copy')", "NotAllowed ERR_NOT_ALLOWED"),
        ("await fs.rename('data/file.txt', 'work/x')", "NotAllowed ERR_NOT_ALLOWED"),
        ("await fs.rename('work/c', 'secret/c')", "NotAllowed ERR_NOT_ALLOWED"),
        ("await fs.rename('secret/file.txt', 'work/c')", "NotAllowed ERR_NOT_ALLOWED"),
    ]);
    });
}

#[test]
fn errors_say_what_node_says() {
    Field::each(|field| {
        let text = |code: &str| field.run(&format!("return {code}.catch(String)"));
        assert_eq!(
            text("fs.readText('data/none')"),
            "Error: ENOENT: no such file or directory, open 'data/none'"
        );
        assert_eq!(
            text("fs.rename('work/a', 'work/b')"),
            "Error: ENOENT: no such file or directory, rename 'work/a' -> 'work/b'"
        );
        assert_eq!(
            text("fs.readText(5)"),
            "TypeError: readText: argument 1 (path) must be a string, got a number"
        );
        assert_eq!(
            text("fs.write('work/a', 5)"),
            "TypeError: write: argument 2 (data) must be a string or bytes, got a number"
        );
        assert_eq!(
            text("fs.makeDir('work/a', { recursive: 'x' })"),
            "TypeError: makeDir: argument 2 (options).recursive must be a boolean, got a string"
        );
        field.check(&[
        ("await fs.readText('work')", "Error EISDIR"),
        ("await fs.readText('data/file.txt/x')", "Error ENOTDIR"),
        ("await fs.readText('')", "Error ENOENT"),
        ("await fs.readText('data/a\\0b')", "TypeError ERR_INVALID_ARG_VALUE"),
        ("await fs.readText(`data/${'x'.repeat(300)}`)", "Error ENAMETOOLONG"),
        ("await fs.readText()", "TypeError undefined"),
        (
            "try { await fs.readText('data/none'); } catch (e) { return [e instanceof Error, e.syscall, e.path].join(); }",
            "true,open,data/none",
        ),
        (
            "try { await fs.rename('work/a', 'work/b'); } catch (e) { return [e.path, e.dest].join(); }",
            "work/a,work/b",
        ),
    ]);
    });
}

#[test]
fn stat_tells_what_there_is() {
    Field::each(|field| {
        field.check(&[
        (
            "const s = await fs.stat('data/file.txt'); return [s.size, s.isFile, s.isDirectory, s.isSymlink, s.modified instanceof Date]",
            "4,true,false,false,true",
        ),
        (
            "const age = Date.now() - (await fs.stat('data/file.txt')).modified.getTime(); return Math.abs(age) < 60_000",
            "true",
        ),
        ("return (await fs.stat('data')).isDirectory", "true"),
        ("return fs.exists('data/file.txt')", "true"),
        ("return fs.exists('data/none')", "false"),
        ("return fs.exists('data/file.txt/none')", "false"),
        ("return fs.exists('')", "false"),
        ("await fs.stat('data/none')", "Error ENOENT"),
        ("await fs.realPath('data/none')", "Error ENOENT"),
    ]);
        assert_eq!(
            field.run("return fs.realPath('./work/../data/./file.txt')"),
            field.seen("data/file.txt")
        );
    });
}

#[test]
fn modes_are_given_and_kept() {
    Field::each(|field| {
        field.check(&[
        (
            "await fs.writeText('work/a', '', { mode: 0o640 }); return ((await fs.stat('work/a')).mode & 0o777).toString(8)",
            "640",
        ),
        (
            "await fs.copy('work/a', 'work/b'); return ((await fs.stat('work/b')).mode & 0o777).toString(8)",
            "640",
        ),
        (
            "await fs.makeDir('work/d', { mode: 0o700 }); return ((await fs.stat('work/d')).mode & 0o777).toString(8)",
            "700",
        ),
    ]);
    });
}

#[test]
fn temporary_files_have_names_of_their_own() {
    Field::each(|field| {
        field.check(&[
        (
            "const a = await fs.makeTempFile({ dir: 'work' }), b = await fs.makeTempFile({ dir: 'work' }); return a !== b && a.startsWith('work')",
            "true",
        ),
        (
            "const path = await fs.makeTempFile({ dir: 'work', prefix: 'p-', suffix: '.txt' }); return /p-[0-9a-f]{16}\\.txt$/.test(path) && (await fs.stat(path)).size",
            "0",
        ),
        (
            "const path = await fs.makeTempDir({ dir: 'work' }); return (await fs.stat(path)).isDirectory",
            "true",
        ),
        ("await fs.makeTempFile({ dir: 'work', prefix: '../secret/' })", "TypeError ERR_INVALID_ARG_VALUE"),
        ("await fs.makeTempFile({ dir: 'work', suffix: '/x' })", "TypeError ERR_INVALID_ARG_VALUE"),
        ("await fs.makeTempFile({ dir: 'data' })", "NotAllowed ERR_NOT_ALLOWED"),
        ("await fs.makeTempFile({ dir: 'work/none' })", "Error ENOENT"),
        ("await fs.makeTempDir({ dir: 5 })", "TypeError undefined"),
        ("await fs.makeTempDir()", "NotAllowed ERR_NOT_ALLOWED"),
    ]);
    });
}

#[test]
fn operations_run_side_by_side() {
    Field::each(|field| {
        let body = "
        const names = Array.from({ length: 200 }, (_, n) => `work/${n}`);
        await Promise.all(names.map((name) => fs.writeText(name, name)));
        const texts = await Promise.all(names.map((name) => fs.readText(name)));
        return texts.every((text, n) => text === `work/${n}`) && (await fs.readDir('work')).length;
    ";
        assert_eq!(field.run(body), "200");
    });
}

#[test]
fn a_large_file_goes_there_and_back() {
    Field::each(|field| {
        let body = "
        const bytes = new Uint8Array(16 * 1024 * 1024);
        bytes[bytes.length - 1] = 7;
        await fs.write('work/large', bytes);
        const back = await fs.read('work/large');
        return back.length === bytes.length && back[back.length - 1];
    ";
        assert_eq!(field.run(body), "7");
    });
}

#[cfg(unix)]
#[test]
fn an_operation_that_never_ends_does_not_keep_a_runtime_from_ending() {
    use rustix::fs::{CWD, FileType, Mode, mknodat};
    let field = Field::new();
    let pipe = field.path("data/pipe");
    mknodat(
        CWD,
        &pipe,
        FileType::Fifo,
        Mode::from_bits_truncate(0o600),
        0,
    )
    .expect("a pipe");
    let body = "fs.readText('data/pipe'); await fs.exists('data/pipe'); return 'read on';";
    assert_eq!(field.run(body), "read on");
    // Lets the thread that still reads it go.
    let writer = fs::OpenOptions::new().write(true).open(&pipe);
    drop(writer.expect("the pipe opens"));
}
