//! `runtime:fs` as scripts see it, on real files.

use std::fs;
use std::path::{Path, PathBuf};

use runtime_core::definition::{GrantsDef, MissingModule, ModuleDef, Mount, RuntimeDef};
use runtime_core::permissions::{Flag, Permissions};
use runtime_core::{JsRuntime, RuntimeConfig};

/// A folder to read in (`data`), one to write in as well (`work`), and one to do neither in (`secret`).
struct Field {
    folder: tempfile::TempDir,
}

const GRANTS: GrantsDef = GrantsDef {
    read: &["data", "work"],
    write: &["work"],
    ..GrantsDef::NONE
};

impl Field {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        for name in ["data", "work", "secret"] {
            fs::create_dir(folder.path().join(name)).expect("a folder");
        }
        fs::write(folder.path().join("data/file.txt"), "fine").expect("a file");
        fs::write(folder.path().join("secret/file.txt"), "secret").expect("a file");
        Self { folder }
    }

    fn path(&self, name: &str) -> PathBuf {
        let base = self.folder.path().canonicalize().expect("it exists");
        base.join(name)
    }

    fn permissions(&self) -> Permissions {
        Permissions::from_grants_at(self.path(""), &GRANTS).expect("the grants are right")
    }

    fn config(&self, mounts: &'static [Mount]) -> RuntimeConfig {
        const MODULES: &[ModuleDef] = &[runtime_std::fs::MODULE];
        const MISSING: &[MissingModule] = &[];
        let def = RuntimeDef {
            name: "test",
            version: "0.0.0",
            description: "",
            modules: MODULES,
            permissions: GrantsDef::NONE,
            mounts,
            missing: MISSING,
        };
        RuntimeConfig::of(Box::leak(Box::new(def)))
            .expect("the definition is right")
            .permissions(self.permissions())
    }

    /// What `String()` says of what the body returns, or of what it throws.
    fn run(&self, body: &str) -> String {
        run(self.config(&[]), body)
    }

    #[track_caller]
    fn check(&self, rows: &[(&str, &str)]) {
        for (body, expect) in rows {
            assert_eq!(self.run(body), *expect, "{body}");
        }
    }
}

fn run(config: RuntimeConfig, body: &str) -> String {
    let mut runtime: JsRuntime = config.build().expect("the runtime builds");
    let code = format!(
        "import('runtime:fs').then(async (fs) => {{ try {{ return String(await (async () => {{ {body} }})()); }} \
         catch (error) {{ return `${{error.name}} ${{error.code}}`; }} }})"
    );
    let plain = runtime.eval_blocking(&code).expect("the script runs");
    plain.as_str().expect("a string").to_owned()
}

#[test]
fn text_and_bytes_go_there_and_back() {
    Field::new().check(&[
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
}

#[test]
fn what_is_written_replaces_adds_or_fails_as_asked() {
    Field::new().check(&[
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
}

#[test]
fn folders_are_made_listed_and_removed() {
    let field = Field::new();
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
        ("await fs.readDir('work/none')", "Error ENOENT"),
        ("await fs.remove('work/x')", "Error ENOTEMPTY"),
        ("await fs.remove('work/a'); return fs.exists('work/a')", "false"),
        ("await fs.remove('work/f'); return fs.exists('work/f')", "false"),
        ("await fs.remove('work/none')", "Error ENOENT"),
        ("await fs.remove('work/none', { recursive: true })", "Error ENOENT"),
        ("await fs.writeText('work/x/y/z', ''); await fs.remove('work/x', { recursive: true }); return fs.exists('work/x')", "false"),
        ("await fs.remove('work/B', { recursive: true }); return (await fs.readDir('work')).length", "0"),
    ]);
}

#[test]
fn files_and_folders_are_moved_and_copied() {
    let field = Field::new();
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
        ("await fs.copy('work/c', 'work/d')", "Error EISDIR"),
        ("await fs.copy('work/none', 'work/d')", "Error ENOENT"),
        ("await fs.copy('data/file.txt', 'work/none/x')", "Error ENOENT"),
        ("await fs.copy('data/file.txt', 'copy')", "NotAllowed ERR_NOT_ALLOWED"),
        ("await fs.rename('data/file.txt', 'work/x')", "NotAllowed ERR_NOT_ALLOWED"),
        ("await fs.rename('work/c', 'secret/c')", "NotAllowed ERR_NOT_ALLOWED"),
        ("await fs.rename('secret/file.txt', 'work/c')", "NotAllowed ERR_NOT_ALLOWED"),
    ]);
}

#[test]
fn errors_say_what_node_says() {
    let field = Field::new();
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
}

#[test]
fn stat_tells_what_there_is() {
    let field = Field::new();
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
    let real = field.path("data/file.txt");
    assert_eq!(
        field.run("return fs.realPath('./work/../data/./file.txt')"),
        real.to_str().expect("a plain path")
    );
}

#[cfg(unix)]
#[test]
fn modes_are_given_and_kept() {
    let field = Field::new();
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
}

#[test]
fn temporary_files_have_names_of_their_own() {
    let field = Field::new();
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
}

#[test]
fn nothing_outside_of_the_grants_is_reached() {
    let field = Field::new();
    let mut calls = Vec::new();
    for path in [
        "secret/file.txt",
        "data/../secret/file.txt",
        "data/./x/../../secret/file.txt",
        "/etc/passwd",
        "..",
        ".",
        "/",
        "database",
        "data/../../..//etc/passwd",
    ] {
        for call in [
            "readText(PATH)",
            "read(PATH)",
            "readDir(PATH)",
            "stat(PATH)",
            "lstat(PATH)",
            "exists(PATH)",
            "realPath(PATH)",
            "readLink(PATH)",
            "copy(PATH, 'work/x')",
            "rename(PATH, 'work/x')",
            "copy('data/file.txt', PATH)",
            "writeText(PATH, '')",
            "write(PATH, '')",
            "append(PATH, '')",
            "truncate(PATH)",
            "makeDir(PATH)",
            "makeDir(PATH, { recursive: true })",
            "remove(PATH)",
            "remove(PATH, { recursive: true })",
            "rename('work', PATH)",
            "makeTempFile({ dir: PATH })",
            "makeTempDir({ dir: PATH })",
        ] {
            calls.push(format!(
                "() => fs.{}",
                call.replace("PATH", &format!("'{path}'"))
            ));
        }
    }
    let body = format!(
        "const reached = [];
         for (const call of [{}]) {{
           const code = await call().then(() => 'no error', (error) => error.code);
           if (code !== 'ERR_NOT_ALLOWED') reached.push(`${{call}} ${{code}}`);
         }}
         return reached.join();",
        calls.join(", ")
    );
    assert_eq!(calls.len(), 9 * 22);
    assert_eq!(field.run(&body), "");
    assert_eq!(
        fs::read_to_string(field.path("secret/file.txt")).expect("it is there"),
        "secret"
    );
}

#[test]
fn what_may_only_be_read_is_not_written() {
    let field = Field::new();
    let denied = "NotAllowed ERR_NOT_ALLOWED";
    for call in [
        "writeText('data/x', '')",
        "append('data/file.txt', 'x')",
        "truncate('data/file.txt')",
        "makeDir('data/x')",
        "remove('data/file.txt')",
        "rename('work', 'data/x')",
        "copy('data/file.txt', 'data/x')",
    ] {
        field.check(&[(&format!("await fs.{call}"), denied)]);
    }
}

#[cfg(unix)]
#[test]
fn links_do_not_lead_out() {
    use std::os::unix::fs::symlink;
    let field = Field::new();
    let link = |target: &str, at: &str| symlink(target, field.path(at)).expect("a link");
    link("../secret", "work/out");
    link("../secret/file.txt", "work/out-file");
    link("../secret/new", "work/dangling");
    link("../data", "work/in");
    link("loop", "work/loop");
    let denied = "NotAllowed ERR_NOT_ALLOWED";
    field.check(&[
        ("await fs.readText('work/out/file.txt')", denied),
        ("await fs.readText('work/out-file')", denied),
        ("await fs.writeText('work/out-file', 'x')", denied),
        ("await fs.writeText('work/dangling', 'x')", denied),
        ("await fs.copy('data/file.txt', 'work/dangling')", denied),
        ("await fs.makeDir('work/dangling', { recursive: true })", denied),
        ("await fs.makeDir('work/out/a/b', { recursive: true })", denied),
        ("await fs.remove('work/out/file.txt')", denied),
        ("await fs.rename('work/out/file.txt', 'work/x')", denied),
        ("await fs.rename('data', 'work/out/x')", denied),
        ("await fs.exists('work/out/file.txt')", denied),
        ("await fs.exists('work/out/none')", denied),
        ("return fs.readText('work/in/file.txt')", "fine"),
        ("await fs.writeText('work/in/x', '')", denied),
        ("await fs.readText('work/loop')", "Error ELOOP"),
        ("await fs.stat('work/loop')", "Error ELOOP"),
        ("return fs.exists('work/loop')", "false"),
        // The links themselves are entries of a granted folder.
        ("return (await fs.lstat('work/out')).isSymlink", "true"),
        ("return fs.readLink('work/out')", "../secret"),
        ("return (await fs.readDir('work')).map((entry) => entry.isSymlink)", "true,true,true,true,true"),
        ("await fs.readLink('data/file.txt')", "Error EINVAL"),
        ("await fs.remove('work/out', { recursive: true }); return fs.exists('work/out-file').catch((e) => e.name)", "NotAllowed"),
        ("await fs.rename('work/out-file', 'work/moved'); return fs.readLink('work/moved')", "../secret/file.txt"),
        ("await fs.readText('work/moved')", denied),
        ("await fs.remove('work', { recursive: true })", "undefined"),
    ]);
    assert!(field.path("secret/file.txt").exists());
    assert!(field.path("data/file.txt").exists());
    assert!(!field.path("secret/new").exists());
}

#[test]
fn a_denied_part_keeps_its_folder() {
    let field = Field::new();
    fs::create_dir(field.path("work/kept")).expect("a folder");
    fs::write(field.path("work/kept/file"), "").expect("a file");
    let narrowed = |flag: Flag| {
        field.config(&[]).permissions(
            field
                .permissions()
                .narrow(&[flag])
                .expect("the flag narrows"),
        )
    };
    let denied = "NotAllowed ERR_NOT_ALLOWED";
    for (kind, body) in [
        ("write", "await fs.remove('work', { recursive: true })"),
        ("write", "await fs.rename('work/kept', 'work/x')"),
        ("read", "await fs.rename('work/kept', 'work/x')"),
        ("read", "await fs.copy('work/kept/file', 'work/x')"),
    ] {
        let flag = Flag::deny(kind, vec!["work/kept".to_owned()]);
        assert_eq!(run(narrowed(flag), body), denied, "{kind}: {body}");
    }
    assert!(field.path("work/kept/file").exists());
}

#[test]
fn operations_run_side_by_side() {
    let field = Field::new();
    let body = "
        const names = Array.from({ length: 200 }, (_, n) => `work/${n}`);
        await Promise.all(names.map((name) => fs.writeText(name, name)));
        const texts = await Promise.all(names.map((name) => fs.readText(name)));
        return texts.every((text, n) => text === `work/${n}`) && (await fs.readDir('work')).length;
    ";
    assert_eq!(field.run(body), "200");
}

#[test]
fn a_large_file_goes_there_and_back() {
    let field = Field::new();
    let body = "
        const bytes = new Uint8Array(16 * 1024 * 1024);
        bytes[bytes.length - 1] = 7;
        await fs.write('work/large', bytes);
        const back = await fs.read('work/large');
        return back.length === bytes.length && back[back.length - 1];
    ";
    assert_eq!(field.run(body), "7");
}

fn mount(at: &'static str, folder: &Path, writable: bool) -> Mount {
    Mount {
        at,
        from: Box::leak(format!("host:{}", folder.display()).into_boxed_str()),
        writable,
    }
}

fn mounts(field: &Field) -> &'static [Mount] {
    let mounts = vec![
        mount("/app", &field.path("work"), true),
        mount("/app/fixed", &field.path("data"), false),
        mount("/closed", &field.path("secret"), true),
        Mount {
            at: "/near",
            from: "host:./work",
            writable: true,
        },
    ];
    Box::leak(mounts.into_boxed_slice())
}

#[test]
fn mounts_are_all_that_is_seen() {
    let field = Field::new();
    let mounts = mounts(&field);
    let host = field.path("data/file.txt");
    let host = format!("await fs.readText('{}')", host.display());
    let denied = "NotAllowed ERR_NOT_ALLOWED";
    for (body, expect) in [
        (
            "await fs.writeText('/app/a', 'x'); return fs.readText('/near/a')",
            "x",
        ),
        ("return fs.readText('app/a')", "x"),
        ("return fs.readText('/../app/./b/../a')", "x"),
        ("return fs.readText('/app/fixed/file.txt')", "fine"),
        ("await fs.writeText('/app/fixed/file.txt', '')", denied),
        ("await fs.readText('/app/../data/file.txt')", "Error ENOENT"),
        ("await fs.readText('/etc/passwd')", "Error ENOENT"),
        ("return fs.exists('/etc/passwd')", "false"),
        ("await fs.readText('/application')", "Error ENOENT"),
        (host.as_str(), "Error ENOENT"),
        // What a mount shows is not thereby granted.
        ("await fs.readText('/closed/file.txt')", denied),
        ("return fs.realPath('/near/../app/a')", "/app/a"),
        (
            "await fs.makeTempFile({ dir: '/app', prefix: 'p' }).then((p) => p.startsWith('/app/p') || p)",
            "undefined",
        ),
        (
            "return (await fs.makeTempFile({ dir: '/app', prefix: 'p' })).startsWith('/app/p')",
            "true",
        ),
        (
            "await fs.rename('/app/a', '/near/b'); return fs.readText('/app/b')",
            "x",
        ),
        (
            "await fs.remove('/app', { recursive: true })",
            "Error EBUSY",
        ),
        ("await fs.rename('/app', '/near/x')", "Error EBUSY"),
        ("await fs.copy('/etc/passwd', '/app/x')", "Error ENOENT"),
    ] {
        assert_eq!(run(field.config(mounts), body), expect, "{body}");
    }
}

#[test]
fn a_read_only_mount_is_not_written_whatever_is_granted() {
    let field = Field::new();
    let mounts = vec![mount("/app", &field.path("work"), false)];
    let mounts: &'static [Mount] = Box::leak(mounts.into_boxed_slice());
    for call in [
        "writeText('/app/x', '')",
        "makeDir('/app/x')",
        "remove('/app/x')",
        "rename('/app/x', '/app/y')",
        "makeTempDir({ dir: '/app' })",
    ] {
        let found = run(field.config(mounts), &format!("await fs.{call}"));
        assert_eq!(found, "Error EROFS", "{call}");
    }
}

#[cfg(unix)]
#[test]
fn a_link_does_not_lead_out_of_a_mount() {
    let field = Field::new();
    std::os::unix::fs::symlink("../data", field.path("work/out")).expect("a link");
    let mounts = vec![mount("/app", &field.path("work"), true)];
    let mounts: &'static [Mount] = Box::leak(mounts.into_boxed_slice());
    let found = run(
        field.config(mounts),
        "await fs.readText('/app/out/file.txt')",
    );
    assert_eq!(found, "NotAllowed ERR_NOT_ALLOWED");
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
