//! The rules of the repository as code: what a reviewer would have to remember otherwise.
//!
//! The boundary: `files` reads the tree, `tokens` sees Rust as the compiler does, and each rule of `rules` is a pure function
//! of one file and the list of all paths. Nothing here writes.

mod files;
pub(crate) mod layers;
mod openings;
mod rules;
mod tokens;

#[cfg(test)]
mod tests;

pub(crate) use files::Tree;
pub(crate) use rules::RULES;

/// What a rule has against a line of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Finding {
    /// The file, from the folder of the repository.
    pub(crate) path: String,
    /// The line, from 1.
    pub(crate) line: usize,
    /// The name of the rule.
    pub(crate) rule: &'static str,
    /// A lowercase phrase with the offending thing in backticks.
    pub(crate) what: String,
    /// How to mend it.
    pub(crate) help: &'static str,
}

impl std::fmt::Display for Finding {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self {
            path,
            line,
            rule,
            what,
            help,
        } = self;
        write!(f, "{path}:{line}: {rule}: {what}; help: {help}")
    }
}

/// Everything that the rules have against a tree, by file and line.
pub(crate) fn check(tree: &Tree) -> Vec<Finding> {
    let mut found: Vec<Finding> = tree
        .files()
        .flat_map(|file| RULES.iter().flat_map(move |rule| rule.judge(file, tree)))
        .collect();
    found.sort_by(|a, b| (&a.path, a.line).cmp(&(&b.path, b.line)));
    found
}
