//! Every target on its seeds, and on inputs made of them: the same in each run, and no fuzzer is needed.

use tailor_fuzz::{TARGETS, Target};

/// Names the input when a target does not hold for it: what it leaves when it is dropped in a panic is the input.
struct Current<'a> {
    target: &'a Target,
    name: &'a str,
    input: &'a [u8],
}

impl Drop for Current<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!(
                "`{}` does not hold for {}:\n{}",
                self.target.name,
                self.name,
                self.input.escape_ascii()
            );
        }
    }
}

fn judge(target: &Target, name: &str, input: &[u8]) {
    let _current = Current {
        target,
        name,
        input,
    };
    (target.run)(input);
}

#[test]
fn every_seed_holds() {
    for target in TARGETS {
        let seeds = target.seeds();
        assert!(!seeds.is_empty(), "`{}` has no seeds", target.name);
        for (path, input) in &seeds {
            judge(target, path, input);
        }
    }
}

#[test]
fn inputs_made_of_seeds_hold() {
    for target in TARGETS {
        let seeds = target.seeds();
        for (at, input) in target.made_up(&seeds).enumerate() {
            judge(target, &format!("made-up input {at}"), &input);
        }
    }
}
