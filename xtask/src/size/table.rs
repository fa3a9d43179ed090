//! The report as a text.

use std::fmt::Write as _;

use super::history::Entry;
use super::{GROUPS, Part, SizeReport};
use crate::text::grouped;

/// How many parts of a group are listed; modules are all listed, since they are what one chooses.
const LISTED: usize = 8;

/// The bytes of each group and of its largest parts, with the change since the build before.
pub(crate) fn table(report: &SizeReport, before: Option<&Entry>) -> String {
    let mut out = String::new();
    let change = if before.is_some() { "change" } else { "" };
    row(&mut out, "", "BYTES", "SHARE", change);
    for &(group, title) in GROUPS {
        let parts: Vec<&Part> = report
            .parts
            .iter()
            .filter(|part| part.group == group)
            .collect();
        let old: Vec<&Part> = before
            .iter()
            .flat_map(|entry| &entry.parts)
            .filter(|part| part.group == group)
            .collect();
        if parts.is_empty() && old.is_empty() {
            continue;
        }
        let sum = |parts: &[&Part]| parts.iter().map(|part| part.bytes).sum::<u64>();
        let now = sum(&parts);
        line(
            &mut out,
            title,
            now,
            report.total,
            before.map(|_| sum(&old)),
        );
        let is_module = group == super::Group::Modules;
        let listed = if is_module { parts.len() } else { LISTED };
        if parts.len() == 1 && !is_module {
            continue;
        }
        for part in parts.iter().take(listed) {
            line(
                &mut out,
                &format!("  {}", part.name),
                part.bytes,
                report.total,
                before.map(|entry| entry.bytes_of(part)),
            );
        }
        if let Some(rest) = parts.get(listed..).filter(|rest| !rest.is_empty()) {
            line(
                &mut out,
                &format!("  {} more", rest.len()),
                sum(rest),
                report.total,
                None,
            );
        }
        if is_module {
            for gone in old
                .iter()
                .filter(|part| !parts.iter().any(|now| now.name == part.name))
            {
                line(
                    &mut out,
                    &format!("  {} (gone)", gone.name),
                    0,
                    report.total,
                    Some(gone.bytes),
                );
            }
        }
    }
    line(
        &mut out,
        "total",
        report.total,
        report.total,
        before.map(|entry| entry.total),
    );
    out
}

fn line(out: &mut String, name: &str, bytes: u64, total: u64, old: Option<u64>) {
    let share = format!(
        "{}.{} %",
        bytes * 100 / total.max(1),
        bytes * 1000 / total.max(1) % 10
    );
    let change = match old {
        None => String::new(),
        Some(old) if old == bytes => "=".to_owned(),
        Some(old) if old < bytes => format!("+{}", grouped(bytes - old)),
        Some(old) => format!("-{}", grouped(old - bytes)),
    };
    row(out, name, &grouped(bytes), &share, &change);
}

fn row(out: &mut String, name: &str, bytes: &str, share: &str, change: &str) {
    let line = format!("{name:<34} {bytes:>12} {share:>8} {change:>12}");
    let _ = writeln!(out, "{}", line.trim_end());
}
