//! The file system that a script sees when the spec has mounts.

use std::path::Path;

use runtime_core::definition::Mount;

use crate::{Field, kept, run};

fn mount(at: &'static str, folder: &Path, writable: bool) -> Mount {
    Mount {
        at,
        from: kept(format!("host:{}", folder.display()).into_boxed_str()),
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
    let mounts: &'static [Mount] = kept(mounts.into_boxed_slice());
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
    let mounts: &'static [Mount] = kept(mounts.into_boxed_slice());
    let found = run(
        field.config(mounts),
        "await fs.readText('/app/out/file.txt')",
    );
    assert_eq!(found, "NotAllowed ERR_NOT_ALLOWED");
}
