//! Limits of an embedded runtime: what is refused, what ends a script and stays ended, and that one runtime does not feel another's.
#![cfg(feature = "engine")]

use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use runtime_core::definition::GrantsDef;
use runtime_core::engine::capabilities::Keeps;
use runtime_core::engine::{interrupts, keeps};
use runtime_core::permissions::Permissions;
use runtime_core::{Fatal, JsError, JsRuntime, Limits, Plain, RuntimeConfig};

fn runtime(limits: Limits) -> JsRuntime {
    let config = JsRuntime::builder().limits(limits).best_effort();
    config.build().expect("the runtime builds")
}

const fn cpu(millis: u64) -> Limits {
    Limits {
        cpu: Some(Duration::from_millis(millis)),
        ..Limits::NONE
    }
}

const fn wall(millis: u64) -> Limits {
    Limits {
        wall: Some(Duration::from_millis(millis)),
        ..Limits::NONE
    }
}

/// Takes some milliseconds, and comes to its end on every engine.
const WORK: &str = "{ let sum = 0; for (let n = 0; n < 300000; n++) sum += n; sum }";

#[track_caller]
fn is_hit<T: std::fmt::Debug>(result: Result<T, JsError>, words: &str) {
    let error = result.expect_err("the limit is hit");
    assert_eq!(error.code(), Some("ERR_LIMIT"), "{error}");
    assert!(error.message().contains(words), "{error}");
}

/// Computes until the limit on that is hit, in pieces that end.
fn exhaust(runtime: &mut JsRuntime) -> JsError {
    loop {
        if let Err(error) = runtime.eval(WORK) {
            return error;
        }
    }
}

#[test]
fn a_limit_that_cannot_be_kept_everywhere_is_refused_unless_best_effort_will_do() {
    let each: [(&str, Limits); 4] = [
        (
            "memory",
            Limits {
                memory: Some(64 << 20),
                ..Limits::NONE
            },
        ),
        ("cpu", cpu(1000)),
        ("wall", wall(1000)),
        (
            "stack",
            Limits {
                stack: Some(256 << 10),
                ..Limits::NONE
            },
        ),
    ];
    for (key, limits) in each {
        let built = JsRuntime::builder().limits(limits).build();
        if keeps(key) == Keeps::Itself {
            assert!(built.is_ok(), "{key}: {built:?}");
        } else {
            let error = built.expect_err("it cannot be kept");
            assert_eq!(error.code(), Some("ERR_LIMIT_NOT_KEPT"), "{key}");
            let words = [&*format!("`limits.{key}`"), "help: ", "best_effort()"];
            for word in words {
                assert!(error.message().contains(word), "{key}: {error}");
            }
        }
        let mut built = runtime(limits);
        assert_eq!(built.eval("1 + 1"), Ok(Plain::Number(2.0)), "{key}");
    }
}

#[test]
fn limits_that_stand_above_the_engine_are_never_refused() {
    let limits = Limits {
        timers_max: Some(1),
        fs_quota: Some(1),
        fs_open_files: Some(1),
        fs_pending: Some(1),
        net_requests: Some(1.0),
        net_connections: Some(1),
        net_response: Some(1),
        ..Limits::NONE
    };
    let built = JsRuntime::builder().limits(limits).build();
    assert!(built.is_ok(), "{built:?}");
}

#[test]
fn a_runtime_that_computed_too_long_stays_over() {
    let mut runtime = runtime(cpu(50));
    is_hit(
        Err::<(), _>(exhaust(&mut runtime)),
        "`limits.cpu = \"50ms\"`",
    );
    let fatal = runtime.fatal().expect("it is remembered");
    let Fatal::Limit(hit) = &fatal else {
        panic!("{fatal:?}");
    };
    assert_eq!((hit.key, hit.status()), ("cpu", 82));
    is_hit(runtime.eval("1"), "limits.cpu");
    is_hit(runtime.eval_blocking("1"), "limits.cpu");
    is_hit(runtime.call("String", Vec::new()), "limits.cpu");
    is_hit(runtime.run().map_err(JsError::from), "limits.cpu");
    is_hit(
        runtime.run_code("1", "again").map_err(JsError::from),
        "limits.cpu",
    );
    assert_eq!(runtime.fatal(), Some(fatal), "the first stays");
}

#[test]
fn time_that_is_slept_is_no_computing_time() {
    let mut runtime = runtime(cpu(60_000));
    // The wait is the loop's: a message ends it.
    let handle = runtime.handle();
    let waiting = thread::spawn(move || handle.eval("1"));
    runtime.serve().expect("nothing is hit");
    assert_eq!(
        waiting.join().expect("it is answered"),
        Ok(Plain::Number(1.0))
    );
    assert_eq!(runtime.fatal(), None);
}

#[test]
fn a_wait_is_cut_short_by_the_wall() {
    let mut waiting = runtime(wall(30));
    let handle = waiting.handle();
    // Somebody holds a handle, so nothing else would ever end this.
    is_hit(
        waiting.serve().map_err(JsError::from),
        "`limits.wall = \"30ms\"`",
    );
    drop(handle);
    is_hit(waiting.eval("1"), "limits.wall");
}

#[test]
fn a_handle_learns_what_ended_the_runtime() {
    let handle = RuntimeConfig::spawn(|| Ok(JsRuntime::builder().limits(cpu(50)).best_effort()))
        .expect("the runtime starts");
    let error = loop {
        if let Err(error) = handle.eval(WORK) {
            break error;
        }
    };
    // The call that hit the limit is told so; one that came after the end learns that there is nobody.
    let codes = ["ERR_LIMIT", "ERR_RUNTIME_ENDED"];
    assert!(codes.contains(&error.code().unwrap_or_default()), "{error}");
    let error = handle.eval("1").expect_err("it has ended");
    assert_eq!(error.code(), Some("ERR_RUNTIME_ENDED"));
}

#[test]
fn a_stop_from_another_thread_ends_what_runs() {
    let (sender, receiver) = mpsc::channel();
    let running = thread::spawn(move || {
        let mut runtime = runtime(Limits::NONE);
        sender
            .send(runtime.handle())
            .expect("the test waits for it");
        // What cannot be interrupted is stopped between two pieces of work.
        let endless = if interrupts() { "for (;;);" } else { WORK };
        loop {
            if let Err(error) = runtime.eval(endless) {
                return (error, runtime.fatal(), runtime.eval("1"));
            }
        }
    });
    let handle = receiver.recv().expect("the runtime is there");
    handle.stop();
    let (error, fatal, after) = running.join().expect("it ends");
    assert_eq!(error.code(), Some("ERR_STOPPED"), "{error}");
    assert_eq!(fatal, Some(Fatal::Stopped));
    assert_eq!(
        after.expect_err("it stays stopped").code(),
        Some("ERR_STOPPED")
    );
}

#[test]
fn a_limit_of_one_runtime_is_not_felt_by_another_on_the_same_thread() {
    let mut limited = runtime(cpu(50));
    let mut other = runtime(cpu(60_000));
    let mut free = runtime(Limits::NONE);
    other.eval("globalThis.kept = 7").expect("it runs");
    exhaust(&mut limited);
    assert_eq!(other.eval("kept + 1"), Ok(Plain::Number(8.0)));
    assert_eq!(free.eval("typeof kept"), Ok("undefined".into()));
    drop(limited);
    assert_eq!(other.eval("kept + 2"), Ok(Plain::Number(9.0)));
    assert_eq!((other.fatal(), free.fatal()), (None, None));
}

#[test]
fn runtimes_on_several_threads_keep_their_own_limits_and_permissions() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let base = folder.path().canonicalize().expect("it exists");
    for name in ["a", "b"] {
        std::fs::create_dir(base.join(name)).expect("a folder");
        std::fs::write(base.join(name).join("m.js"), "export const name = 'm';").expect("a file");
    }
    let threads = ["a", "b"].map(|name| {
        let base = base.clone();
        thread::spawn(move || {
            let grants = GrantsDef {
                read: if name == "a" { &["a"] } else { &["b"] },
                ..GrantsDef::NONE
            };
            let permissions = Permissions::from_grants_at(&base, &grants).expect("they are right");
            let limits = cpu(if name == "a" { 500 } else { 60_000 });
            let config = JsRuntime::builder().permissions(permissions);
            let built = config.limits(limits).best_effort().build();
            let mut runtime = built.expect("the runtime builds");
            let mut can_import = |file: &str| {
                let url = base.join(file);
                let code = format!(
                    "import({:?}).then(m => m.name, e => e.name)",
                    url.to_string_lossy()
                );
                runtime.eval_blocking(&code).expect("it is settled")
            };
            let seen = (can_import("a/m.js"), can_import("b/m.js"));
            let is_over = name == "a" && exhaust(&mut runtime).code() == Some("ERR_LIMIT");
            (seen, is_over, runtime.eval("1").is_ok())
        })
    });
    let [a, b] = threads.map(|thread| thread.join().expect("it ends"));
    let (yes, no) = (Plain::from("m"), Plain::from("NotAllowed"));
    assert_eq!(a, ((yes.clone(), no.clone()), true, false));
    assert_eq!(b, ((no, yes), false, true));
}
