//! Bytes as a tree: group, crate, parts of its paths.

use serde::Serialize;

use super::{Group, Part};

/// What is smaller than this part of its whole is gathered into one.
const SMALL: u64 = 4000;

/// A part and its parts.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub(crate) struct Node {
    pub(crate) name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) group: Option<Group>,
    pub(crate) bytes: u64,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) children: Vec<Node>,
}

impl Node {
    /// Grows the tree of some leaves: whose they are, the way to each, and its bytes.
    pub(super) fn grow(mut leaves: Vec<(Group, Vec<String>, u64)>) -> Self {
        // In order, so that a way's beginning is always the last child that was added.
        leaves.sort();
        let mut root = Self::default();
        for (group, path, bytes) in leaves {
            root.bytes += bytes;
            let mut node = root.last_child(group.title());
            node.group = Some(group);
            node.bytes += bytes;
            for name in &path {
                node = node.last_child(name);
                node.bytes += bytes;
            }
        }
        root.sort();
        root
    }

    fn last_child(&mut self, name: &str) -> &mut Self {
        if self.children.last().is_none_or(|last| last.name != name) {
            self.children.push(Self {
                name: name.to_owned(),
                ..Self::default()
            });
        }
        let last = self.children.len() - 1;
        &mut self.children[last]
    }

    /// Puts the largest first; equal ones by name, so that equal binaries give equal reports.
    fn sort(&mut self) {
        self.children
            .sort_by(|a, b| b.bytes.cmp(&a.bytes).then_with(|| a.name.cmp(&b.name)));
        for child in &mut self.children {
            child.sort();
        }
    }

    /// The second level, group by group.
    pub(super) fn parts(&self) -> Vec<Part> {
        let mut parts: Vec<Part> = self
            .children
            .iter()
            .filter_map(|node| Some((node.group?, &node.children)))
            .flat_map(|(group, children)| {
                children.iter().map(move |child| Part {
                    group,
                    name: child.name.clone(),
                    bytes: child.bytes,
                })
            })
            .collect();
        // The sort is stable: within a group the largest stays first.
        parts.sort_by_key(|part| part.group);
        parts
    }

    /// The tree with what is too small to be seen gathered.
    pub(super) fn gathered(&self) -> Self {
        self.gather(self.bytes / SMALL)
    }

    fn gather(&self, least: u64) -> Self {
        let (large, small): (Vec<&Self>, Vec<&Self>) =
            self.children.iter().partition(|child| child.bytes > least);
        let mut children: Vec<Self> = large.into_iter().map(|child| child.gather(least)).collect();
        let rest: u64 = small.iter().map(|child| child.bytes).sum();
        if rest > 0 && !children.is_empty() {
            children.push(Self {
                name: format!("{} smaller", small.len()),
                bytes: rest,
                ..Self::default()
            });
        }
        Self {
            children,
            name: self.name.clone(),
            ..*self
        }
    }
}
