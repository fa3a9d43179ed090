//! Requests against grants, flags and extensions, in a real folder with real links.

use std::path::Path;

use super::*;

/// A folder with `data/file`, `data/inner/file`, `database/file`, `secret/file` and links between them.
struct Field {
    folder: tempfile::TempDir,
}

impl Field {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        for path in [
            "data/file",
            "data/inner/file",
            "database/file",
            "secret/file",
        ] {
            let path = folder.path().join(path);
            std::fs::create_dir_all(path.parent().expect("it has a folder")).expect("a folder");
            std::fs::write(path, "").expect("a file");
        }
        Self { folder }
    }

    #[cfg(unix)]
    fn link(&self, at: &str, target: &str) {
        std::os::unix::fs::symlink(target, self.base().join(at)).expect("a link");
    }

    fn base(&self) -> PathBuf {
        self.folder.path().canonicalize().expect("it exists")
    }

    fn grant(&self, read: &'static [&'static str], write: &'static [&'static str]) -> Permissions {
        let grants = GrantsDef {
            read,
            write,
            ..GrantsDef::NONE
        };
        Permissions::from_grants_at(self.base(), &grants).expect("the grants are right")
    }
}

fn deny(kind: &'static str, entries: &[&str]) -> Flag {
    Flag::deny(
        kind,
        entries.iter().map(|entry| (*entry).to_owned()).collect(),
    )
}

fn allow(kind: &'static str, entries: &[&str]) -> Flag {
    Flag::allow(
        kind,
        entries.iter().map(|entry| (*entry).to_owned()).collect(),
    )
}

#[track_caller]
fn check<T>(asked: Result<T, JsError>, expect: bool, what: &str) {
    match asked {
        Ok(_) => assert!(expect, "{what} is allowed"),
        Err(error) => {
            assert!(!expect, "{what}: {error}");
            assert_eq!(error.name(), "NotAllowed");
            assert_eq!(error.code(), Some("ERR_NOT_ALLOWED"));
        }
    }
}

#[track_caller]
fn refused<T: std::fmt::Debug>(asked: Result<T, JsError>, expect: &str) {
    assert_eq!(asked.expect_err("it is refused").message(), expect);
}

#[test]
fn a_folder_grants_what_is_beneath_it_and_nothing_else() {
    let field = Field::new();
    let granted = field.grant(&["./data"], &[]);
    let rows = [
        ("data", true),
        ("data/", true),
        ("data/file", true),
        ("./data/./inner/../file", true),
        ("data/new/deep/file", true),
        ("secret/../data/file", true),
        ("database", false),
        ("database/file", false),
        ("data/../secret/file", false),
        ("data/./x/../../secret", false),
        ("data/../../../../../../etc/passwd", false),
        ("/etc/passwd", false),
        (".", false),
        ("", false),
        ("/", false),
    ];
    for (path, expect) in rows {
        check(granted.check_read(Path::new(path)), expect, path);
        check(granted.check_write(Path::new(path)), false, path);
        let absolute = field.base().join(path);
        check(granted.check_read(&absolute), expect, path);
    }
}

#[test]
fn grants_themselves_are_resolved() {
    let field = Field::new();
    const GRANTS: [&[&str]; 3] = [&["data/"], &["./x/../data"], &["data/inner/.."]];
    for grant in GRANTS {
        let granted = field.grant(grant, &[]);
        check(granted.check_read(Path::new("data/file")), true, grant[0]);
        check(
            granted.check_read(Path::new("secret/file")),
            false,
            grant[0],
        );
    }
    let all = field.grant(&["/"], &[]);
    check(all.check_read(Path::new("/etc/passwd")), true, "/");
    let file = field.grant(&["data/file"], &[]);
    check(file.check_read(Path::new("data/file")), true, "the file");
    check(file.check_read(Path::new("data")), false, "its folder");
    check(
        file.check_read(Path::new("data/files")),
        false,
        "its sibling",
    );
}

#[cfg(unix)]
#[test]
fn links_are_followed_before_a_path_is_judged() {
    let field = Field::new();
    field.link("data/out", "../secret");
    field.link("data/out-file", "../secret/file");
    field.link("data/dangling", "../secret/new");
    field.link("data/loop", "loop");
    field.link("data/near", "inner/../file");
    field.link("data/up", "..");
    field.link("into", "data/inner");
    field.link("secret/back", "../data/inner");
    let granted = field.grant(&["data"], &["data"]);
    let rows = [
        ("data/out", false),
        ("data/out/file", false),
        ("data/out/missing", false),
        ("data/out/back/file", true),
        ("data/out-file", false),
        ("data/dangling", false),
        ("data/near", true),
        ("data/up/secret/file", false),
        ("data/up/data/file", true),
        ("into/file", true),
        ("into/../secret/file", false),
        ("data/loop", true),
    ];
    for (path, expect) in rows {
        check(granted.check_read(Path::new(path)), expect, path);
        check(granted.check_write(Path::new(path)), expect, path);
    }
    // The link itself is an entry of a granted folder.
    for path in ["data/out", "data/dangling", "data/loop"] {
        check(granted.check_read_entry(Path::new(path)), true, path);
        check(granted.check_write_entry(Path::new(path)), true, path);
        check(granted.check_remove(Path::new(path)), true, path);
    }
    check(
        granted.check_remove(Path::new("data/out/file")),
        false,
        "through a link",
    );
    let proof = granted
        .check_read(Path::new("data/up/data/near"))
        .expect("it is granted");
    assert_eq!(proof.path(), field.base().join("data/file"));
}

#[cfg(unix)]
#[test]
fn a_granted_link_grants_what_it_leads_to() {
    let field = Field::new();
    field.link("current", "data");
    let granted = field.grant(&["current"], &[]);
    check(
        granted.check_read(Path::new("data/file")),
        true,
        "the target",
    );
    check(
        granted.check_read(Path::new("current/file")),
        true,
        "through the link",
    );
    check(
        granted.check_read(Path::new("secret/file")),
        false,
        "something else",
    );
}

#[test]
fn a_refusal_names_the_line_that_would_allow_it() {
    let field = Field::new();
    let granted = field.grant(&["data"], &[]);
    refused(
        granted.check_read(Path::new("/etc/passwd")),
        "read access to `/etc/passwd` is not allowed\n    help: add `read = [\"/etc/passwd\"]` to [permissions] in runtime.toml",
    );
    refused(
        granted.check_write(Path::new("data/../x/./y")),
        "write access to `./x/y` is not allowed\n    help: add `write = [\"./x/y\"]` to [permissions] in runtime.toml",
    );
    refused(
        granted.check_import(Path::new("secret/a.js"), "../secret/a.js"),
        "cannot import `../secret/a.js`: read access to `./secret/a.js` is not allowed\n    help: add `read = [\"./secret/a.js\"]` to \
         [permissions] in runtime.toml",
    );
    refused(
        granted.check_read(Path::new("a\"b\u{1b}[2J")),
        "read access to `./a\"b\\u{1b}[2J` is not allowed\n    help: add `read = [\"./a\\\"b\\u001B[2J\"]` to [permissions] in runtime.toml",
    );
    refused(
        granted.check_env("HOME"),
        "the environment variable `HOME` is not allowed\n    help: add `env = [\"HOME\"]` to [permissions] in runtime.toml",
    );
    refused(
        granted.check_sys("sensor"),
        "the permission `sys:sensor` is not allowed\n    help: add `sys = [\"sensor\"]` to [permissions] in runtime.toml",
    );
    let endpoint = Endpoint::new(Some("https"), "Acme.com", 443).expect("it is valid");
    refused(
        granted.check_net(&endpoint),
        "a connection to `https://acme.com:443` is not allowed\n    help: add `net = [\"https://acme.com:443\"]` to [permissions] in \
         runtime.toml",
    );
}

#[cfg(unix)]
#[test]
fn a_refusal_does_not_tell_what_exists() {
    let field = Field::new();
    field.link("secret/link", "../database");
    let granted = field.grant(&["data"], &[]);
    for (there, missing) in [
        ("secret/file", "secret/f1le"),
        ("secret/link/x", "secret/l1nk/x"),
    ] {
        let text = |path: &str| {
            let error = granted
                .check_read(Path::new(path))
                .expect_err("it is refused");
            error.message().replace(path, "PATH")
        };
        assert_eq!(text(there), text(missing));
    }
    field.link("data/out", "../secret");
    let out = "read access to `./data/out/file` is not allowed: a symbolic link leads out of what is\n    help: add what it leads to to \
               `read` in [permissions] in runtime.toml";
    refused(granted.check_read(Path::new("data/out/file")), out);
    let missing = out.replace("file", "f1le");
    refused(granted.check_read(Path::new("data/out/f1le")), &missing);
}

#[test]
fn flags_narrow() {
    let field = Field::new();
    let granted = field.grant(&["data", "secret"], &["data"]);
    let rows: &[(&[Flag], &str, bool)] = &[
        (&[], "data/file", true),
        (&[deny("read", &[])], "data/file", false),
        (&[deny("write", &[])], "data/file", true),
        (&[deny("read", &["secret"])], "data/file", true),
        (&[deny("read", &["secret"])], "secret/file", false),
        (&[deny("read", &["./data/../secret/"])], "secret", false),
        (&[deny("read", &["data/inner"])], "data/file", true),
        (&[deny("read", &["data/inner"])], "data/inner/file", false),
        (&[deny("read", &["nowhere"])], "data/file", true),
        (&[allow("read", &["data/inner"])], "data/inner/file", true),
        (&[allow("read", &["data/inner"])], "data/file", false),
        (
            &[allow("read", &["data"]), allow("read", &["secret"])],
            "secret/file",
            true,
        ),
        (
            &[allow("read", &["data"]), deny("read", &["data/file"])],
            "data/file",
            false,
        ),
        (
            &[deny("read", &[]), allow("read", &["data"])],
            "data/file",
            false,
        ),
    ];
    for (flags, path, expect) in rows {
        let narrowed = granted.narrow(flags).expect("the flags narrow");
        check(
            narrowed.check_read(Path::new(path)),
            *expect,
            &format!("{path} {flags:?}"),
        );
    }
    let twice = granted
        .narrow(&[allow("read", &["data"])])
        .and_then(|narrowed| narrowed.narrow(&[allow("read", &["data/inner"])]))
        .expect("the flags narrow");
    check(
        twice.check_read(Path::new("data/file")),
        false,
        "narrowed twice",
    );
}

#[test]
fn flags_cannot_widen() {
    let field = Field::new();
    let granted = field.grant(&["data"], &[]);
    for entry in ["/etc", ".", "/", "database", "data/..", "data/../secret"] {
        assert!(
            granted.narrow(&[allow("read", &[entry])]).is_err(),
            "{entry}"
        );
    }
    for (kind, entry) in [
        ("write", "data"),
        ("env", "HOME"),
        ("net", "acme.com"),
        ("sys", "x"),
        ("dom", "root"),
    ] {
        assert!(granted.narrow(&[allow(kind, &[entry])]).is_err(), "{kind}");
    }
    refused(
        granted.narrow(&[allow("read", &["/etc"])]),
        "`--allow-read=/etc` is not part of what this runtime may do, and a flag cannot add to that\n    help: add `read = [\"/etc\"]` \
         to [permissions] in runtime.toml and build again",
    );
    let narrowed = granted
        .narrow(&[allow("read", &["data/inner"])])
        .expect("it narrows");
    assert!(narrowed.narrow(&[allow("read", &["data"])]).is_err());
    assert!(
        Permissions::none()
            .narrow(&[allow("read", &["data"])])
            .is_err()
    );
}

#[cfg(unix)]
#[test]
fn flags_cannot_widen_through_a_link() {
    let field = Field::new();
    field.link("data/out", "../secret");
    let granted = field.grant(&["data"], &[]);
    assert!(granted.narrow(&[allow("read", &["data/out"])]).is_err());
    // What a denial names is denied by whatever way it is reached.
    let all = field.grant(&["."], &[]);
    let denied = all
        .narrow(&[deny("read", &["data/out"])])
        .expect("it narrows");
    check(
        denied.check_read(Path::new("secret/file")),
        false,
        "the target",
    );
    let denied = all
        .narrow(&[deny("read", &["secret"])])
        .expect("it narrows");
    check(
        denied.check_read(Path::new("data/out/file")),
        false,
        "through the link",
    );
}

#[test]
fn a_refusal_by_a_flag_names_the_flag() {
    let field = Field::new();
    let granted = field.grant(&["data"], &[]);
    let denied = granted
        .narrow(&[deny("read", &["data/file"])])
        .expect("it narrows");
    refused(
        denied.check_read(Path::new("data/file")),
        "read access to `./data/file` was denied by --deny-read\n    help: run without `--deny-read`, or name less in it",
    );
    let left = granted
        .narrow(&[allow("read", &["data/inner"])])
        .expect("it narrows");
    refused(
        left.check_read(Path::new("data/file")),
        "read access to `./data/file` is not among what --allow-read left\n    help: add it to that flag, or run without `--allow-read`",
    );
    // What was never granted is said to be so, whatever the flags.
    refused(
        denied.check_read(Path::new("x")),
        "read access to `./x` is not allowed\n    help: add `read = [\"./x\"]` to [permissions] in runtime.toml",
    );
}

#[test]
fn a_flag_that_means_nothing_is_an_error() {
    let granted = Permissions::none();
    refused(
        granted.narrow(&[deny("env", &["A*B"])]),
        "`--deny-env=A*B`: `*` stands only at the end of a variable's name\n    help: write the start of the name and `*`, as in `ACME_*`",
    );
    refused(
        granted.subset(&GrantsDef {
            net: &["ftp://x"],
            ..GrantsDef::NONE
        }),
        "`net = [\"ftp://x\"]`: unknown scheme `ftp`\n    help: write one of http, https, ws, wss, or leave it out",
    );
}

#[test]
fn all_of_a_folder_is_not_granted_when_a_part_of_it_is_denied() {
    let field = Field::new();
    let granted = field.grant(&["."], &["."]);
    let part = Path::new("data");
    check(granted.check_remove(part), true, "remove");
    check(granted.check_move(part), true, "move");
    let write = granted
        .narrow(&[deny("write", &["data/inner"])])
        .expect("it narrows");
    check(write.check_write(part), true, "write");
    check(write.check_remove(part), false, "remove");
    check(
        write.check_remove(Path::new("data/file")),
        true,
        "remove a file",
    );
    check(
        write.check_remove(Path::new("secret")),
        true,
        "remove another folder",
    );
    let read = granted
        .narrow(&[deny("read", &["data/inner"])])
        .expect("it narrows");
    check(read.check_remove(part), true, "remove");
    check(read.check_move(part), false, "move");
    let unread = field.grant(&["data"], &["."]);
    check(
        unread.check_move(Path::new("secret/file")),
        false,
        "move what may not be read",
    );
}

#[test]
fn an_extension_has_a_part_and_no_more() {
    let field = Field::new();
    let granted = field.grant(&["data"], &["data"]);
    let ask = |read: &'static [&'static str]| {
        granted.subset(&GrantsDef {
            read,
            ..GrantsDef::NONE
        })
    };
    let part = ask(&["data/inner"]).expect("it is a part");
    check(
        part.check_read(Path::new("data/inner/file")),
        true,
        "its own",
    );
    check(
        part.check_read(Path::new("data/file")),
        false,
        "the runtime's",
    );
    check(
        part.check_write(Path::new("data/inner/file")),
        false,
        "another kind",
    );
    refused(
        part.check_read(Path::new("data/file")),
        "read access to `./data/file` is not allowed to this extension\n    help: add `read = [\"./data/file\"]` to the permissions that \
         the extension states",
    );
    refused(
        ask(&["secret"]),
        "the extension's grant `read = [\"secret\"]` is not part of what this runtime may do, and an extension cannot add to that\n    \
         help: add `read = [\"secret\"]` to [permissions] in runtime.toml and build again",
    );
    // A denial holds for extensions too, and does not keep one from loading.
    let denied = granted
        .narrow(&[deny("read", &["data/inner"])])
        .expect("it narrows");
    let part = denied
        .subset(&GrantsDef {
            read: &["data/inner"],
            ..GrantsDef::NONE
        })
        .expect("it is a part");
    check(
        part.check_read(Path::new("data/inner/file")),
        false,
        "denied",
    );
}

#[test]
fn names_and_hosts_pass_the_same_layers() {
    let grants = GrantsDef {
        env: &["ACME_*"],
        net: &["https://*.acme.com"],
        sys: &["sensor"],
        dom: &["root"],
        ..GrantsDef::NONE
    };
    let granted = Permissions::from_grants_at("/", &grants).expect("the grants are right");
    check(granted.check_dom("root"), true, "root");
    check(granted.check_dom("document"), false, "document");
    check(granted.check_env("ACME_KEY"), true, "ACME_KEY");
    check(granted.check_env("HOME"), false, "HOME");
    check(granted.check_sys("sensor"), true, "sensor");
    check(granted.check_sys("sensors"), false, "sensors");
    let endpoint = |host| Endpoint::new(Some("https"), host, 443).expect("it is valid");
    check(granted.check_net(&endpoint("api.acme.com")), true, "api");
    check(granted.check_net(&endpoint("acme.com")), false, "acme.com");
    let flags = [
        deny("env", &["ACME_SECRET*"]),
        deny("net", &["internal.acme.com"]),
        allow("net", &["https://*.acme.com:443"]),
        deny("sys", &[]),
    ];
    let narrowed = granted.narrow(&flags).expect("the flags narrow");
    check(narrowed.check_env("ACME_SECRET_1"), false, "ACME_SECRET_1");
    check(narrowed.check_env("ACME_KEY"), true, "ACME_KEY");
    check(
        narrowed.check_net(&endpoint("internal.acme.com")),
        false,
        "internal",
    );
    check(narrowed.check_net(&endpoint("api.acme.com")), true, "api");
    check(narrowed.check_sys("sensor"), false, "sensor");
}

#[test]
fn nothing_is_granted_by_default() {
    let none = Permissions::none();
    for path in ["", ".", "/", "/etc/passwd", "x"] {
        check(none.check_read(Path::new(path)), false, path);
        check(none.check_write(Path::new(path)), false, path);
        check(none.check_remove(Path::new(path)), false, path);
    }
    check(none.check_env("PATH"), false, "PATH");
}

#[test]
fn a_very_long_path_is_judged_like_any_other() {
    let field = Field::new();
    let granted = field.grant(&["data"], &[]);
    let long = format!("data/{}", "inner/".repeat(200_000));
    check(granted.check_read(Path::new(&long)), true, "long");
    let long = format!("secret/{}", "x".repeat(1_000_000));
    check(granted.check_read(Path::new(&long)), false, "long");
}

#[cfg(unix)]
#[test]
fn a_path_that_is_nowhere_on_the_machine_is_taken_by_its_letters() {
    let field = Field::new();
    field.link("elsewhere", "data");
    let granted = field.grant(&["elsewhere"], &[]);
    let seen = |path: &str| granted.check_plain::<Read>(&field.base().join(path), Names::Seen);
    check(seen("elsewhere/file"), true, "as it was granted");
    check(seen("data/../elsewhere/file"), true, "by another way");
    check(seen("data/file"), false, "what a link leads to");
    check(seen("elsewhere/../secret/file"), false, "beside it");
    let machine =
        |path: &str| granted.check_plain::<Read>(&field.base().join(path), Names::Machine);
    check(machine("data/file"), true, "what the grant means there");
    check(machine("elsewhere/file"), false, "a link");
}

#[test]
fn a_plain_path_takes_what_its_proof_is_of() {
    let field = Field::new();
    let granted = field.grant(&["data"], &["data", "secret"]);
    let narrowed = granted
        .narrow(&[deny("write", &["data/inner"])])
        .expect("the flag narrows");
    let data = field.base().join("data");
    let secret = field.base().join("secret");
    let seen = Names::Seen;
    check(narrowed.check_plain::<Read>(&data, seen), true, "data");
    check(narrowed.check_plain::<Read>(&secret, seen), false, "secret");
    check(narrowed.check_plain::<Write>(&data, seen), true, "data");
    check(granted.check_plain::<Remove>(&data, seen), true, "data");
    check(narrowed.check_plain::<Remove>(&data, seen), false, "data");
    check(granted.check_plain::<Move>(&data, seen), true, "data");
    check(granted.check_plain::<Move>(&secret, seen), false, "secret");
}
