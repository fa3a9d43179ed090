//! The flags that narrow permissions at run time, as the command line gives them.

/// One flag: `--deny-read=/etc,/var` or `--allow-read=./data`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flag {
    pub(super) kind: &'static str,
    pub(super) denies: bool,
    pub(super) entries: Vec<String>,
}

impl Flag {
    /// Takes away what `entries` name; all of the kind when there are none. Wins over every flag that allows.
    pub fn deny(kind: &'static str, entries: Vec<String>) -> Self {
        Self {
            kind,
            denies: true,
            entries,
        }
    }

    /// Keeps of the kind only what `entries` name, and each must be allowed already.
    pub fn allow(kind: &'static str, entries: Vec<String>) -> Self {
        Self {
            kind,
            denies: false,
            entries,
        }
    }
}
