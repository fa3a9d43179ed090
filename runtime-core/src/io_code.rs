//! The `code` that Node gives an I/O error: `ENOENT` and its like, from the error's kind.

use std::io::{Error, ErrorKind};

/// One row per kind that has a name of its own.
const CODES: &[(ErrorKind, &str)] = &[
    (ErrorKind::NotFound, "ENOENT"),
    (ErrorKind::PermissionDenied, "EACCES"),
    (ErrorKind::AlreadyExists, "EEXIST"),
    (ErrorKind::NotADirectory, "ENOTDIR"),
    (ErrorKind::IsADirectory, "EISDIR"),
    (ErrorKind::DirectoryNotEmpty, "ENOTEMPTY"),
    (ErrorKind::ReadOnlyFilesystem, "EROFS"),
    (ErrorKind::StorageFull, "ENOSPC"),
    (ErrorKind::QuotaExceeded, "EDQUOT"),
    (ErrorKind::FileTooLarge, "EFBIG"),
    (ErrorKind::ResourceBusy, "EBUSY"),
    (ErrorKind::ExecutableFileBusy, "ETXTBSY"),
    (ErrorKind::CrossesDevices, "EXDEV"),
    (ErrorKind::TooManyLinks, "EMLINK"),
    (ErrorKind::InvalidFilename, "ENAMETOOLONG"),
    (ErrorKind::InvalidInput, "EINVAL"),
    (ErrorKind::BrokenPipe, "EPIPE"),
    (ErrorKind::TimedOut, "ETIMEDOUT"),
    (ErrorKind::Interrupted, "EINTR"),
    (ErrorKind::Unsupported, "ENOTSUP"),
    (ErrorKind::OutOfMemory, "ENOMEM"),
    (ErrorKind::ConnectionRefused, "ECONNREFUSED"),
    (ErrorKind::ConnectionReset, "ECONNRESET"),
    (ErrorKind::AddrInUse, "EADDRINUSE"),
];

/// Codes that the standard library has no kind for, by number; the same on Linux and macOS unless a row says so.
const NUMBERS: &[(i32, &str)] = &[
    (1, "EPERM"),
    (9, "EBADF"),
    (24, "EMFILE"),
    (if cfg!(target_os = "macos") { 62 } else { 40 }, "ELOOP"),
];

/// The code of `error`, when it has one.
pub fn code(error: &Error) -> Option<&'static str> {
    let by_number = || {
        NUMBERS
            .iter()
            .find(|(number, _)| cfg!(unix) && Some(*number) == error.raw_os_error())
    };
    let by_kind = || {
        CODES
            .iter()
            .find(|(kind, _)| *kind == error.kind())
            .map(|(_, code)| *code)
    };
    by_number().map(|(_, code)| *code).or_else(by_kind)
}
