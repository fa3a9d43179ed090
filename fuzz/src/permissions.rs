//! Permissions: what is taken away stays away, what is granted lies where a grant says, however paths and hosts are spelled.
//!
//! An input is lines, each a step: `allow KIND ENTRY, …` and `deny KIND ENTRY, …` narrow what may be done, first of all that
//! everything may be, and `ask KIND THING` asks for a path, a name, or `SCHEME HOST PORT` (`-` for no scheme). Paths lie in a
//! folder with files and links. What is no step is passed over. The boundary: the checks, against a second and simpler opinion.

use std::path::{Component, Path, PathBuf};
use std::sync::OnceLock;

use runtime_core::JsError;
use runtime_core::definition::GrantsDef;
use runtime_core::permissions::{Endpoint, Flag, Permissions};
use runtime_core::tables::{Permission, permission};
use tempfile::TempDir;

use crate::Target;

pub(crate) const TARGET: Target = Target {
    name: "permissions",
    run,
    more_seeds: &[],
    extension: "",
    words: &[
        "\nallow ",
        "\ndeny ",
        "\nask ",
        "read ",
        "write ",
        "env ",
        "net ",
        "sys ",
        "dom ",
        ", ",
        "./",
        "../",
        "/",
        "//",
        ".",
        "..",
        "data",
        "data/inner",
        "database",
        "secret",
        "out",
        "in",
        "loop",
        "dangling",
        "up",
        "file",
        "new",
        "*",
        "*.",
        "https://",
        "http ",
        "wss ",
        "- ",
        "acme.com",
        "api.",
        ":443",
        " 443",
        " 80",
        "127.0.0.1",
        "127.1",
        "0x7f.1",
        "2130706433",
        "017700000001",
        "[::1]",
        "::1",
        "::ffff:127.0.0.1",
        "0",
        "ACME_",
        "HOME",
        "sensor",
        "\u{e9}",
        "\u{130}",
        "\\",
        "\t",
        "\0",
        " ",
    ],
    inputs: 10_000,
};

/// All that can be granted; what is asked of `sys` is a name, and has no sign for all.
const EVERYTHING: GrantsDef = GrantsDef {
    read: &["/"],
    write: &["/"],
    env: &["*"],
    net: &["*"],
    sys: &["sensor", "sensor.read", "display"],
    dom: &["root", "document"],
};

/// A folder with what paths can meet, made once.
struct Field {
    _folder: TempDir,
    base: PathBuf,
}

/// A step that narrows.
struct Narrowing<'a> {
    kind: &'static Permission,
    denies: bool,
    entries: Vec<&'a str>,
}

fn field() -> &'static Field {
    static FIELD: OnceLock<Field> = OnceLock::new();
    FIELD.get_or_init(|| {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let base = folder.path().canonicalize().expect("it is there");
        for file in [
            "data/file",
            "data/inner/file",
            "database/file",
            "secret/file",
        ] {
            let file = base.join(file);
            let above = file.parent().expect("a file is in a folder");
            std::fs::create_dir_all(above).expect("a folder can be made");
            std::fs::write(&file, "").expect("a file can be made");
        }
        links(&base);
        Field {
            _folder: folder,
            base,
        }
    })
}

#[cfg(unix)]
fn links(base: &Path) {
    for (at, target) in [
        ("data/out", "../secret"),
        ("in", "data/inner"),
        ("loop", "loop"),
        ("dangling", "secret/not-there"),
        ("data/inner/up", "../.."),
        ("root", "/"),
    ] {
        std::os::unix::fs::symlink(target, base.join(at)).expect("a link can be made");
    }
}

#[cfg(not(unix))]
fn links(_base: &Path) {}

fn run(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let base = &field().base;
    let everything = Permissions::from_grants_at(base, &EVERYTHING).expect("the grants are right");
    let mut now = everything.clone();
    let mut said: Vec<Narrowing<'_>> = Vec::new();
    for line in text.lines() {
        let mut words = line.splitn(3, ' ');
        let (verb, kind) = (words.next(), words.next().and_then(permission));
        let (Some(verb), Some(kind)) = (verb, kind) else {
            continue;
        };
        let rest = words.next().unwrap_or_default();
        match verb {
            "allow" | "deny" => {
                let step = Narrowing {
                    kind,
                    denies: verb == "deny",
                    entries: rest.split(", ").filter(|entry| !entry.is_empty()).collect(),
                };
                if let Some(narrowed) = narrow(&now, &step, &said) {
                    now = narrowed;
                    said.push(step);
                }
            }
            "ask" => ask(&everything, &now, kind, rest, &said),
            _ => {}
        }
    }
}

/// What is left, when the step is right; a wrong one says what is wrong with it.
fn narrow(now: &Permissions, step: &Narrowing<'_>, said: &[Narrowing<'_>]) -> Option<Permissions> {
    let owned: Vec<String> = step
        .entries
        .iter()
        .map(|entry| (*entry).to_owned())
        .collect();
    let flag = match step.denies {
        true => Flag::deny(step.kind.key, owned),
        false => Flag::allow(step.kind.key, owned),
    };
    let narrowed = now.narrow(&[flag]);
    let mistakes: Vec<_> = step
        .entries
        .iter()
        .filter_map(|entry| Some((entry, (step.kind.check)(entry).err()?)))
        .collect();
    for (entry, mistake) in &mistakes {
        assert!(
            entry.get(mistake.at.clone()).is_some(),
            "{entry:?}: {mistake:?}"
        );
        assert!(
            !mistake.what.is_empty() && !mistake.help.is_empty(),
            "{mistake:?}"
        );
    }
    let key = step.kind.key;
    match &narrowed {
        Ok(_) => assert!(mistakes.is_empty(), "{key}: {mistakes:?}"),
        Err(error) => {
            is_readable(error);
            let is_right = mistakes.is_empty();
            assert!(
                !(step.denies && is_right),
                "a denial that is right holds: {error}"
            );
            // Of paths it is known what a list covers: what it allows, while nothing was denied.
            let denied = said.iter().any(|said| said.denies && said.kind.key == key);
            let is_allowed = |entry: &&str| match key {
                "read" => now.check_read(Path::new(entry)).is_ok(),
                "write" => now.check_write(Path::new(entry)).is_ok(),
                _ => false,
            };
            assert!(
                denied || !is_right || !step.entries.iter().all(is_allowed),
                "{key} = {:?} is part of what is allowed: {error}",
                step.entries
            );
        }
    }
    narrowed.ok()
}

fn ask(
    wide: &Permissions,
    now: &Permissions,
    kind: &Permission,
    thing: &str,
    said: &[Narrowing<'_>],
) {
    match kind.key {
        "read" | "write" => ask_path(now, kind, Path::new(thing), said),
        "env" => {
            let granted = agree(now.check_env(thing), wide.check_env(thing));
            let expect = opinion(kind, said, |entry| match entry.strip_suffix('*') {
                Some(start) => thing.starts_with(start),
                None => thing == entry,
            });
            assert_eq!(granted.is_some(), expect, "env {thing:?}");
        }
        "sys" => {
            let granted = agree(now.check_sys(thing), wide.check_sys(thing));
            let known = EVERYTHING.sys.contains(&thing);
            let expect = known && opinion(kind, said, |entry| entry == thing);
            assert_eq!(granted.is_some(), expect, "sys {thing:?}");
        }
        "dom" => {
            let granted = agree(now.check_dom(thing), wide.check_dom(thing));
            let known = EVERYTHING.dom.contains(&thing);
            let expect = known && opinion(kind, said, |entry| entry == thing);
            assert_eq!(granted.is_some(), expect, "dom {thing:?}");
        }
        _ => ask_net(wide, now, kind, thing, said),
    }
}

/// The second opinion: every list that allows has an entry that speaks of it, and none that denies has.
fn opinion(kind: &Permission, said: &[Narrowing<'_>], speaks: impl Fn(&str) -> bool) -> bool {
    let own = said.iter().filter(|step| step.kind.key == kind.key);
    own.fold(true, |allowed, step| {
        let any = step.entries.iter().any(|entry| speaks(entry));
        allowed
            && match step.denies {
                true => !any && !step.entries.is_empty(),
                false => any,
            }
    })
}

/// What was granted; the wider permissions grant it too, and a refusal can be read.
fn agree<T>(now: Result<T, JsError>, wide: Result<T, JsError>) -> Option<T> {
    match now {
        Ok(granted) => {
            assert!(
                wide.is_ok(),
                "what was never granted is not granted by less"
            );
            Some(granted)
        }
        Err(error) => {
            assert_eq!(error.name(), "NotAllowed");
            assert_eq!(error.code(), Some("ERR_NOT_ALLOWED"));
            is_readable(&error);
            None
        }
    }
}

/// A message has no character in it that a terminal obeys.
fn is_readable(error: &JsError) {
    let message = error.message();
    let obeyed = |c: char| c.is_control() && c != '\n';
    assert!(
        !message.is_empty() && !message.contains(obeyed),
        "{message:?}"
    );
}

fn ask_path(now: &Permissions, kind: &Permission, path: &Path, said: &[Narrowing<'_>]) {
    let real = now.resolve(path);
    // What changes by itself: the folders of processes and devices.
    if ["/proc", "/dev", "/sys"]
        .iter()
        .any(|moving| real.starts_with(moving))
    {
        return;
    }
    let is_normal = |path: &Path| {
        let dots = |step| matches!(step, Component::CurDir | Component::ParentDir);
        path.is_absolute() && !path.components().any(dots)
    };
    assert!(is_normal(&real), "{path:?} is {real:?}");
    assert_eq!(now.resolve(&real), real, "{path:?} is resolved once");

    let within = |real: &Path| {
        opinion(kind, said, |entry| {
            real.starts_with(now.resolve(Path::new(entry)))
        })
    };
    let beneath = |real: &Path, key: &str| {
        let denied = said
            .iter()
            .filter(|step| step.denies && step.kind.key == key);
        let mut entries = denied.flat_map(|step| &step.entries);
        entries.any(|entry| now.resolve(Path::new(entry)).starts_with(real))
    };
    if kind.key == "read" {
        let granted = same(
            now.check_read(path)
                .map(|granted| granted.path().to_owned()),
        );
        assert_eq!(
            granted.is_some(),
            within(&real),
            "read {path:?}, which is {real:?}"
        );
        if let Some(granted) = granted {
            assert_eq!(granted, real);
        }
        let entry = same(
            now.check_read_entry(path)
                .map(|granted| granted.path().to_owned()),
        );
        if let Some(entry) = entry {
            assert!(within(&entry) && is_normal(&entry), "{entry:?}");
        }
        let imported = now.check_import(path, &path.to_string_lossy());
        assert_eq!(imported.is_ok(), within(&real), "import {path:?}");
        return;
    }
    let granted = same(
        now.check_write(path)
            .map(|granted| granted.path().to_owned()),
    );
    assert_eq!(
        granted.is_some(),
        within(&real),
        "write {path:?}, which is {real:?}"
    );
    let entry = same(
        now.check_write_entry(path)
            .map(|granted| granted.path().to_owned()),
    );
    let removed = same(
        now.check_remove(path)
            .map(|granted| granted.path().to_owned()),
    );
    let moved = same(
        now.check_move(path)
            .map(|granted| granted.path().to_owned()),
    );
    if let Some(entry) = &entry {
        assert!(within(entry) && is_normal(entry), "{entry:?}");
    }
    if let Some(removed) = &removed {
        assert_eq!(
            Some(removed),
            entry.as_ref(),
            "what may be removed may be replaced"
        );
        assert!(
            !beneath(removed, "write"),
            "{removed:?} has something denied in it"
        );
    }
    if let Some(moved) = &moved {
        assert_eq!(
            Some(moved),
            removed.as_ref(),
            "what may be moved may be removed"
        );
        assert!(
            now.check_read_entry(path).is_ok(),
            "what may be moved may be read"
        );
        assert!(
            !beneath(moved, "read"),
            "{moved:?} has something denied in it"
        );
    }
}

/// What was granted; a refusal can be read.
fn same<T>(asked: Result<T, JsError>) -> Option<T> {
    match asked {
        Ok(granted) => Some(granted),
        Err(error) => {
            assert_eq!(error.name(), "NotAllowed");
            is_readable(&error);
            None
        }
    }
}

fn ask_net(
    wide: &Permissions,
    now: &Permissions,
    kind: &Permission,
    thing: &str,
    said: &[Narrowing<'_>],
) {
    let mut words = thing.split(' ');
    let scheme = words.next().filter(|scheme| *scheme != "-");
    let (Some(host), Some(port)) = (words.next(), words.next()) else {
        return;
    };
    let Ok(port) = port.parse::<u16>() else {
        return;
    };
    let endpoint = match Endpoint::new(scheme, host, port) {
        Ok(endpoint) => endpoint,
        Err(error) => return is_readable(&error),
    };
    let granted = agree(now.check_net(&endpoint), wide.check_net(&endpoint)).is_some();
    // Read back from what it says, and spelled differently, it is the same place.
    let text = endpoint.to_string();
    let (_, after) = text.rsplit_once("://").unwrap_or(("", &text));
    let (read, _) = after.rsplit_once(':').expect("an endpoint has a port");
    let expect = opinion(kind, said, |entry| speaks_of(entry, scheme, read, port));
    assert_eq!(granted, expect, "net {text}");
    let spellings = [
        read.to_owned(),
        read.to_ascii_uppercase(),
        format!("{read}."),
    ];
    for spelling in spellings {
        if spelling.ends_with("].") {
            continue;
        }
        let again = Endpoint::new(scheme, &spelling, port).expect("another spelling");
        assert_eq!(again, endpoint, "{spelling}");
        assert_eq!(now.check_net(&again).is_ok(), granted, "{spelling}");
    }
    // A list of just this place allows it and nothing else; denied, it is refused however it is spelled.
    if port == 0 {
        return;
    }
    let entry = vec![format!("{read}:{port}")];
    let denied = now.narrow(&[Flag::deny("net", entry.clone())]);
    let denied = denied.expect("an endpoint is an entry");
    assert!(
        denied.check_net(&endpoint).is_err(),
        "{entry:?} denies {endpoint}"
    );
    if let Ok(only) = now.narrow(&[Flag::allow("net", entry.clone())]) {
        assert_eq!(only.check_net(&endpoint).is_ok(), granted, "{entry:?}");
        let other = Endpoint::new(scheme, read, port ^ 1).expect("another port");
        assert!(only.check_net(&other).is_err(), "{entry:?} allows {other}");
    }
}

/// Whether an entry of `net` that is right speaks of a place whose host is written as the checks write it.
fn speaks_of(entry: &str, scheme: Option<&str>, host: &str, port: u16) -> bool {
    let (its_scheme, rest) = match entry.split_once("://") {
        Some((scheme, rest)) => (Some(scheme), rest),
        None => (None, entry),
    };
    let (its_host, its_port) = match rest.rsplit_once(':') {
        // The colons of an address in brackets are its own.
        Some((host, port)) if !port.ends_with(']') => (host, port.parse().ok()),
        _ => (rest, None),
    };
    let its_port = its_port.or_else(|| match its_scheme? {
        "http" | "ws" => Some(80),
        _ => Some(443),
    });
    let is_host = match its_host.strip_prefix('*') {
        Some("") => true,
        Some(domain) => {
            let is_name = host.contains(|c: char| c.is_ascii_alphabetic()) && !host.contains(':');
            let domain = domain.to_ascii_lowercase();
            is_name && host.len() > domain.len() && host.ends_with(&domain)
        }
        None => Endpoint::new(None, its_host, 1).ok() == Endpoint::new(None, host, 1).ok(),
    };
    let is_scheme = |scheme: &str| its_scheme.is_none_or(|its| scheme.eq_ignore_ascii_case(its));
    is_host && is_scheme(scheme.unwrap_or_default()) && its_port.is_none_or(|its| its == port)
}

/// Every kind has seeds that ask for it; a kind that is new wants some.
#[test]
fn every_kind_is_asked_for() {
    let seeds = TARGET.seeds();
    for kind in runtime_core::tables::PERMISSIONS {
        let line = format!("ask {} ", kind.key);
        let asks = |text: &[u8]| String::from_utf8_lossy(text).contains(&line);
        assert!(seeds.iter().any(|(_, text)| asks(text)), "{}", kind.key);
    }
}
