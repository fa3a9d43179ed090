//! The limits that a spec may set, and who can keep each.
//!
//! The boundary: the table. Keeping a limit is the engine's and the ports' business; a row says which of them do, and the
//! spec's check refuses what nobody keeps.

use super::Unit;

/// The keeper is no engine in particular, but what stands above it.
pub const ANY_ENGINE: &str = "*";

/// A limit: a key of `[limits]`.
#[derive(Debug)]
pub struct Limit {
    /// The key below `[limits]`: `memory`, `net.requests`.
    pub key: &'static str,
    /// What its value is.
    pub unit: Unit,
    /// What holds when the spec says nothing; `None`: no limit.
    pub default: Option<&'static str>,
    /// What it bounds, in a few words.
    pub summary: &'static str,
    /// Meaning, interactions, and what it does not protect against.
    pub doc: &'static str,
    /// A value as it may be written.
    pub example: &'static str,
    /// The status of a process that hit it, when that ends the process.
    pub status: Option<u8>,
    /// Who keeps it; nobody: a spec error under `enforce = "hard"`.
    pub kept_by: &'static [Keeper],
}

/// An engine that keeps a limit, in a mode of isolation.
#[derive(Debug)]
pub struct Keeper {
    /// The kind of engine, or [`ANY_ENGINE`].
    pub engine: &'static str,
    /// The mode of isolation: `thread` or `process`.
    pub isolation: &'static str,
}

impl Limit {
    /// Whether the limit is kept on this engine in this mode of isolation.
    pub fn is_kept(&self, engine: &str, isolation: &str) -> bool {
        self.kept_by.iter().any(|keeper| {
            [engine, ANY_ENGINE].contains(&keeper.engine) && keeper.isolation == isolation
        })
    }
}

/// Every limit there is.
pub static LIMITS: &[Limit] = &[
    Limit {
        key: "memory",
        unit: Unit::Bytes,
        default: None,
        summary: "the memory that a script may hold",
        doc: "The heap of the engine, with the payloads of its strings and buffers. Exceeding it ends the script; it cannot be caught.",
        example: "64MiB",
        status: Some(81),
        kept_by: &[],
    },
    Limit {
        key: "cpu",
        unit: Unit::Duration,
        default: None,
        summary: "the processor time of a script",
        doc: "Time spent computing; waiting for timers, files or the network does not count. Exceeding it ends the script; it cannot \
              be caught.",
        example: "2s",
        status: Some(82),
        kept_by: &[],
    },
    Limit {
        key: "wall",
        unit: Unit::Duration,
        default: None,
        summary: "the time from start to end",
        doc: "Time on the clock, waiting included. Exceeding it ends the script; it cannot be caught.",
        example: "30s",
        status: Some(83),
        kept_by: &[],
    },
    Limit {
        key: "stack",
        unit: Unit::Bytes,
        default: None,
        summary: "the depth of calls",
        doc: "The stack of the thread that runs the script.",
        example: "1MiB",
        status: Some(84),
        kept_by: &[],
    },
    Limit {
        key: "isolation",
        unit: Unit::Choice(&["thread", "process"]),
        default: Some("thread"),
        summary: "what the script runs in",
        doc: "`thread`: a thread of the program's own. `process`: the program runs itself under a small supervisor with limits of the \
              operating system, which also contains crashes of the engine.",
        example: "process",
        status: None,
        kept_by: &[Keeper {
            engine: ANY_ENGINE,
            isolation: "thread",
        }],
    },
    Limit {
        key: "net.requests",
        unit: Unit::Rate,
        default: None,
        summary: "how often a script may ask the network",
        doc: "Requests and new connections for each stretch of time; the ones beyond it wait.",
        example: "20/s",
        status: None,
        kept_by: &[],
    },
    Limit {
        key: "net.connections",
        unit: Unit::Count,
        default: None,
        summary: "connections open at once",
        doc: "Connections open at the same time; the ones beyond it wait.",
        example: "8",
        status: None,
        kept_by: &[],
    },
    Limit {
        key: "net.response",
        unit: Unit::Bytes,
        default: None,
        summary: "the size of one response",
        doc: "The body of one response, after decompression. Reading beyond it rejects.",
        example: "8MiB",
        status: None,
        kept_by: &[],
    },
    Limit {
        key: "fs.quota",
        unit: Unit::Bytes,
        default: None,
        summary: "bytes written to files",
        doc: "Bytes that a run may write to files, in all. Writing beyond it fails with ENOSPC.",
        example: "64MiB",
        status: None,
        kept_by: &[],
    },
    Limit {
        key: "fs.open-files",
        unit: Unit::Count,
        default: None,
        summary: "files open at once",
        doc: "Files open at the same time. Opening one more fails with EMFILE.",
        example: "32",
        status: None,
        kept_by: &[],
    },
    Limit {
        key: "timers.max",
        unit: Unit::Count,
        default: None,
        summary: "timers pending at once",
        doc: "Timers pending at the same time. Setting one more throws a RangeError.",
        example: "10000",
        status: None,
        kept_by: &[],
    },
];

/// The limit with this key.
pub fn limit(key: &str) -> Option<&'static Limit> {
    LIMITS.iter().find(|limit| limit.key == key)
}
