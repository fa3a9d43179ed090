//! The inspector on native classes.
#![cfg(feature = "engine")]

use runtime_core::JsRuntime;
use runtime_core::inspect::{Options, inspect};
use runtime_core::prelude::*;

/// Counts.
#[js_module(globals)]
mod counting {
    use super::*;

    /// Counts.
    #[js_class]
    struct Counter {
        count: f64,
    }

    #[js_class]
    impl Counter {
        #[js(constructor)]
        fn new() -> Self {
            Self { count: 0.0 }
        }

        #[js(get)]
        fn count(&self) -> f64 {
            self.count
        }

        #[js(set)]
        fn set_count(&mut self, count: f64) {
            self.count = count;
        }

        #[js(get)]
        fn is_zero(&self) -> bool {
            self.count == 0.0
        }

        fn add(&mut self) {
            self.count += 1.0;
        }
    }
}

#[track_caller]
fn check(rows: &[(&str, &str)]) {
    let runtime = JsRuntime::builder().module(&MODULE).build();
    let runtime = runtime.expect("the runtime builds");
    runtime.enter(|cx| {
        for (code, expect) in rows {
            let value = cx.eval(code, "test.js").expect("it runs");
            let text = inspect(cx, &value, &Options::default());
            assert_eq!(text, *expect, "{code}");
        }
    });
}

#[test]
fn a_native_class_shows_its_accessors() {
    check(&[
        (
            "new Counter()",
            "Counter { count: [Getter/Setter], isZero: [Getter] }",
        ),
        (
            "class Loud extends Counter { volume = 11 }; new Loud()",
            "Loud [Counter] { count: [Getter/Setter], isZero: [Getter], volume: 11 }",
        ),
        ("Counter", "[Function: Counter]"),
        ("new Counter().add", "[Function: add]"),
    ]);
}
