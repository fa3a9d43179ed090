//! The flags that narrow permissions at run time, as the command line gives them.

/// One flag: `--deny-read=/etc,/var` or `--allow-read=./data`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flag {
    pub(super) kind: &'static str,
    pub(super) denies: bool,
    pub(super) entries: Vec<String>,
    /// The option that a person gave, when it is not `--deny-` or `--allow-` and the kind.
    pub(super) option: Option<&'static str>,
}

impl Flag {
    /// Takes away what `entries` name; all of the kind when there are none. Wins over every flag that allows.
    pub fn deny(kind: &'static str, entries: Vec<String>) -> Self {
        Self {
            kind,
            denies: true,
            entries,
            option: None,
        }
    }

    /// Takes away all of the kind, as `option` says, which takes away more: `--deny-all`.
    pub(crate) fn deny_by(option: &'static str, kind: &'static str) -> Self {
        Self {
            option: Some(option),
            ..Self::deny(kind, Vec::new())
        }
    }

    /// Keeps of the kind only what `entries` name, and each must be allowed already.
    pub fn allow(kind: &'static str, entries: Vec<String>) -> Self {
        Self {
            kind,
            denies: false,
            entries,
            option: None,
        }
    }
}
