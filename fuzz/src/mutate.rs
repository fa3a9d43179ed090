//! Inputs made of seeds: for a bounded run without a fuzzer.
//!
//! The boundary: bytes. The numbers come from a fixed start, so every run makes the same inputs, and what one run finds the next
//! one finds again.

/// The longest input that is made.
const LONGEST: usize = 4096;

/// Makes inputs.
pub(crate) struct Mutator<'a> {
    seeds: &'a [(String, Vec<u8>)],
    words: &'a [&'a str],
    state: u64,
}

impl<'a> Mutator<'a> {
    pub(crate) fn new(seeds: &'a [(String, Vec<u8>)], words: &'a [&'a str]) -> Self {
        Self {
            seeds,
            words,
            state: 1,
        }
    }

    /// The next input: a seed after one to eight changes.
    pub(crate) fn next(&mut self) -> Vec<u8> {
        let mut input = self.seed();
        for _ in 0..=self.below(8) {
            self.change(&mut input);
        }
        input.truncate(LONGEST);
        input
    }

    fn seed(&mut self) -> Vec<u8> {
        match self.below(self.seeds.len()) {
            _ if self.seeds.is_empty() => Vec::new(),
            at => self.seeds[at].1.clone(),
        }
    }

    fn change(&mut self, input: &mut Vec<u8>) {
        let at = self.below(input.len() + 1);
        let some = self.below(16) + 1;
        let end = (at + some).min(input.len());
        match self.below(8) {
            0 => drop(input.drain(at..end)),
            1 => {
                let part = input[at..end].to_vec();
                insert(input, at, &part);
            }
            2 if at < input.len() => input[at] = self.byte(),
            3 => {
                let byte = self.byte();
                input.insert(at, byte);
            }
            // A part of another seed.
            4 => {
                let other = self.seed();
                let from = self.below(other.len() + 1);
                let to = (from + self.below(64)).min(other.len());
                insert(input, at, &other[from..to]);
            }
            // The start of one input and the end of another.
            5 => {
                let other = self.seed();
                let from = self.below(other.len() + 1);
                input.truncate(at);
                input.extend_from_slice(&other[from..]);
            }
            // A word in place of what is there, or before it.
            _ if !self.words.is_empty() => {
                let word = self.words[self.below(self.words.len())];
                if self.below(2) == 0 {
                    input.drain(at..end);
                }
                insert(input, at, word.as_bytes());
            }
            _ => {}
        }
    }

    /// A byte, more often than not one that is printed.
    fn byte(&mut self) -> u8 {
        match self.below(4) {
            0 => self.below(256) as u8,
            _ => b' ' + self.below(95) as u8,
        }
    }

    /// A number below `end`; 0 when there is none.
    fn below(&mut self, end: usize) -> usize {
        // SplitMix64.
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^= mixed >> 31;
        (mixed % (end.max(1) as u64)) as usize
    }
}

fn insert(input: &mut Vec<u8>, at: usize, part: &[u8]) {
    input.splice(at..at, part.iter().copied());
}
