//! The file system that a script sees when the spec has mounts.

use std::path::Path;

use runtime_core::definition::{EmbeddedFile, GrantsDef, Mount, MountSource};
use runtime_core::permissions::Permissions;

use crate::{Field, Whose, kept, run};

fn mount(at: &'static str, folder: &Path, writable: bool) -> Mount {
    Mount {
        at,
        from: MountSource::Host(kept(folder.display().to_string().into_boxed_str())),
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
            from: MountSource::Host("./work"),
            writable: true,
        },
    ];
    kept(mounts.into_boxed_slice())
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
        (
            "await fs.writeText('/app/fixed/file.txt', '')",
            "Error EROFS",
        ),
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
            "await fs.rename('/app/a', '/app/b'); return fs.readText('/near/b')",
            "x",
        ),
        ("await fs.rename('/app/b', '/near/c')", "Error EXDEV"),
        (
            "await fs.remove('/app', { recursive: true })",
            "Error EBUSY",
        ),
        ("await fs.rename('/app', '/near/x')", "Error EBUSY"),
        ("await fs.copy('/etc/passwd', '/app/x')", "Error ENOENT"),
    ] {
        assert_eq!(run(field.config_of(mounts), body), expect, "{body}");
    }
}

#[test]
fn a_read_only_mount_is_not_written_whatever_is_granted() {
    let field = Field::new();
    let mounts = vec![mount("/app", &field.path("work"), false)];
    let mounts: &'static [Mount] = kept(mounts.into_boxed_slice());
    for call in [
        "writeText('/app/x', '')",
        "makeDir('/app/x')",
        "remove('/app/x')",
        "rename('/app/x', '/app/y')",
        "makeTempDir({ dir: '/app' })",
    ] {
        let found = run(field.config_of(mounts), &format!("await fs.{call}"));
        assert_eq!(found, "Error EROFS", "{call}");
    }
}

#[test]
fn a_read_only_mount_says_so_and_advises_no_grant() {
    const FILES: &[EmbeddedFile] = &[EmbeddedFile {
        path: "a",
        bytes: b"a",
    }];
    let field = Field::new();
    let shut = kept(field.path("data").display().to_string().into_boxed_str());
    for from in [MountSource::Embed(FILES), MountSource::Host(shut)] {
        let mounts = vec![Mount {
            at: "/app",
            from,
            writable: false,
        }];
        let mounts: &'static [Mount] = kept(mounts.into_boxed_slice());
        for (call, words) in [
            ("writeText('/app/a', '')", "open '/app/a'"),
            ("makeDir('/app/b')", "mkdir '/app/b'"),
            ("remove('/app/a')", "rm '/app/a'"),
            ("rename('/app/a', '/app/b')", "rename '/app/a' -> '/app/b'"),
        ] {
            let body =
                format!("try {{ await fs.{call} }} catch (error) {{ return error.message }}");
            // No grant covers the mount, and none would help.
            let permissions = Permissions::none();
            let found = run(field.config_of(mounts).permissions(permissions), &body);
            assert_eq!(found, format!("EROFS: read-only file system, {words}"));
        }
    }
}

#[cfg(unix)]
#[test]
fn a_link_does_not_lead_out_of_a_mount() {
    let field = Field::new();
    std::os::unix::fs::symlink("../data", field.path("work/out")).expect("a link");
    let mounts = vec![mount("/app", &field.path("work"), true)];
    let mounts: &'static [Mount] = kept(mounts.into_boxed_slice());
    let found = run(
        field.config_of(mounts),
        "await fs.readText('/app/out/file.txt')",
    );
    assert_eq!(found, "NotAllowed ERR_NOT_ALLOWED");
}

const ASSETS: &[EmbeddedFile] = &[
    EmbeddedFile {
        path: "index.html",
        bytes: b"<p>",
    },
    EmbeddedFile {
        path: "icons/logo.svg",
        bytes: b"<svg>",
    },
    EmbeddedFile {
        path: "icons/deep/er/dot.svg",
        bytes: b"<dot>",
    },
];

const fn at(at: &'static str, from: MountSource) -> Mount {
    Mount {
        at,
        from,
        writable: true,
    }
}

/// Mounts of which nothing is on the machine.
const IN_MEMORY: &[Mount] = &[
    at("/assets", MountSource::Embed(ASSETS)),
    at("/tmp", MountSource::Memory { quota: 8 << 10 }),
    at(
        "/app",
        MountSource::OverEmbed {
            files: ASSETS,
            quota: 8 << 10,
        },
    ),
    at("/app/icons/deep/cache", MountSource::Memory { quota: 0 }),
];

/// The same files, and no mount among them.
const MOVABLE: &[Mount] = &[at(
    "/",
    MountSource::OverEmbed {
        files: ASSETS,
        quota: 8 << 10,
    },
)];

/// What each attempt comes to in one runtime that may do everything.
#[track_caller]
fn check(field: &Field, mounts: &'static [Mount], rows: &[(&str, &str)]) {
    let all = GrantsDef {
        read: &["/"],
        write: &["/"],
        ..GrantsDef::NONE
    };
    let attempts: Vec<String> = rows
        .iter()
        .map(|(attempt, _)| format!("async () => {{ {attempt} }}"))
        .collect();
    let body = format!(
        "const names = async (path) => (await fs.readDir(path)).map((entry) => entry.name); const came = []; \
         for (const attempt of [{}]) came.push(await attempt().then(String, (error) => error.code ?? String(error))); \
         return came.join('|')",
        attempts.join(", ")
    );
    let permissions = Permissions::from_grants_at(field.path(""), &all);
    let permissions = permissions.expect("the grants are right");
    let came = run(field.config_of(mounts).permissions(permissions), &body);
    let attempts = rows.iter().map(|(attempt, _)| *attempt);
    let came: Vec<_> = attempts.zip(came.split('|')).collect();
    assert_eq!(came, rows);
}

#[test]
fn embedded_files_are_read_and_never_changed() {
    check(
        &Field::new(),
        IN_MEMORY,
        &[
            ("return fs.readText('/assets/index.html')", "<p>"),
            (
                "return fs.readText('assets/icons/../icons/logo.svg')",
                "<svg>",
            ),
            ("return names('/assets')", "icons,index.html"),
            (
                "return (await fs.stat('/assets/icons')).isDirectory",
                "true",
            ),
            ("return (await fs.stat('/assets/index.html')).size", "3"),
            ("return fs.exists('/assets/none')", "false"),
            ("await fs.readText('/assets/icons')", "EISDIR"),
            ("await fs.readDir('/assets/index.html')", "ENOTDIR"),
            ("await fs.readText('/assets/index.html/x')", "ENOTDIR"),
            ("await fs.readText('/assets/none/x')", "ENOENT"),
            ("await fs.readLink('/assets/index.html')", "EINVAL"),
            ("await fs.writeText('/assets/index.html', '')", "EROFS"),
        ],
    );
}

#[test]
fn what_is_mounted_is_seen_in_the_folder_above() {
    check(
        &Field::new(),
        IN_MEMORY,
        &[
            ("return names('/')", "app,assets,tmp"),
            ("return names('/app/icons/deep')", "cache,er"),
            ("return (await fs.stat('/')).isDirectory", "true"),
            (
                "return fs.realPath('/app/icons/deep/cache')",
                "/app/icons/deep/cache",
            ),
            ("await fs.writeText('/new', '')", "ENOENT"),
            (
                "await fs.remove('/app/icons', { recursive: true })",
                "EBUSY",
            ),
            ("await fs.rename('/app/icons/deep', '/app/x')", "EBUSY"),
            ("await fs.remove('/tmp')", "EBUSY"),
            ("await fs.readText('/tmp')", "EISDIR"),
            // The mount is there whatever becomes of the folder in which it is.
            (
                "await fs.remove('/app/icons/deep/er', { recursive: true }); return names('/app/icons/deep')",
                "cache",
            ),
        ],
    );
}

#[test]
fn an_overlay_hides_what_was_removed_from_beneath_it() {
    check(
        &Field::new(),
        IN_MEMORY,
        &[
            (
                "await fs.writeText('/app/index.html', 'new'); return fs.readText('/app/index.html')",
                "new",
            ),
            ("return fs.readText('/assets/index.html')", "<p>"),
            (
                "await fs.append('/app/icons/logo.svg', '!'); return fs.readText('/app/icons/logo.svg')",
                "<svg>!",
            ),
            (
                "await fs.truncate('/app/icons/logo.svg', 2); return fs.readText('/app/icons/logo.svg')",
                "<s",
            ),
            (
                "await fs.remove('/app/index.html'); return names('/app')",
                "icons",
            ),
            ("await fs.readText('/app/index.html')", "ENOENT"),
            ("await fs.remove('/app/index.html')", "ENOENT"),
            (
                "await fs.append('/app/index.html', 'again'); return fs.readText('/app/index.html')",
                "again",
            ),
            ("await fs.remove('/app/icons/deep/er')", "ENOTEMPTY"),
            (
                "await fs.remove('/app/icons/deep/er', { recursive: true }); return fs.exists('/app/icons/deep/er')",
                "false",
            ),
            (
                "await fs.makeDir('/app/icons/deep/er'); return names('/app/icons/deep/er')",
                "",
            ),
            (
                "await fs.remove('/app/icons/deep/er'); return names('/app/icons/deep')",
                "cache",
            ),
            ("await fs.makeDir('/app/icons')", "EEXIST"),
            ("return names('/assets/icons/deep/er')", "dot.svg"),
        ],
    );
    // Without the mount in it, the whole folder moves.
    check(
        &Field::new(),
        MOVABLE,
        &[
            (
                "await fs.rename('/icons', '/moved'); return names('/')",
                "index.html,moved",
            ),
            ("return fs.readText('/moved/deep/er/dot.svg')", "<dot>"),
            ("await fs.readText('/icons/logo.svg')", "ENOENT"),
            ("await fs.makeDir('/icons'); return names('/icons')", ""),
            (
                "await fs.rename('/moved/deep', '/icons'); return names('/icons')",
                "er",
            ),
            ("await fs.rename('/index.html', '/icons')", "EISDIR"),
            ("await fs.remove('/', { recursive: true })", "EBUSY"),
        ],
    );
}

#[test]
fn an_overlay_leaves_the_folder_of_the_machine_as_it_was() {
    let field = Field::of(Whose::Overlay);
    field.check(&[
        ("await fs.writeText('work/new', 'x')", "undefined"),
        (
            "await fs.remove('data/file.txt')",
            "NotAllowed ERR_NOT_ALLOWED",
        ),
        ("await fs.copy('data/file.txt', 'work/copy')", "undefined"),
    ]);
    let names = std::fs::read_dir(field.path("work")).expect("a folder");
    assert_eq!(names.count(), 0);
    std::fs::write(field.path("work/beneath"), "seen").expect("a file");
    field.check(&[
        ("return fs.readText('work/beneath')", "seen"),
        (
            "await fs.remove('work/beneath'); return fs.exists('work/beneath')",
            "false",
        ),
        (
            "return (await fs.readDir('work')).map((entry) => entry.name)",
            "copy,new",
        ),
    ]);
    let beneath = std::fs::read_to_string(field.path("work/beneath"));
    assert_eq!(beneath.expect("it is still there"), "seen");
}

#[cfg(unix)]
#[test]
fn an_overlay_follows_no_link_beneath_it() {
    let field = Field::of(Whose::Overlay);
    for (target, name) in [
        ("../secret", "out"),
        ("../secret/file.txt", "out-file"),
        ("beneath", "near"),
    ] {
        let at = field.path("work").join(name);
        std::os::unix::fs::symlink(target, at).expect("a link");
    }
    field.check(&[
        ("return (await fs.lstat('work/out')).isSymlink", "true"),
        ("return fs.readLink('work/out-file')", "../secret/file.txt"),
        ("await fs.readText('work/out-file')", "Error ELOOP"),
        ("await fs.stat('work/out-file')", "Error ELOOP"),
        ("await fs.readText('work/near')", "Error ELOOP"),
        ("await fs.readText('work/out/file.txt')", "Error ENOTDIR"),
        ("await fs.readDir('work/out')", "Error ENOTDIR"),
        ("await fs.append('work/out-file', 'x')", "Error ELOOP"),
        ("await fs.truncate('work/out-file', 1)", "Error ELOOP"),
        ("await fs.copy('work/out-file', 'work/x')", "Error ELOOP"),
        ("await fs.write('work/out/file.txt', 'x')", "Error ENOTDIR"),
        (
            "await fs.remove('work/out', { recursive: true }); return fs.exists('work/out')",
            "false",
        ),
        (
            "await fs.makeDir('work/out'); return (await fs.readDir('work/out')).length",
            "0",
        ),
    ]);
    assert!(field.path("secret/file.txt").exists());
}

#[cfg(unix)]
#[test]
fn an_overlay_waits_for_no_pipe_beneath_it() {
    use rustix::fs::{CWD, FileType, Mode, mknodat};
    let field = Field::of(Whose::Overlay);
    let pipe = field.path("work/pipe");
    let mode = Mode::from_bits_truncate(0o600);
    mknodat(CWD, &pipe, FileType::Fifo, mode, 0).expect("a pipe");
    field.check(&[
        ("await fs.readText('work/pipe')", "Error ENOTSUP"),
        ("await fs.copy('work/pipe', 'work/x')", "Error ENOTSUP"),
        ("await fs.rename('work/pipe', 'work/x')", "Error ENOTSUP"),
        ("await fs.append('work/pipe', 'x')", "Error ENOTSUP"),
        (
            "await fs.writeText('work/pipe', 'a file'); return fs.readText('work/pipe')",
            "a file",
        ),
    ]);
}

#[test]
fn a_quota_bounds_what_is_kept() {
    check(
        &Field::new(),
        IN_MEMORY,
        &[
            (
                "await fs.writeText('/tmp/a', 'x'.repeat(7000))",
                "undefined",
            ),
            ("await fs.writeText('/tmp/b', 'x'.repeat(2000))", "ENOSPC"),
            ("return fs.exists('/tmp/b')", "false"),
            ("await fs.append('/tmp/a', 'x'.repeat(2000))", "ENOSPC"),
            ("await fs.truncate('/tmp/a', 2 ** 40)", "ENOSPC"),
            ("await fs.copy('/tmp/a', '/tmp/b')", "ENOSPC"),
            ("return (await fs.stat('/tmp/a')).size", "7000"),
            (
                "await fs.writeText('/tmp/a', 'x'.repeat(7600))",
                "undefined",
            ),
            (
                "await fs.truncate('/tmp/a', 10); await fs.copy('/tmp/a', '/tmp/b')",
                "undefined",
            ),
            (
                "await fs.remove('/tmp/a'); await fs.writeText('/tmp/b', 'x'.repeat(7600))",
                "undefined",
            ),
            ("await fs.remove('/tmp/b')", "undefined"),
            // An empty file is not for nothing, nor is a folder.
            (
                "for (let n = 0; ; n++) await fs.writeText(`/tmp/${n}`, '')",
                "ENOSPC",
            ),
            ("return (await names('/tmp')).length", "16"),
            ("await fs.makeDir('/tmp/more')", "ENOSPC"),
            ("await fs.makeTempFile()", "ENOSPC"),
            ("await fs.makeDir('/app/icons/deep/cache/x')", "ENOSPC"),
            // What is beneath an overlay costs nothing until it is changed.
            (
                "await fs.writeText('/app/index.html', 'x'.repeat(9000))",
                "ENOSPC",
            ),
            ("return fs.readText('/app/index.html')", "<p>"),
        ],
    );
}

#[test]
fn names_and_depths_have_an_end() {
    check(
        &Field::new(),
        IN_MEMORY,
        &[
            (
                "await fs.writeText('/tmp/' + 'x'.repeat(256), '')",
                "ENAMETOOLONG",
            ),
            (
                "await fs.writeText('/tmp/' + 'x'.repeat(255), '')",
                "undefined",
            ),
            ("await fs.stat('/tmp' + '/x'.repeat(513))", "ENAMETOOLONG"),
            ("await fs.stat('/tmp' + '/x'.repeat(5000))", "ENAMETOOLONG"),
            (
                "await fs.makeDir('/tmp' + '/y'.repeat(600), { recursive: true })",
                "ENAMETOOLONG",
            ),
            (
                "await fs.makeDir('/tmp' + '/y'.repeat(12), { recursive: true }); return (await fs.stat('/tmp' + '/y'.repeat(12))).isDirectory",
                "true",
            ),
            ("return names('/tmp' + '/y'.repeat(11))", "y"),
        ],
    );
}

#[test]
fn nothing_moves_from_one_mount_to_another_but_a_copy() {
    check(
        &Field::new(),
        IN_MEMORY,
        &[
            (
                "await fs.rename('/app/index.html', '/tmp/index.html')",
                "EXDEV",
            ),
            (
                "await fs.copy('/app/index.html', '/tmp/index.html'); return fs.readText('/tmp/index.html')",
                "<p>",
            ),
            ("await fs.copy('/assets/icons', '/tmp/icons')", "EISDIR"),
            ("await fs.copy('/assets/none', '/tmp/none')", "ENOENT"),
            (
                "await fs.copy('/tmp/index.html', '/tmp/none/index.html')",
                "ENOENT",
            ),
            (
                "return (await fs.makeTempDir()).startsWith('/tmp/')",
                "true",
            ),
        ],
    );
}
