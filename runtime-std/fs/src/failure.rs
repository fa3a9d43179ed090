//! I/O errors as Node words them: `ENOENT: no such file or directory, open 'x.txt'`, with `code`, `syscall` and `path`.

use std::borrow::Cow;
use std::io;

use runtime_core::{JsError, io_code};

use super::account::Reached;

/// What each code means.
const MEANINGS: &[(&str, &str)] = &[
    ("EACCES", "permission denied"),
    ("EBADF", "bad file descriptor"),
    ("EBUSY", "resource busy or locked"),
    ("EDQUOT", "disk quota exceeded"),
    ("EEXIST", "file already exists"),
    ("EFBIG", "file too large"),
    ("EINTR", "interrupted system call"),
    ("EINVAL", "invalid argument"),
    ("EISDIR", "illegal operation on a directory"),
    ("ELOOP", "too many symbolic links encountered"),
    ("EMFILE", "too many open files"),
    ("EMLINK", "too many links"),
    ("ENAMETOOLONG", "name too long"),
    ("ENOENT", "no such file or directory"),
    ("ENOMEM", "not enough memory"),
    ("ENOSPC", "no space left on device"),
    ("ENOTDIR", "not a directory"),
    ("ENOTEMPTY", "directory not empty"),
    ("ENOTSUP", "operation not supported"),
    ("EPERM", "operation not permitted"),
    ("EROFS", "read-only file system"),
    ("ETXTBSY", "text file is busy"),
    ("EXDEV", "cross-device link not permitted"),
];

/// The error of an operation on one path, or from one to another, as scripts see it.
pub fn failure(
    error: &io::Error,
    syscall: &'static str,
    path: &str,
    dest: Option<&str>,
) -> JsError {
    // A limit of the runtime says which one it is; its code is the system's for the same want.
    let reached = error.get_ref().and_then(|inner| inner.downcast_ref());
    let code = match reached {
        Some(Reached { code, .. }) => Some(*code),
        None => io_code::code(error),
    };
    let reason = match code {
        Some(code) if reached.is_some() => format!("{code}: {error}"),
        Some(code) => match MEANINGS.iter().find(|(known, _)| *known == code) {
            Some((_, meaning)) => format!("{code}: {meaning}"),
            None => format!("{code}: {error}"),
        },
        None => error.to_string(),
    };
    let path = shown(path);
    let dest = dest.map(shown);
    let to = dest
        .as_ref()
        .map_or_else(String::new, |dest| format!(" -> '{dest}'"));
    let mut made = JsError::error(format!("{reason}, {syscall} '{path}'{to}"));
    if let Some(code) = code {
        made = made.with_code(code);
    }
    made = made
        .with_property("syscall", syscall)
        .with_property("path", path);
    match dest {
        Some(dest) => made.with_property("dest", dest),
        None => made,
    }
}

/// A path as an error has it: the start of one that is longer than any system's.
fn shown(path: &str) -> Cow<'_, str> {
    const LONGEST: usize = 4096;
    match path.len() > LONGEST {
        true => path.chars().take(64).chain(['…']).collect(),
        false => path.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_read_as_they_do_in_node() {
        let missing = io::Error::from(io::ErrorKind::NotFound);
        let one = failure(&missing, "open", "x.txt", None);
        assert_eq!(
            one.message(),
            "ENOENT: no such file or directory, open 'x.txt'"
        );
        assert_eq!(one.code(), Some("ENOENT"));
        let two = failure(&missing, "rename", "a", Some("b"));
        assert_eq!(
            two.message(),
            "ENOENT: no such file or directory, rename 'a' -> 'b'"
        );
        let unnamed = failure(&io::Error::other("out of luck"), "open", "x", None);
        assert_eq!(unnamed.message(), "out of luck, open 'x'");
        assert_eq!(unnamed.code(), None);
    }
}
