//! Panics of native code: errors of the script that made the call, and what they leave behind.

use std::sync::atomic::{AtomicUsize, Ordering};

use runtime_core::definition::ModuleDef;
use runtime_core::prelude::*;

use crate::check;

static DROPPED: AtomicUsize = AtomicUsize::new(0);

#[js_module(globals)]
mod plain {
    use super::*;

    #[js_fn]
    fn divide(a: i32, b: i32) -> i32 {
        a / b
    }

    #[js_fn]
    async fn later(fail: bool) -> u32 {
        assert!(!fail, "no luck");
        1
    }

    #[js_fn]
    fn items() -> JsIter<u32> {
        JsIter::new((0..3).map(|n| 6 / (1 - n)))
    }

    #[js_fn]
    fn through<'js>(cx: &mut Cx<'js>, callback: Callback<(u32,), u32>) -> Result<u32, Error<'js>> {
        callback.call(cx, (1,))
    }

    /// Converts to nothing.
    struct Stubborn;

    impl<'js> IntoJs<'js> for Stubborn {
        fn into_js(self, _cx: &mut Cx<'js>) -> Result<Value<'js>, Error<'js>> {
            panic!("stubborn")
        }
    }

    impl runtime_core::ts::TsType<runtime_core::ts::Out> for Stubborn {
        const TS: runtime_core::ts::Ts = runtime_core::ts::Ts::Name("never");
    }

    #[js_fn]
    async fn stubborn() -> Stubborn {
        Stubborn
    }

    #[js_class]
    struct Counter {
        count: i32,
    }

    #[js_class]
    impl Counter {
        #[js(constructor)]
        fn new(start: i32) -> Self {
            assert!(start >= 0, "below zero");
            Self { count: start }
        }

        fn share(&self, between: i32) -> i32 {
            self.count / between
        }

        fn divide(&mut self, by: i32) -> i32 {
            let count = self.count;
            self.count = -1;
            self.count = count / by;
            self.count
        }

        fn fill(other: &mut Self, by: i32) {
            other.count = 6 / by;
        }

        #[js(get)]
        fn half(&self) -> i32 {
            self.count / (self.count % 2)
        }

        #[js(set)]
        fn set_half(&mut self, half: i32) {
            self.count = i32::try_from(i64::from(half) * 2).expect("it is small");
        }
    }

    /// Its destructor panics.
    #[js_class]
    struct Fragile;

    #[js_class]
    impl Fragile {
        #[js(constructor)]
        fn new() -> Self {
            Self
        }
    }

    impl Drop for Fragile {
        fn drop(&mut self) {
            DROPPED.fetch_add(1, Ordering::Relaxed);
            panic!("fragile");
        }
    }
}

/// What a script sees of the panic of `call`: its message without the line of the file, and its code.
fn caught(call: &str) -> String {
    format!(
        "(async () => {{ try {{ await ({call}); return 'nothing' }} \
         catch (e) {{ return `${{e.message.replace(/:[0-9]+\\)$/, ')')}} ${{e.code}} ${{e instanceof Error}}` }} }})()"
    )
}

#[track_caller]
fn check_panic(call: &str, expect: &str) {
    let expect = format!("native function {expect} ERR_NATIVE_PANIC true");
    check(&MODULE, &[(&caught(call), &expect)]);
}

#[test]
fn a_panic_is_an_error_where_the_script_called() {
    let words = "panicked: attempt to divide by zero (panics.rs)";
    check_panic("divide(1, 0)", &format!("`divide` {words}"));
    check_panic(
        "new Counter(1).share(0)",
        &format!("`Counter.share` {words}"),
    );
    check_panic(
        "new Counter(-1)",
        "`new Counter` panicked: below zero (panics.rs)",
    );
    check_panic(
        "new Counter(2).half",
        "`Counter.half` panicked: attempt to divide by zero (panics.rs)",
    );
    check_panic("[...items()]", &format!("`next` {words}"));
    check_panic("through(() => divide(1, 0))", &format!("`divide` {words}"));
    check_panic(
        "[3, 1, 2].sort(() => divide(1, 0))",
        &format!("`divide` {words}"),
    );
}

#[test]
fn the_error_has_the_stack_of_the_script() {
    let mut runtime = crate::runtime(&MODULE);
    let code = "function caller() {\n  return divide(1, 0);\n}\ncaller();\n";
    let uncaught = runtime.run_code(code, "main.js").expect_err("it panics");
    let text = uncaught.text();
    for part in [
        "Error: native function `divide` panicked: ",
        "at caller (main.js:2:",
        "\n\n  2 |   return divide(1, 0);\n",
    ] {
        assert!(text.contains(part), "{part} in:\n{text}");
    }
    assert_eq!(uncaught.fatal(), None);
}

#[test]
fn a_future_that_panics_rejects_its_promise_and_the_loop_goes_on() {
    check_panic("later(true)", "`later` panicked: no luck (panics.rs)");
    check_panic("stubborn()", "`stubborn` panicked: stubborn (panics.rs)");
    check(&MODULE, &[("later(true).catch(() => later(false))", "1")]);
}

#[test]
fn the_runtime_goes_on_after_a_panic() {
    check(
        &MODULE,
        &[
            (
                "(() => { try { divide(1, 0) } catch {} return divide(6, 3) })()",
                "2",
            ),
            (
                "(() => { let times = 0; for (let i = 0; i < 20; i++) try { divide(1, 0) } catch { times++ } return times })()",
                "20",
            ),
            (
                "(() => { const it = items(); it.next(); try { it.next() } catch {} return it.next().done })()",
                "true",
            ),
        ],
    );
}

#[test]
fn an_instance_is_poisoned_when_the_panic_left_it_half_changed() {
    let broken = "thrown Error: this Counter cannot be used any more: native code panicked while it was changing it";
    check(
        &MODULE,
        &[
            (
                "(() => { const c = new Counter(4); try { c.divide(0) } catch {} return c.share(1) })()",
                broken,
            ),
            (
                "(() => { const c = new Counter(4); try { c.half = 2 ** 31 - 1 } catch {} return c.half })()",
                broken,
            ),
            (
                "(() => { const c = new Counter(4); try { c.divide(0) } catch {} Counter.fill(c, 1) })()",
                broken,
            ),
            // Another instance, one that was only read, and one that was lent: only what was lent to be changed is lost.
            (
                "(() => { try { new Counter(4).divide(0) } catch {} return new Counter(4).divide(2) })()",
                "2",
            ),
            (
                "(() => { const c = new Counter(4); try { c.share(0) } catch {} return c.share(2) })()",
                "2",
            ),
            (
                "(() => { const c = new Counter(4); try { Counter.fill(c, 0) } catch {} return c.share(2) })()",
                broken,
            ),
            (
                "(() => { const c = new Counter(4); try { c.divide(0) } catch {} try { c.share(1) } catch (e) { return e.code } })()",
                "ERR_POISONED",
            ),
        ],
    );
}

#[test]
fn a_destructor_that_panics_harms_nobody() {
    let before = DROPPED.load(Ordering::Relaxed);
    let mut runtime = crate::runtime(&MODULE);
    let made = runtime.eval("for (let i = 0; i < 3; i++) new Fragile(); 'made'");
    assert_eq!(made.as_ref().map(Plain::as_str), Ok(Some("made")));
    drop(runtime);
    assert_eq!(DROPPED.load(Ordering::Relaxed) - before, 3);
    check(&MODULE, &[("divide(6, 3)", "2")]);
}

#[test]
fn a_setup_that_panics_fails_the_import() {
    static BROKEN: ModuleDef = ModuleDef {
        name: "broken",
        specifier: "acme:broken",
        setup: Some(|_, _| panic!("no sensor")),
        ..ModuleDef::EMPTY
    };
    let mut runtime = crate::runtime(&BROKEN);
    let uncaught = runtime
        .run_code("import 'acme:broken'", "main.js")
        .expect_err("it panics");
    let message = uncaught.error().message();
    assert!(
        message.starts_with("native function `broken: setup` panicked: no sensor (panics.rs:"),
        "{message}"
    );
    assert_eq!(uncaught.error().code(), Some("ERR_NATIVE_PANIC"));
}
