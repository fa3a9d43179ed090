//! What no script reaches, whatever it tries.

use runtime_core::permissions::Flag;

use crate::{Field, Whose};

#[test]
fn nothing_outside_of_the_grants_is_reached() {
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
    Field::each(|field| {
        assert_eq!(field.run(&body), "", "{:?}", field.whose);
        assert_eq!(field.text("secret/file.txt").as_deref(), Some("secret"));
    });
}

#[test]
fn what_may_only_be_read_is_not_written() {
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
        Field::each(|field| field.check(&[(&format!("await fs.{call}"), denied)]));
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
    let denied = "NotAllowed ERR_NOT_ALLOWED";
    Field::each(|field| {
        field.run("await fs.makeDir('work/kept'); await fs.writeText('work/kept/file', 'x')");
        // A relative flag is anchored where the program works, and files in memory are nowhere on the machine.
        let kept = match field.whose {
            Whose::Memory => "/work/kept",
            Whose::Machine | Whose::Overlay => "work/kept",
        };
        for (kind, body) in [
            ("write", "await fs.remove('work', { recursive: true })"),
            ("write", "await fs.rename('work/kept', 'work/x')"),
            ("read", "await fs.rename('work/kept', 'work/x')"),
            ("read", "await fs.copy('work/kept/file', 'work/x')"),
        ] {
            let flag = Flag::deny(kind, vec![kept.to_owned()]);
            let permissions = field.permissions().narrow(&[flag]);
            let permissions = permissions.expect("the flag narrows");
            let said = field.run_in(field.config().permissions(permissions), body);
            assert_eq!(said, denied, "{:?}, {kind}: {body}", field.whose);
        }
        assert_eq!(field.text("work/kept/file").as_deref(), Some("x"));
    });
}
