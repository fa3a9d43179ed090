//! What holds for every module holds for `fs`.

use runtime_laws::Laws;

#[test]
fn the_laws_hold() {
    Laws::of(&module_fs::MODULE).hold(include_str!("../module.toml"));
}
