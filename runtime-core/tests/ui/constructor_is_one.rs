#![allow(unused)]
use runtime_core::prelude::*;

#[js_class]
struct Counter;

#[js_class]
impl Counter {
    #[js(constructor)]
    fn new() -> Self {
        Self
    }

    #[js(constructor)]
    async fn with() -> Self {
        Self
    }
}

fn main() {}
