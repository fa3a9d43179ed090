//! What the end of a child means, and what is said of it. The boundary: it judges, and does nothing.

use super::place::Notes;
use super::{CRASHED, Ended, How};
use crate::error::LimitHit;
use crate::limits::Limits;

/// What the supervisor does at the end of its child.
#[derive(Debug, PartialEq)]
pub(super) enum Verdict {
    /// Ends with this status: the child has said what there was to say.
    Pass(i32),
    /// Says this, and ends with this status.
    Say(String, u8),
    /// Ends by this signal, after words where there are any.
    #[cfg(unix)]
    Die(Option<String>, i32),
}

/// Judges how a child ended, by what it left, too.
pub(super) fn judge(ended: Ended, limits: &Limits, notes: Notes) -> Verdict {
    match ended.how {
        How::Status(code) => match crash_of(code) {
            Some(what) => crashed(what, notes.place),
            None => Verdict::Pass(code),
        },
        How::Late => {
            let wall = limits.wall.unwrap_or_default();
            hit(LimitHit::time("wall", wall), notes.place)
        }
        How::Signal(signal) => signalled(signal, ended, limits, notes),
    }
}

/// What a status says of a crash, where crashes are statuses: the upper ones are the system's own, `0xC0000005` and its like.
fn crash_of(code: i32) -> Option<&'static str> {
    (cfg!(windows) && code as u32 >= 0xC000_0000).then_some("the system ended it")
}

#[cfg(not(unix))]
fn signalled(signal: i32, _: Ended, _: &Limits, notes: Notes) -> Verdict {
    crashed(&format!("signal {signal} ended it"), notes.place)
}

#[cfg(unix)]
fn signalled(signal: i32, ended: Ended, limits: &Limits, notes: Notes) -> Verdict {
    let place = notes.place;
    // The system kills what computes on and on, and what takes the memory of others; what finds no memory gives up. What was used
    // tells one from the other.
    let cpu = limits
        .cpu
        .filter(|limit| signal == libc::SIGXCPU || ended.cpu >= *limit);
    let memory = limits.memory.filter(|limit| ended.peak >= *limit);
    match (signal, cpu, memory) {
        (libc::SIGXCPU | libc::SIGKILL, Some(limit), _) => hit(LimitHit::time("cpu", limit), place),
        (libc::SIGKILL | libc::SIGABRT, _, Some(limit)) => hit(LimitHit::memory(limit), place),
        (libc::SIGSEGV | libc::SIGBUS, ..) if notes.overflowed => match limits.stack {
            Some(limit) => hit(LimitHit::bytes("stack", limit), place),
            None => crashed("it overflowed its stack", place),
        },
        (libc::SIGABRT, ..) => crashed("it gave up", place),
        (libc::SIGSEGV | libc::SIGBUS | libc::SIGILL | libc::SIGFPE | libc::SIGTRAP, ..) => {
            crashed("it met a bug of its own", place)
        }
        (libc::SIGKILL, ..) => {
            let text = "error: the process of the script was killed: by somebody, or by the system, which does so when memory runs out";
            Verdict::Die(Some(with_place(text.to_owned(), place)), signal)
        }
        // Somebody asked it to end, and knows.
        _ => Verdict::Die(None, signal),
    }
}

fn hit(hit: LimitHit, place: Option<String>) -> Verdict {
    let hit = LimitHit { at: place, ..hit };
    Verdict::Say(format!("error: {hit}"), hit.status())
}

fn crashed(what: &str, place: Option<String>) -> Verdict {
    let text = with_place(format!("error: the engine crashed: {what}"), place);
    let note = "\n    note: nothing else was harmed; the script may have a way around it";
    Verdict::Say(text + note, CRASHED)
}

fn with_place(text: String, place: Option<String>) -> String {
    match place {
        Some(place) => format!("{text}\n    last seen at {place}"),
        None => text,
    }
}

#[cfg(all(test, unix))]
mod tests {
    use std::time::Duration;

    use super::*;

    const LIMITS: Limits = Limits {
        memory: Some(64 << 20),
        cpu: Some(Duration::from_secs(2)),
        wall: Some(Duration::from_secs(9)),
        ..Limits::NONE
    };

    fn judged(how: How, cpu: u64, peak: u64) -> Verdict {
        let ended = Ended {
            how,
            cpu: Duration::from_secs(cpu),
            peak: peak << 20,
        };
        judge(ended, &LIMITS, at_main())
    }

    fn at_main() -> Notes {
        Notes {
            place: Some("main.js".to_owned()),
            ..Notes::default()
        }
    }

    #[track_caller]
    fn says(verdict: &Verdict, words: &[&str], expect: u8) {
        let Verdict::Say(text, status) = verdict else {
            panic!("{verdict:?} has no words")
        };
        assert_eq!(*status, expect);
        for words in words {
            assert!(text.contains(words), "{text}");
        }
    }

    #[test]
    fn what_the_child_said_itself_is_passed_on() {
        for code in [0, 1, 2, 70, 81, 82, 83, 84, 255] {
            assert_eq!(judged(How::Status(code), 99, 99), Verdict::Pass(code));
        }
    }

    #[test]
    fn a_limit_is_named_with_its_value_and_the_place() {
        let check = |how, cpu, peak, key: &str, status| {
            let words = [&format!("`limits.{key}` allows"), "\n    at main.js"];
            says(&judged(how, cpu, peak), &words, status);
        };
        check(How::Signal(libc::SIGXCPU), 1, 0, "cpu = \"2s\"", 82);
        check(How::Signal(libc::SIGKILL), 4, 99, "cpu = \"2s\"", 82);
        check(How::Signal(libc::SIGKILL), 1, 64, "memory = \"64MiB\"", 81);
        check(How::Signal(libc::SIGABRT), 4, 99, "memory = \"64MiB\"", 81);
        check(How::Late, 0, 0, "wall = \"9s\"", 83);
    }

    #[test]
    fn a_crash_is_one_whatever_was_used() {
        for signal in [libc::SIGSEGV, libc::SIGBUS, libc::SIGILL, libc::SIGFPE] {
            let words = ["error: the engine crashed: ", "\n    last seen at main.js"];
            says(&judged(How::Signal(signal), 9, 99), &words, 85);
        }
        says(&judged(How::Signal(libc::SIGABRT), 9, 1), &["gave up"], 85);
        let ended = Ended {
            how: How::Signal(libc::SIGABRT),
            ..Ended::default()
        };
        let nowhere = judge(ended, &Limits::NONE, Notes::default());
        says(&nowhere, &["it gave up\n    note: "], 85);
    }

    #[test]
    fn a_stack_that_overflows_is_told_as_its_limit_when_it_has_one() {
        let check = |stack, words: &[&str], status| {
            let limits = Limits { stack, ..LIMITS };
            let notes = Notes {
                overflowed: true,
                ..at_main()
            };
            let ended = Ended {
                how: How::Signal(libc::SIGSEGV),
                ..Ended::default()
            };
            says(&judge(ended, &limits, notes), words, status);
        };
        let place = "\n    last seen at main.js";
        check(None, &["crashed: it overflowed its stack", place], 85);
        check(
            Some(1 << 20),
            &["`limits.stack = \"1MiB\"` allows\n    at main.js"],
            84,
        );
    }

    #[test]
    fn who_is_killed_from_outside_has_hit_no_limit() {
        let Verdict::Die(Some(text), libc::SIGKILL) = judged(How::Signal(libc::SIGKILL), 1, 1)
        else {
            panic!("it is not told apart")
        };
        assert!(text.contains("was killed: by somebody"), "{text}");
        for signal in [libc::SIGTERM, libc::SIGINT, libc::SIGHUP, libc::SIGUSR1] {
            let verdict = judged(How::Signal(signal), 1, 99);
            assert_eq!(verdict, Verdict::Die(None, signal));
        }
    }
}
