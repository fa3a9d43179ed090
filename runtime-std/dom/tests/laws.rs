//! What holds for every module holds for `dom`.

use runtime_laws::Laws;

#[test]
fn the_laws_hold() {
    Laws::of(&module_dom::MODULE).hold(include_str!("../module.toml"));
}
