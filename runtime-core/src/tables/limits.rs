//! The limits that a spec may set, what becomes of a script that hits one, and who keeps each.
//!
//! The boundary: the table. Keeping a limit is the engine's and the ports' business; a row says which of them do, how an engine
//! does it stands in `engine/capabilities.rs`, and the spec's check refuses what nobody keeps.

use super::{Unit, prose};

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
    /// What a script sees of it, and what becomes of the script.
    pub outcome: &'static str,
    /// A value as it may be written.
    pub example: &'static str,
    /// The status of a process that hit it, when that ends the process.
    pub status: Option<u8>,
    /// Who keeps it.
    pub keeper: Keeper,
}

/// Who keeps a limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keeper {
    /// The engine, each in its own way: [`EngineInfo::keeps`](crate::engine::capabilities::EngineInfo::keeps).
    Engine,
    /// What stands above every engine, on each alike.
    Runtime,
    /// What a script runs in, of which these words can be chosen.
    Isolation(&'static [&'static str]),
    /// Nobody yet, because there is nothing that it could bound.
    Nobody(&'static str),
}

impl Limit {
    /// A value as it stands in the spec: amounts with a unit are strings.
    pub fn written(&self, value: &str) -> String {
        match self.unit {
            Unit::Count => value.to_owned(),
            Unit::Bytes | Unit::Duration | Unit::Rate | Unit::Choice(_) => format!("\"{value}\""),
        }
    }
}

/// Every limit there is.
pub static LIMITS: &[Limit] = &[
    Limit {
        key: "memory",
        unit: Unit::Bytes,
        default: None,
        summary: "the memory that a script may hold",
        doc: prose(
            "The heap of the engine, with the payloads of its strings and buffers, and what native functions hold for the script: \
              arguments while a call lasts, results that wait, text that is being formatted. What native code of your own keeps \
              longer it charges itself (`Cx::charge`). An engine that does not count for itself is taken with the whole process, \
              so the program's own megabyte counts there, too.",
        ),
        outcome: prose(
            "The script ends, and nothing catches it. A request that can never fit is a RangeError where the engine can say so.",
        ),
        example: "64MiB",
        status: Some(81),
        keeper: Keeper::Engine,
    },
    Limit {
        key: "cpu",
        unit: Unit::Duration,
        default: None,
        summary: "the processor time of a script",
        doc: prose(
            "Time spent computing; waiting for timers, files or the network does not count. It is counted from the start of the \
              runtime, over all that it runs.",
        ),
        outcome: prose("The script ends, and nothing catches it."),
        example: "2s",
        status: Some(82),
        keeper: Keeper::Engine,
    },
    Limit {
        key: "wall",
        unit: Unit::Duration,
        default: None,
        summary: "the time from start to end",
        doc: prose("Time on the clock, waiting included."),
        outcome: prose("The script ends, and nothing catches it; a wait is cut short."),
        example: "30s",
        status: Some(83),
        keeper: Keeper::Engine,
    },
    Limit {
        key: "stack",
        unit: Unit::Bytes,
        default: None,
        summary: "the depth of calls",
        doc: prose(
            "The bytes of native stack that scripts may use: how deep calls may nest, and data that is walked by recursion. More than \
              half of the thread's own stack is never given.",
        ),
        outcome: prose(
            "A RangeError, which can be caught, where the engine can go on; else the script ends.",
        ),
        example: "1MiB",
        status: Some(84),
        keeper: Keeper::Engine,
    },
    Limit {
        key: "isolation",
        unit: Unit::Choice(&["thread", "process"]),
        default: Some("thread"),
        summary: "what the script runs in",
        doc: prose(
            "`thread`: a thread of the program's own. `process`: the program runs the script in a child, and is a small supervisor, \
              which says in words what became of a child that crashed (status 85). Standard streams, arguments, signals and the exit \
              status pass through. The limits of the runtime hold in the child as they do in a thread. On Linux the operating \
              system's stand behind them: address space, processor time, no core files, and nothing survives the supervisor; \
              native code that takes memory or time, or whose stack overflows, is told as that limit. Elsewhere the supervisor \
              contains crashes and keeps `wall`. It is no sandbox: the child may do what its permissions allow. Programs that embed a \
              runtime have threads only.",
        ),
        outcome: prose("Nothing: a script cannot tell."),
        example: "process",
        status: None,
        keeper: Keeper::Isolation(&["thread", "process"]),
    },
    Limit {
        key: "net.requests",
        unit: Unit::Rate,
        default: None,
        summary: "how often a script may ask the network",
        doc: prose(
            "Requests and new connections for each stretch of time; the ones beyond it wait.",
        ),
        outcome: prose("A request waits."),
        example: "20/s",
        status: None,
        keeper: Keeper::Nobody("no module uses the network yet"),
    },
    Limit {
        key: "net.connections",
        unit: Unit::Count,
        default: None,
        summary: "connections open at once",
        doc: prose("Connections open at the same time; the ones beyond it wait."),
        outcome: prose("A connection waits."),
        example: "8",
        status: None,
        keeper: Keeper::Nobody("no module uses the network yet"),
    },
    Limit {
        key: "net.response",
        unit: Unit::Bytes,
        default: None,
        summary: "the size of one response",
        doc: prose("The body of one response, after decompression. Reading beyond it rejects."),
        outcome: prose("Reading the response rejects."),
        example: "8MiB",
        status: None,
        keeper: Keeper::Nobody("no module uses the network yet"),
    },
    Limit {
        key: "fs.quota",
        unit: Unit::Bytes,
        default: None,
        summary: "bytes written to files, and files made",
        doc: prose(
            "Bytes that a run may write to files, in all: what is written, appended, copied, and added by `truncate`. A file or folder that \
              is made counts 512 bytes beside that. Removing a file gives nothing back.",
        ),
        outcome: prose("The promise is rejected with the code `ENOSPC`."),
        example: "64MiB",
        status: None,
        keeper: Keeper::Runtime,
    },
    Limit {
        key: "fs.open-files",
        unit: Unit::Count,
        default: None,
        summary: "files open at once",
        doc: prose(
            "Files and folders open at the same time. Each operation on a file opens it for as long as it takes; `copy` opens two.",
        ),
        outcome: prose("The promise is rejected with the code `EMFILE`."),
        example: "32",
        status: None,
        keeper: Keeper::Runtime,
    },
    Limit {
        key: "fs.pending",
        unit: Unit::Count,
        default: Some("64"),
        summary: "operations on files at once",
        doc: prose(
            "Operations on files that are under way at the same time, from their start until the script has the result. The ones \
              beyond it wait in their order, and what they were given counts against `limits.memory` while they do.",
        ),
        outcome: prose("Nothing: an operation waits for its turn."),
        example: "16",
        status: None,
        keeper: Keeper::Runtime,
    },
    Limit {
        key: "timers.max",
        unit: Unit::Count,
        default: None,
        summary: "timers pending at once",
        doc: prose(
            "Timers pending at the same time. One that has fired or was cleared makes room.",
        ),
        outcome: prose(
            "`setTimeout` and its kin throw a RangeError with the code `ERR_TOO_MANY_TIMERS`.",
        ),
        example: "10000",
        status: None,
        keeper: Keeper::Runtime,
    },
];

/// The limit with this key.
pub fn limit(key: &str) -> Option<&'static Limit> {
    LIMITS.iter().find(|limit| limit.key == key)
}
