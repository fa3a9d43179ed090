//! What holds for every module holds for `url`.

use runtime_laws::Laws;

#[test]
fn the_laws_hold() {
    Laws::of(&module_url::MODULE).hold(include_str!("../module.toml"));
}
