//! What cargo says on its standard error: its progress, which is shown in our own words, and the rest, which is kept.
//!
//! The boundary: text in, a [`Progress`] told. Diagnostics of the compiler come on the standard output, to `cargo`.

use std::io::{BufReader, Read};
use std::sync::{Mutex, PoisonError, mpsc};
use std::time::Duration;

use super::progress::Progress;

/// What a stretch of cargo's standard error is.
#[derive(Debug, PartialEq)]
enum Said<'t> {
    /// `Building [==>   ] 12/160: a, b`.
    Step(usize, usize, &'t str),
    /// Another run of cargo has what this one needs: this is its name.
    Blocked(&'t str),
    /// The index or the crates of a registry are fetched.
    Fetching(&'static str, &'t str),
    /// What is of no interest when all goes well.
    Routine,
    /// The rest: errors and warnings of cargo's own.
    Words(&'t str),
}

/// Keeps the clock of the live line going until the other end is dropped.
pub(super) fn tick(clock: mpsc::Receiver<()>, progress: &Mutex<Progress>) {
    while clock.recv_timeout(Duration::from_secs(1)) == Err(mpsc::RecvTimeoutError::Timeout) {
        progress
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .tick();
    }
}

/// Shows the progress and gives the words.
pub(super) fn read_stderr(err: impl Read, progress: &Mutex<Progress>) -> String {
    let mut words = String::new();
    // A stretch ends with either: a live line of cargo's ends with a carriage return.
    let mut stretch = Vec::new();
    for byte in BufReader::new(err).bytes().map_while(Result::ok) {
        if byte == b'\n' || byte == b'\r' {
            hear(&String::from_utf8_lossy(&stretch), progress, &mut words);
            stretch.clear();
        } else {
            stretch.push(byte);
        }
    }
    hear(&String::from_utf8_lossy(&stretch), progress, &mut words);
    words
}

fn hear(stretch: &str, progress: &Mutex<Progress>, words: &mut String) {
    let mut progress = progress.lock().unwrap_or_else(PoisonError::into_inner);
    match judge(stretch) {
        Said::Step(done, total, names) => progress.step(done, total, names),
        Said::Blocked(what) => progress.say(&format!(
            "waiting for another cargo, which holds the lock on the {what}"
        )),
        Said::Fetching(what, rest) => progress.preparing(what, rest),
        Said::Routine => {}
        Said::Words(text) => {
            words.push_str(text);
            words.push('\n');
        }
    }
}

fn judge(stretch: &str) -> Said<'_> {
    let text = stretch.trim();
    let verb = text.split(' ').next().unwrap_or_default();
    match verb {
        "Building" => step(text).unwrap_or(Said::Routine),
        "Blocking" => Said::Blocked(text.strip_prefix(BLOCKING).unwrap_or(text)),
        "Downloading" => Said::Fetching(
            "downloading crates",
            rest(text).trim_start_matches("crates ..."),
        ),
        "Fetch" | "Updating" => Said::Fetching("updating the index of crates", rest(text)),
        "" | "Compiling" | "Checking" | "Finished" | "Fresh" | "Dirty" | "Downloaded"
        | "Locking" | "Adding" | "Removing" | "Running" => Said::Routine,
        _ => Said::Words(stretch.trim_end()),
    }
}

/// How cargo says that it waits; what it waits for follows.
const BLOCKING: &str = "Blocking waiting for file lock on ";

/// What follows the verb, and the bar of progress if there is one.
fn rest(text: &str) -> &str {
    let (_, rest) = text.split_once(' ').unwrap_or_default();
    let after_bar = rest.split_once(']').filter(|_| rest.starts_with('['));
    after_bar.map_or(rest, |(_, rest)| rest).trim()
}

fn step(text: &str) -> Option<Said<'_>> {
    let (count, names) = text.split_once(']')?.1.trim().split_once(':')?;
    let (done, total) = count.split_once('/')?;
    Some(Said::Step(
        done.trim().parse().ok()?,
        total.trim().parse().ok()?,
        names.trim(),
    ))
}

#[cfg(test)]
mod tests {
    use super::super::progress::tests::Written;
    use super::*;

    #[test]
    fn without_a_terminal_a_download_of_many_crates_is_one_line() {
        let written = Written::default();
        let progress = Mutex::new(written.plain());
        let said = " Downloading crates ...\n Downloading 3 crates\r Downloading 2 crates\r  \
            Downloaded a v1.0.0\n    Blocking waiting for file lock on package cache\nerror: no\n";
        let words = read_stderr(said.as_bytes(), &progress);
        assert_eq!(words, "error: no\n");
        assert_eq!(
            written.text(),
            "downloading crates, 0:00 so far\n\
             waiting for another cargo, which holds the lock on the package cache\n"
        );
    }

    #[test]
    fn cargos_own_progress_is_read() {
        let check = |text, expect| assert_eq!(judge(text), expect, "{text}");
        check(
            "    Building [=====>       ] 12/160: a, b(build)      ",
            Said::Step(12, 160, "a, b(build)"),
        );
        check("    Building something else", Said::Routine);
        check("   Compiling serde v1.0.0", Said::Routine);
        let index = "updating the index of crates";
        check(
            "       Fetch [===>   ] 101 complete; 23 pending",
            Said::Fetching(index, "101 complete; 23 pending"),
        );
        check(
            "    Updating crates.io index",
            Said::Fetching(index, "crates.io index"),
        );
        check(
            " Downloading 12 crates, remaining bytes: 3.2MB",
            Said::Fetching("downloading crates", "12 crates, remaining bytes: 3.2MB"),
        );
        check(
            "    Blocking waiting for file lock on build directory",
            Said::Blocked("build directory"),
        );
        check(
            "error: no such package\n",
            Said::Words("error: no such package"),
        );
        check(
            "    location searched",
            Said::Words("    location searched"),
        );
    }
}
