//! `cargo xtask tidy`: whether the repository keeps its own rules.

use std::process::ExitCode;

use serde_json::json;

use super::{codegen, print, print_json};
use crate::diagnostics::Report;
use crate::pipeline;
use crate::text::columns;
use crate::tidy::{self, Finding, RULES, Tree};

/// How to answer.
#[derive(clap::Args, Debug)]
pub(super) struct Args {
    /// Prints the rules instead of judging by them
    #[arg(long)]
    list: bool,
    /// Prints what was found as JSON
    #[arg(long)]
    json: bool,
}

/// The one rule that is not of a file alone: it compares with what the tables make.
const GENERATED: &str = "generated-current";

/// Judges every file that is or would be committed.
pub(super) fn run(args: &Args) -> Result<ExitCode, Report> {
    if args.list {
        let mut rows: Vec<[String; 2]> = RULES
            .iter()
            .map(|rule| [rule.name.to_owned(), rule.holds.to_owned()])
            .collect();
        let generated = "what is generated from tables is what the tables say";
        rows.push([GENERATED.to_owned(), generated.to_owned()]);
        return print(&columns(&rows));
    }
    let workspace = pipeline::workspace();
    let tree = Tree::read(&workspace)?;
    let mut found = tidy::check(&tree);
    for (path, is, should) in codegen::stale(&workspace, &pipeline::catalog()?)? {
        found.push(stale(path, &is, &should));
    }
    if args.json {
        let found: Vec<_> = found.iter().map(to_json).collect();
        print_json(&json!({ "ok": found.is_empty(), "files": tree.len(), "found": found }))?;
    } else {
        let lines: String = found.iter().map(|finding| format!("{finding}\n")).collect();
        let files = tree.len();
        print(&match found.len() {
            0 => format!("{files} files keep the {} rules\n", RULES.len() + 1),
            1 => format!("{lines}1 finding in {files} files\n"),
            many => format!("{lines}{many} findings in {files} files\n"),
        })?;
    }
    Ok(if found.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// The first line that is not what it should be.
fn stale(path: &str, is: &str, should: &str) -> Finding {
    let same = is
        .lines()
        .zip(should.lines())
        .take_while(|(is, should)| is == should);
    Finding {
        path: path.to_owned(),
        line: same.count() + 1,
        rule: GENERATED,
        what: "the file is not what the tables make of it".to_owned(),
        help: "`cargo xtask codegen` writes it anew",
    }
}

fn to_json(finding: &Finding) -> serde_json::Value {
    json!({
        "file": finding.path,
        "line": finding.line,
        "rule": finding.rule,
        "what": finding.what,
        "help": finding.help,
    })
}
