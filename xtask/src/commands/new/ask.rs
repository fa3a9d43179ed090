//! A question with a few answers, at a terminal.
//!
//! The boundary: the words of a question and the reading of its answer. Whether to ask is the caller's.

use std::io::{self, BufRead, Read as _, Write};

/// The most bytes of an answer that are read.
const MOST: u64 = 1 << 10;

/// Asks for one of `choices`, each with a line about it, until one is named. An empty answer, and the
/// end of the input, choose the one at `usual`.
pub(super) fn ask(
    what: &str,
    choices: &[(&str, &str)],
    usual: usize,
    input: &mut impl BufRead,
    out: &mut impl Write,
) -> io::Result<usize> {
    let width = choices
        .iter()
        .map(|(name, _)| name.len())
        .max()
        .unwrap_or(0);
    for (name, about) in choices {
        writeln!(out, "  {name:width$}  {about}")?;
    }
    loop {
        write!(out, "{what} [{}]: ", choices[usual].0)?;
        out.flush()?;
        let mut answer = Vec::new();
        input.by_ref().take(MOST).read_until(b'\n', &mut answer)?;
        let answer = String::from_utf8_lossy(&answer);
        let answer = answer.trim();
        if answer.is_empty() {
            return Ok(usual);
        }
        if let Some(at) = choices.iter().position(|(name, _)| *name == answer) {
            return Ok(at);
        }
        writeln!(
            out,
            "that is none of them; Enter takes `{}`",
            choices[usual].0
        )?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(answers: &str, chosen: usize, times: usize) {
        let mut out = Vec::new();
        let choices = [("one", "the first"), ("three", "the last")];
        let at = ask("number", &choices, 1, &mut answers.as_bytes(), &mut out);
        assert_eq!(at.expect("a buffer can be read and written"), chosen);
        let said = String::from_utf8(out).expect("text");
        assert!(
            said.starts_with("  one    the first\n  three  the last\nnumber [three]: "),
            "{said}"
        );
        assert_eq!(said.matches("number [three]: ").count(), times, "{said}");
    }

    #[test]
    fn an_answer_is_a_name_or_enter() {
        check("one\n", 0, 1);
        check("  three \n", 1, 1);
        check("\n", 1, 1);
    }

    #[test]
    fn a_wrong_answer_is_asked_for_again_and_the_end_is_enter() {
        check("two\none\n", 0, 2);
        check("", 1, 1);
        check("two", 1, 2);
    }
}
