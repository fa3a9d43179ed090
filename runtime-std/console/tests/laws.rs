//! What holds for every module holds for `console`.

use std::io;

use module_console::{MODULE, Sink, Stream, redirect};
use runtime_laws::Laws;

/// Prints nothing.
struct Nobody;

impl Sink for Nobody {
    fn write(&mut self, _: Stream, _: &str) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn the_laws_hold() {
    let laws = Laws::of(&MODULE).prepare(|cx| redirect(cx, Nobody));
    laws.hold(include_str!("../module.toml"));
    if Laws::counts_memory() {
        let lines = "for (let n = 0; n < 100; n++) m.log('x'.repeat(1e5), { n })";
        assert!(!laws.hits_memory_limit(lines), "lines are not kept");
    }
}
