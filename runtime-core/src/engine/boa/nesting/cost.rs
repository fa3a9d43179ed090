//! What each construct of a source takes of the stack: figures that were measured, and how they add up.

/// Stack in bytes: for the parser, and for what walks its tree afterwards. Not at the same time, so the greater one counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Cost {
    pub(super) parse: usize,
    pub(super) walk: usize,
}

impl Cost {
    pub(super) const fn new(parse: usize, walk: usize) -> Self {
        Self { parse, walk }
    }

    pub(super) fn plus(self, other: Self) -> Self {
        Self::new(self.parse + other.parse, self.walk + other.walk)
    }

    pub(super) fn or(self, other: Self) -> Self {
        Self::new(self.parse.max(other.parse), self.walk.max(other.walk))
    }
}

/// What was measured for a level of each construct, in the profile that needs most of those that are built alike, and some more.
pub(super) const BRACKET: Cost = Cost::new(
    if cfg!(debug_assertions) {
        42 << 10
    } else {
        34 << 10
    },
    8 << 10,
);
/// A block and the body of a function.
pub(super) const BLOCK: Cost = Cost::new(10 << 10, 8 << 10);
/// `!`, `typeof`, `=`, `**`, `?`, `=>`: what has its operand on the right.
pub(super) const RIGHT: Cost = Cost::new(5 << 10, 5 << 10);
/// `+`, `&&`, `,`, `.`, a call: what is parsed in a loop, and walked by recursion.
pub(super) const LEFT: Cost = Cost::new(0, 2 << 10);
/// `if`, `else`, `while`, a label: a statement within a statement.
pub(super) const STATEMENT: Cost = Cost::new(5 << 10, 5 << 10);
