//! What the program around a runtime takes out of the files that are kept in memory, and puts into them.

use std::io;
use std::sync::{Arc, Mutex};
use std::time::{Duration, UNIX_EPOCH};

use module_fs::{Entry, Files, Item, What};
use runtime_core::JsRuntime;
use runtime_core::definition::{EmbeddedFile, GrantsDef, Mount, MountSource};
use runtime_core::permissions::Permissions;

use crate::{Field, said};

const BENEATH: &[EmbeddedFile] = &[
    EmbeddedFile {
        path: "a",
        bytes: b"one",
    },
    EmbeddedFile {
        path: "b/c",
        bytes: b"two",
    },
];

const MOUNTS: &[Mount] = &[
    Mount {
        at: "/",
        from: MountSource::Memory { quota: 4096 },
        writable: true,
    },
    Mount {
        at: "/over",
        from: MountSource::OverEmbed {
            files: BENEATH,
            quota: 4096,
        },
        writable: true,
    },
    Mount {
        at: "/host",
        from: MountSource::Host("."),
        writable: true,
    },
];

fn runtime(field: &Field) -> (JsRuntime, Files) {
    let all = GrantsDef {
        read: &["/"],
        write: &["/"],
        ..GrantsDef::NONE
    };
    let permissions = Permissions::from_grants_at(field.path(""), &all);
    let config = field.config_of(MOUNTS);
    let config = config.permissions(permissions.expect("the grants are right"));
    let runtime = config.build().expect("the runtime builds");
    let files = runtime.enter(|cx| Files::of(cx));
    (runtime, files)
}

/// Items in few words: a file with its text, a folder with `/`, what is gone with `-`.
fn words(items: Vec<Item>) -> Vec<String> {
    let word = |item: Item| match item.what {
        What::File(bytes) => format!("{}={}", item.path, String::from_utf8_lossy(&bytes)),
        What::Folder => item.path + "/",
        What::Gone => item.path + "-",
    };
    items.into_iter().map(word).collect()
}

#[test]
fn a_whole_tree_comes_out_and_goes_in() {
    let field = Field::new();
    let (mut first, files) = runtime(&field);
    let body = "
        await fs.makeDir('/x/y', { recursive: true, mode: 0o700 });
        await fs.writeText('/x/y/z', 'deep', { mode: 0o640 });
        await fs.writeText('/over/a', 'changed');
        await fs.remove('/over/b/c');
        await fs.writeText('/over/d', 'new');
        return 'done';
    ";
    assert_eq!(said(&mut first, body), "done");
    let all = files.export().expect("everything can be read");
    let seen = [
        "/x/",
        "/x/y/",
        "/x/y/z=deep",
        "/over/a=changed",
        "/over/b/",
        "/over/d=new",
    ];
    assert_eq!(words(all), seen);
    let changes = files.changes();
    let changed = [
        "/x/",
        "/x/y/",
        "/x/y/z=deep",
        "/over/a=changed",
        "/over/b/",
        "/over/b/c-",
        "/over/d=new",
    ];
    assert_eq!(words(changes.clone()), changed);
    drop(first);
    // They outlive the runtime, and make the same of another one.
    assert_eq!(words(files.changes()), changed);
    let (mut second, again) = runtime(&field);
    again.import(changes.clone()).expect("there is room");
    assert_eq!(again.changes(), changes);
    let body = "
        const modes = await Promise.all(['/x/y', '/x/y/z'].map(async (path) => ((await fs.stat(path)).mode & 0o777).toString(8)));
        return [await fs.readText('/x/y/z'), await fs.exists('/over/b/c'), await fs.readText('/over/a'), ...modes];
    ";
    assert_eq!(said(&mut second, body), "deep,false,changed,700,640");
}

#[test]
fn a_folder_that_came_back_hides_what_was_in_it() {
    let field = Field::new();
    let (mut first, files) = runtime(&field);
    let body = "await fs.remove('/over/b', { recursive: true }); await fs.makeDir('/over/b'); return fs.exists('/over/b/c')";
    assert_eq!(said(&mut first, body), "false");
    assert_eq!(words(files.changes()), ["/over/b-", "/over/b/"]);
    let (mut second, again) = runtime(&field);
    again.import(files.changes()).expect("there is room");
    assert_eq!(said(&mut second, "return fs.exists('/over/b/c')"), "false");
    assert_eq!(again.changes(), files.changes());
}

#[test]
fn what_goes_in_replaces_what_is_there() {
    let (mut runtime, files) = runtime(&Field::new());
    let modified = UNIX_EPOCH + Duration::from_secs(1_000_000);
    let items = [
        Item::file("/f", "one"),
        Item::folder("/f"),
        Item::file("f/g", "two"),
        Item::file("/f/./x/../g", "three"),
        Item::file("/over/b", "a file now"),
        Item::gone("/over/none"),
        Item {
            modified,
            ..Item::file("/deep/er/still", "four")
        },
    ];
    files.import(items).expect("there is room");
    let seen = [
        "/deep/",
        "/deep/er/",
        "/deep/er/still=four",
        "/f/",
        "/f/g=three",
        "/over/a=one",
        "/over/b=a file now",
    ];
    assert_eq!(words(files.export().expect("it can be read")), seen);
    let body = "return (await fs.stat('/deep/er/still')).modified.getTime()";
    assert_eq!(said(&mut runtime, body), "1000000000");
}

#[test]
fn what_has_no_place_is_refused_by_name() {
    let (_runtime, files) = runtime(&Field::new());
    let rows = [
        (
            Item::file("/host/x", ""),
            io::ErrorKind::NotFound,
            "cannot import `/host/x`: no mount there is kept in memory",
        ),
        (
            Item::file("/large", vec![0; 5000]),
            io::ErrorKind::StorageFull,
            "cannot import `/large`: no storage space",
        ),
        (
            Item::file("/over", ""),
            io::ErrorKind::IsADirectory,
            "cannot import `/over`: is a directory",
        ),
        (
            Item::gone("/over"),
            io::ErrorKind::ResourceBusy,
            "cannot import `/over`: resource busy",
        ),
        (
            Item::file("/before/x", ""),
            io::ErrorKind::NotADirectory,
            "cannot import `/before/x`: not a directory",
        ),
        (
            Item::file(format!("/{}", "x".repeat(300)), ""),
            io::ErrorKind::InvalidFilename,
            "",
        ),
    ];
    files
        .import([Item::file("/before", "stays")])
        .expect("there is room");
    for (item, kind, words) in rows {
        let after = Item::file("/after", "");
        let error = files.import([item, after]).expect_err("it has no place");
        assert_eq!(error.kind(), kind);
        assert!(error.to_string().contains(words), "{error}");
    }
    assert_eq!(words(files.changes()), ["/before=stays"]);
}

#[test]
fn who_listens_hears_of_each_change() {
    let (mut runtime, files) = runtime(&Field::new());
    let heard = Arc::new(Mutex::new(Vec::new()));
    let noted = Arc::clone(&heard);
    assert!(files.on_change(move |files, at| {
        assert!(!files.changes().is_empty());
        noted.lock().expect("nothing panics").push(at.to_owned());
    }));
    assert!(!files.on_change(|_, _| {}), "the first stays");
    let body = "
        await fs.writeText('/x', '1');
        await fs.append('/over/a', '2');
        await fs.readText('/over/a');
        await fs.stat('/x');
        await fs.writeText('/none/x', '').catch(() => {});
        await fs.rename('/x', '/y');
        await fs.makeDir('/y/z', { recursive: true }).catch(() => {});
        return 'done';
    ";
    assert_eq!(said(&mut runtime, body), "done");
    let heard = heard.lock().expect("nothing panics").clone();
    assert_eq!(heard, ["/x", "/over/a", "/y", "/x", "/y/z"]);
}

#[test]
fn a_part_of_the_changes_has_what_leads_to_it() {
    let (_runtime, files) = runtime(&Field::new());
    let items = [
        Item::file("/a/b/c", "1"),
        Item::file("/a/b2", "2"),
        Item::gone("/over/b"),
        Item::folder("/over/b"),
        Item::file("/over/b/new", "3"),
    ];
    files.import(items).expect("there is room");
    let of = |path: &str| {
        let mut said = Vec::new();
        files.visit_changes(path, &mut |Item { path, what, .. }| {
            said.push(match what {
                What::File(bytes) => format!("{path}={}", String::from_utf8_lossy(bytes)),
                What::Folder => path + "/",
                What::Gone => path + "-",
            });
        });
        said
    };
    assert_eq!(of("/a/b"), ["/a/", "/a/b/", "/a/b/c=1"]);
    assert_eq!(of("/a/b2"), ["/a/", "/a/b2=2"]);
    assert_eq!(of("/over/b"), ["/over/b-", "/over/b/", "/over/b/new=3"]);
    assert_eq!(
        of("/over/b/new/none"),
        ["/over/b-", "/over/b/", "/over/b/new=3"]
    );
    assert_eq!(of("/none"), [""; 0]);
    assert_eq!(of(""), words(files.changes()));
}

#[test]
fn single_files_are_read_listed_and_removed() {
    let (_runtime, files) = runtime(&Field::new());
    files
        .import([Item::file("/a/b", "1"), Item::folder("/a/c")])
        .expect("there is room");
    let names = |path: &str| -> Vec<String> {
        let entries = files.list(path).expect("it is a folder");
        let name = |entry: Entry| entry.name + if entry.is_directory { "/" } else { "" };
        entries.into_iter().map(name).collect()
    };
    assert_eq!(names("a"), ["b", "c/"]);
    assert!(names("/").contains(&"over/".to_owned()), "{:?}", names("/"));
    assert_eq!(
        files
            .read_as("/a/./b", <[u8]>::to_vec)
            .expect("it is there"),
        b"1"
    );
    assert_eq!(files.quota("/a"), 4096);
    files.remove("/a").expect("it is there");
    let kind = |error: io::Error| error.kind();
    assert_eq!(
        files.read_as("/a/b", |_| ()).map_err(kind),
        Err(io::ErrorKind::NotFound)
    );
    assert_eq!(files.list("/a").map_err(kind), Err(io::ErrorKind::NotFound));
    assert_eq!(
        files.list("/over/a").map_err(kind),
        Err(io::ErrorKind::NotADirectory)
    );
    assert_eq!(
        files.remove("/a").map_err(kind),
        Err(io::ErrorKind::NotFound)
    );
    assert_eq!(
        files.remove("/over").map_err(kind),
        Err(io::ErrorKind::ResourceBusy)
    );
    assert_eq!(
        files.remove("/host/x").map_err(kind),
        Err(io::ErrorKind::NotFound)
    );
}
