use runtime_core::prelude::*;

#[js_fn]
fn do_it() {}

#[js_fn(name = "doIt")]
fn other() {}

mod inner {
    #[js_fn]
    fn hidden() {}
}

#[js_class]
struct Private;
