//! The expression that an engine's error is about, read from the line of the source.
//!
//! The boundary: names with dots between them, `a.b.c`. Of anything else, and wherever the place
//! leaves a doubt, nothing is said.

use crate::engine::Complaint;

/// What an error that names no expression is about. `column` counts characters from 1.
pub(super) fn note(line: &str, column: usize, complaint: Complaint<'_>) -> Option<String> {
    let chain = Chain::at(line, column)?;
    match complaint {
        Complaint::NotCallable => {
            // In `f(1)(2)` it may be either call.
            let is_called = chain.after.starts_with('(') && !chain.after.contains(")(");
            is_called.then(|| format!("`{}` is not a function", chain.text))
        }
        Complaint::NoProperties(property) => {
            let (object, property) = match property {
                Some(property) => chain.before(property)?,
                // The place of a method call may be that of the name before it.
                None if chain.after.starts_with('(') => return None,
                None => chain.split()?,
            };
            Some(format!(
                "`{object}` is null or undefined: it has no property `{property}`"
            ))
        }
    }
}

/// Names with dots between them around a column.
struct Chain<'a> {
    text: &'a str,
    /// Where the column is in it, in bytes.
    at: usize,
    /// What stands behind it.
    after: &'a str,
}

impl<'a> Chain<'a> {
    fn at(line: &'a str, column: usize) -> Option<Self> {
        let is_part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '$' | '.');
        let mut at = line.char_indices().nth(column.checked_sub(1)?)?.0;
        let rest = &line[at..];
        at += rest.len() - rest.trim_start().len();
        // The bracket of a call stands behind what is called.
        let end = match line[at..].find(|c| !is_part(c)) {
            Some(0) if line[at..].starts_with('(') => at,
            Some(0) => return None,
            Some(len) => at + len,
            None => line.len(),
        };
        let before = line[..at].chars().rev().take_while(|c| is_part(*c));
        let start = at - before.map(char::len_utf8).sum::<usize>();
        let text = &line[start..end];
        let is_plain = !text.starts_with(|c: char| c.is_ascii_digit() || c == '.')
            && !text.is_empty()
            && !text.ends_with('.')
            && !text.contains("..")
            && !line[..start].ends_with('#');
        is_plain.then_some(Self {
            text,
            at: at - start,
            after: &line[end..],
        })
    }

    /// What stands before the property `name`, when there is one of that name behind the place.
    fn before(&self, name: &'a str) -> Option<(&'a str, &'a str)> {
        let mut found = self.text.match_indices('.').filter(|(dot, _)| {
            let rest = &self.text[dot + 1..];
            let rest = rest.strip_prefix(name);
            *dot >= self.at && rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        });
        let (Some((dot, _)), None) = (found.next(), found.next()) else {
            return None;
        };
        Some((&self.text[..dot], name))
    }

    /// What stands before the property at the place, and the property.
    fn split(&self) -> Option<(&'a str, &'a str)> {
        let object = self.text[..self.at].strip_suffix('.')?;
        let property = self.text[self.at..].split('.').next()?;
        Some((object, property))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(line: &str, column: usize, complaint: Complaint<'_>, expect: Option<&str>) {
        let found = note(line, column, complaint);
        assert_eq!(found.as_deref(), expect, "{line} {column} {complaint:?}");
    }

    #[test]
    fn what_is_called_and_is_no_function_is_named() {
        let greet = Some("`user.greet` is not a function");
        for column in [1, 6, 11] {
            check("user.greet('é')", column, Complaint::NotCallable, greet);
        }
        let f = Some("`f` is not a function");
        check("é; f(1)", 3, Complaint::NotCallable, f);
        for (line, column) in [
            ("f(1)(2)", 1),
            ("f(1)(2)", 5),
            ("a[0]()", 5),
            ("this.#a()", 7),
            ("user.greet(other.x)", 12),
            ("f", 9),
            ("", 1),
        ] {
            check(line, column, Complaint::NotCallable, None);
        }
    }

    #[test]
    fn what_has_no_properties_is_named() {
        let said = Some("`user.a` is null or undefined: it has no property `b`");
        let line = "log('é', user.a.b.c)";
        check(line, 10, Complaint::NoProperties(Some("b")), said);
        check(line, 17, Complaint::NoProperties(None), said);
        check(line, 10, Complaint::NoProperties(Some("z")), None);
        check(line, 10, Complaint::NoProperties(None), None);
        check("user.a.b()", 6, Complaint::NoProperties(None), None);
        check("a.b.b", 1, Complaint::NoProperties(Some("b")), None);
        check("a[0].b", 6, Complaint::NoProperties(None), None);
        check("f().b", 5, Complaint::NoProperties(None), None);
    }
}
