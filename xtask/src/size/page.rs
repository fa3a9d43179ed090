//! The report as a page to look at: one HTML file that needs no network.

use minijinja::context;
use serde_json::json;

use super::history::Entry;
use super::{GROUPS, SizeReport};
use crate::plan::Plan;
use crate::render::{Template, data, fill, template};

const TEMPLATE: Template<'static> = template!("size.html.jinja");

/// The page of one binary.
pub(crate) fn page(
    plan: &Plan,
    report: &SizeReport,
    now: &Entry,
    before: Option<&Entry>,
) -> String {
    let groups: Vec<_> = GROUPS
        .iter()
        .map(|(group, title)| json!({ "group": group, "title": title }))
        .collect();
    let parts: Vec<_> = report
        .parts
        .iter()
        .map(|part| {
            json!({
                "group": part.group,
                "name": part.name,
                "bytes": part.bytes,
                "before": before.map(|entry| entry.bytes_of(part)),
            })
        })
        .collect();
    let data = json!({
        "name": plan.name,
        "version": plan.version,
        "triple": now.triple,
        "profile": now.profile,
        "total": report.total,
        "before": before.map(|entry| entry.total),
        "groups": groups,
        "parts": parts,
        "tree": report.tree.gathered(),
    });
    filled(data)
}

fn filled(report: serde_json::Value) -> String {
    fill(TEMPLATE, context!(report => data(report)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_data_cannot_leave_their_element_and_nothing_is_fetched() {
        assert_eq!(TEMPLATE.text.matches("{{").count(), 1);
        let page = filled(json!({ "name": "</script><b>" }));
        assert!(page.contains(r#"{"name":"\u003c/script\u003e\u003cb\u003e"}"#));
        for word in ["http://", "https://", "src=", "@import", "url("] {
            assert!(
                !page.replace("http://www.w3.org", "").contains(word),
                "the page has `{word}`"
            );
        }
    }
}
