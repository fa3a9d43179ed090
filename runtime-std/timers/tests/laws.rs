//! What holds for every module holds for `timers`.

use runtime_laws::Laws;

#[test]
fn the_laws_hold() {
    Laws::of(&module_timers::MODULE).hold(include_str!("../module.toml"));
}
