//! A mistake on the fourth line.

#[js_fn]
fn broken(a: u32 -> u32 {
    a
}
