#![allow(unused)]
use runtime_core::prelude::*;

#[js_class]
struct Words(Vec<f64>);

#[js_class]
impl Words {
    #[js(iterator)]
    fn iter(&self) -> impl Iterator<Item = f64> {
        self.0.iter().copied()
    }
}

fn main() {}
