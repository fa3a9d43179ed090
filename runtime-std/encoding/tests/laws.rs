//! What holds for every module holds for `encoding`.

use runtime_laws::Laws;

#[test]
fn the_laws_hold() {
    Laws::of(&module_encoding::MODULE).hold(include_str!("../module.toml"));
}
