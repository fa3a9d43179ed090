//! Limits: what a runtime may use of memory, time and the world, and what becomes of one that uses
//! more.
//!
//! The boundary: this folder counts and judges, and knows no engine. A backend asks [`Watch::over`]
//! at its own pace; what it is told is remembered by the state as [`Fatal`](crate::error::Fatal),
//! so no script can catch it. The table of all limits, for people and for the spec, is
//! `tables/limits.rs`.

mod account;
mod crossing;
mod frame;
pub(crate) mod process;
mod stop;
mod watch;

use std::time::Duration;

pub use account::{Account, Held};
pub(crate) use crossing::Crossing;
pub(crate) use frame::Frame;
pub use process::Counting;
pub(crate) use stop::Stop;
pub(crate) use watch::Watch;

use crate::tables::{show_bytes, show_duration};

/// What a runtime may use; `None`: as much as there is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Limits {
    /// Bytes that scripts may hold: the engine's heap with its strings and buffers.
    pub memory: Option<u64>,
    /// Time spent computing; waiting does not count.
    pub cpu: Option<Duration>,
    /// Time from start to end, waiting included.
    pub wall: Option<Duration>,
    /// Bytes of native stack that scripts may use.
    pub stack: Option<u64>,
    /// Timers pending at once.
    pub timers_max: Option<u64>,
    /// Bytes that may be written to files, in all; a file or folder that is made counts 512 bytes.
    pub fs_quota: Option<u64>,
    /// Files open at once.
    pub fs_open_files: Option<u64>,
    /// Operations on files at once; 64 when nobody says otherwise.
    pub fs_pending: Option<u64>,
    /// Requests a second.
    pub net_requests: Option<f64>,
    /// Connections open at once.
    pub net_connections: Option<u64>,
    /// Bytes of one response.
    pub net_response: Option<u64>,
}

impl Limits {
    /// No limit at all.
    pub const NONE: Self = Self {
        memory: None,
        cpu: None,
        wall: None,
        stack: None,
        timers_max: None,
        fs_quota: None,
        fs_open_files: None,
        fs_pending: None,
        net_requests: None,
        net_connections: None,
        net_response: None,
    };

    /// These limits, each lowered by the one that is asked for; none is raised.
    #[must_use]
    pub fn lowered(&self, asked: &Self) -> Self {
        Self {
            memory: least(self.memory, asked.memory),
            cpu: least(self.cpu, asked.cpu),
            wall: least(self.wall, asked.wall),
            stack: least(self.stack, asked.stack),
            timers_max: least(self.timers_max, asked.timers_max),
            fs_quota: least(self.fs_quota, asked.fs_quota),
            fs_open_files: least(self.fs_open_files, asked.fs_open_files),
            fs_pending: least(self.fs_pending, asked.fs_pending),
            net_requests: least(self.net_requests, asked.net_requests),
            net_connections: least(self.net_connections, asked.net_connections),
            net_response: least(self.net_response, asked.net_response),
        }
    }

    /// Each limit that was said, by its key, as it would be written.
    pub(crate) fn said(&self) -> Vec<(&'static str, String)> {
        let bytes = |bytes: Option<u64>| bytes.map(show_bytes);
        let time = |time: Option<Duration>| time.map(show_duration);
        let count = |count: Option<u64>| count.map(|count| count.to_string());
        let rows = [
            ("memory", bytes(self.memory)),
            ("cpu", time(self.cpu)),
            ("wall", time(self.wall)),
            ("stack", bytes(self.stack)),
            (
                "net.requests",
                self.net_requests.map(|rate| format!("{rate}/s")),
            ),
            ("net.connections", count(self.net_connections)),
            ("net.response", bytes(self.net_response)),
            ("fs.quota", bytes(self.fs_quota)),
            ("fs.open-files", count(self.fs_open_files)),
            ("fs.pending", count(self.fs_pending)),
            ("timers.max", count(self.timers_max)),
        ];
        rows.into_iter()
            .filter_map(|(key, value)| Some((key, value?)))
            .collect()
    }

    /// The first limit that is an engine's to keep and that the engine does not keep by itself, as `keeps` says.
    pub(crate) fn unkept(&self, keeps: fn(&str) -> bool) -> Option<&'static str> {
        let said = [
            ("memory", self.memory.is_some()),
            ("cpu", self.cpu.is_some()),
            ("wall", self.wall.is_some()),
            ("stack", self.stack.is_some()),
        ];
        said.into_iter()
            .find(|(key, is_said)| *is_said && !keeps(key))
            .map(|(key, _)| key)
    }
}

fn least<T: PartialOrd>(built: Option<T>, asked: Option<T>) -> Option<T> {
    match (built, asked) {
        (Some(built), Some(asked)) if built < asked => Some(built),
        (built, asked) => asked.or(built),
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self::NONE
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_are_lowered_and_never_raised() {
        let built = Limits {
            memory: Some(10),
            stack: Some(10),
            ..Limits::NONE
        };
        let asked = Limits {
            memory: Some(5),
            stack: Some(20),
            fs_quota: Some(7),
            ..Limits::NONE
        };
        let both = Limits {
            memory: Some(5),
            stack: Some(10),
            fs_quota: Some(7),
            ..Limits::NONE
        };
        assert_eq!(built.lowered(&asked), both);
        assert_eq!(built.lowered(&Limits::NONE), built);
    }

    #[test]
    fn what_was_said_is_shown_by_the_keys_of_the_table() {
        assert_eq!(Limits::NONE.said(), []);
        let all = Limits {
            memory: Some(64 << 20),
            cpu: Some(Duration::from_secs(2)),
            wall: Some(Duration::from_secs(30)),
            stack: Some(1 << 20),
            timers_max: Some(10_000),
            fs_quota: Some(64 << 20),
            fs_open_files: Some(32),
            fs_pending: Some(16),
            net_requests: Some(20.0),
            net_connections: Some(8),
            net_response: Some(8 << 20),
        };
        let examples = crate::tables::LIMITS.iter();
        let expect: Vec<_> = examples
            .filter(|row| row.key != "isolation")
            .map(|row| (row.key, row.example.to_owned()))
            .collect();
        assert_eq!(all.said(), expect);
    }
}
