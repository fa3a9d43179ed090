//! The sources of the modules that run, kept to show the line in which an error was thrown.
//!
//! The boundary: texts by the name that stacks show. What is large is not kept, so that a script cannot fill memory with it.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;

/// The largest source that is kept, and the most bytes that all of them take.
const LARGEST: usize = 256 << 10;
const ALL: usize = 4 << 20;

/// The sources of one runtime.
#[derive(Debug, Default)]
pub(crate) struct Sources {
    by_name: RefCell<HashMap<String, Rc<str>>>,
    bytes: Cell<usize>,
}

impl Sources {
    /// Keeps the source that stacks call `name`, unless there is too much of it.
    pub(crate) fn keep(&self, name: &str, text: &str) {
        let bytes = self.bytes.get() + name.len() + text.len();
        if text.len() > LARGEST || bytes > ALL {
            return;
        }
        self.bytes.set(bytes);
        let mut sources = self.by_name.borrow_mut();
        sources.insert(name.to_owned(), text.into());
    }

    /// The source that stacks call `name`.
    pub(crate) fn get(&self, name: &str) -> Option<Rc<str>> {
        self.by_name.borrow().get(name).cloned()
    }

    /// All of them, with their names, in the order of the names.
    pub(crate) fn all(&self) -> Vec<(String, Rc<str>)> {
        let sources = self.by_name.borrow();
        let mut all: Vec<_> = sources
            .iter()
            .map(|(name, text)| (name.clone(), Rc::clone(text)))
            .collect();
        all.sort();
        all
    }
}

#[cfg(test)]
mod tests {
    use super::{ALL, LARGEST, Sources};

    #[test]
    fn what_is_large_is_not_kept() {
        let sources = Sources::default();
        sources.keep("a.js", "a");
        sources.keep("large.js", &"x".repeat(LARGEST + 1));
        assert_eq!(sources.get("a.js").as_deref(), Some("a"));
        assert_eq!(sources.get("large.js"), None);
        for at in 0..2 * ALL / LARGEST {
            sources.keep(&format!("{at}.js"), &"x".repeat(LARGEST));
        }
        let kept: usize = sources.all().iter().map(|(_, text)| text.len()).sum();
        assert!((ALL / 2..=ALL).contains(&kept), "{kept}");
    }
}
