#![allow(unused)]
use runtime_core::prelude::*;

#[js_module]
mod sensor {
    use super::*;

    #[js_fn]
    fn read() {}

    mod inner {
        use super::*;

        #[js_fn]
        fn hidden() {}
    }
}

fn main() {}
