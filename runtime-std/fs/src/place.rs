//! A path as an argument: judged while it is converted, so that a function has the proof before it starts.
//!
//! What a function may do with its path is the type of the argument: [`Place<Contents>`], [`Place<Target>`] and so on. A refusal
//! rejects the promise as any wrong argument does; a path that leads nowhere is an error of the operation, as it is in Node.

use std::io;
use std::marker::PhantomData;
use std::path::Path;
use std::rc::Rc;
use std::sync::Arc;

use runtime_core::permissions::{Granted, Kind, Move, PathKind, Permissions, Read, Remove, Write};
use runtime_core::prelude::*;
use runtime_core::ts::{Ts, TsType};
use runtime_core::{Account, Charged, Charger, Held};

use super::failure::failure;
use super::pending::Turn;
use super::port::{Entry, FileSystem, Stat};
use super::view::{Below, Judged, View, Within};
use super::volume::aside;

/// What is done with a path.
pub(super) trait Access: 'static {
    /// What it is a proof of.
    type Proof: PathKind;
    /// Whether it changes what a read-only mount protects.
    const CHANGES: bool;
    /// Whether it takes away what is at the path, which a mount point cannot lose.
    const TAKES: bool;

    /// Judges it, links followed as far as it follows them.
    fn check(permissions: &Permissions, path: &Path) -> Result<Granted<Self::Proof>, JsError>;
}

macro_rules! accesses {
    ($($(#[$doc:meta])* $name:ident: $proof:ident by $check:ident, changes $changes:literal, takes $takes:literal;)*) => {$(
        $(#[$doc])*
        pub(super) enum $name {}

        impl Access for $name {
            type Proof = $proof;
            const CHANGES: bool = $changes;
            const TAKES: bool = $takes;

            fn check(permissions: &Permissions, path: &Path) -> Result<Granted<$proof>, JsError> {
                permissions.$check(path)
            }
        }
    )*};
}

accesses! {
    /// Reads what is at the path, links followed.
    Contents: Read by check_read, changes false, takes false;
    /// Reads the entry itself, which may be a link.
    Itself: Read by check_read_entry, changes false, takes false;
    /// Creates or changes what is at the path, links followed.
    Target: Write by check_write, changes true, takes false;
    /// Creates or replaces the entry itself.
    NewEntry: Write by check_write_entry, changes true, takes true;
    /// Removes the entry, with all beneath it.
    Unwanted: Remove by check_remove, changes true, takes true;
    /// Moves the entry, with all beneath it.
    Moved: Move by check_move, changes true, takes true;
}

/// A path that a script gave, with the proof that what `A` says may be done with it.
pub(super) struct Place<A: Access> {
    written: String,
    found: io::Result<Found<A::Proof>>,
    turn: Rc<Turn>,
    charger: Charger,
    access: PhantomData<fn() -> A>,
}

/// A path that may be used, and the file system that it is in.
pub(super) struct Found<K: Kind> {
    pub(super) granted: Granted<K>,
    pub(super) file_system: Arc<dyn FileSystem>,
    /// That of the runtime's memory.
    pub(super) account: Arc<Account>,
    mount: Option<Within>,
    below: Below,
}

impl<K: Kind> Found<K> {
    /// Whether both are in one mount, so that something can be moved from one to the other.
    pub(super) fn shares_mount<L: Kind>(&self, other: &Found<L>) -> bool {
        let at = |mount: &Option<Within>| mount.as_ref().map(|mount| mount.at.clone());
        at(&self.mount) == at(&other.mount)
    }

    /// Whether one file system has both.
    pub(super) fn shares_file_system<L: Kind>(&self, other: &Found<L>) -> bool {
        let own = |file_system: &Arc<dyn FileSystem>| Arc::as_ptr(file_system).cast::<()>();
        own(&self.file_system) == own(&other.file_system)
    }
}

impl<Way, A: Access> TsType<Way> for Place<A> {
    const TS: Ts = Ts::Name("string");
}

impl<'js, A: Access> FromJs<'js> for Place<A> {
    fn from_js(cx: &mut Cx<'js>, value: &Value<'js>) -> Result<Self, Error<'js>> {
        let written = String::from_js(cx, value)?;
        hold(cx, &written)?;
        Ok(Self::of(cx, written)?)
    }
}

impl<A: Access> Place<A> {
    /// The place that `written` means.
    pub(super) fn of(cx: &mut Cx<'_>, written: String) -> Result<Self, JsError> {
        if written.contains('\0') {
            return Err(JsError::type_error("a path cannot contain a NUL character")
                .with_code("ERR_INVALID_ARG_VALUE"));
        }
        let found = match written.len() > LONGEST {
            true => Err(io::ErrorKind::InvalidFilename.into()),
            false => find::<A>(cx, &written)?,
        };
        Ok(Self {
            written,
            found,
            turn: Turn::of(cx),
            charger: cx.charger(),
            access: PhantomData,
        })
    }

    /// The path as the script wrote it.
    pub(super) fn written(&self) -> &str {
        &self.written
    }

    /// What scripts call its real path.
    pub(super) fn seen(&self) -> String {
        match &self.found {
            Ok(found) => {
                let real = found.granted.path();
                let seen = found.mount.as_ref().map(|mount| mount.seen(real));
                seen.as_deref()
                    .unwrap_or(real)
                    .to_string_lossy()
                    .into_owned()
            }
            Err(_) => self.written.clone(),
        }
    }

    /// Does `work`, on a thread of its own where it may block. `syscall` is what errors call it.
    pub(super) async fn run<T: Send + 'static>(
        self,
        syscall: &'static str,
        work: impl FnOnce(&dyn FileSystem, &Granted<A::Proof>) -> io::Result<T> + Send + 'static,
    ) -> Result<T, JsError> {
        self.run_with(syscall, |found| work(&*found.file_system, &found.granted))
            .await
    }

    /// The same, from this place to another.
    pub(super) async fn run_to<B: Access, T: Send + 'static>(
        self,
        to: Place<B>,
        syscall: &'static str,
        work: impl FnOnce(&Found<A::Proof>, &Found<B::Proof>) -> io::Result<T> + Send + 'static,
    ) -> Result<T, JsError> {
        self.turn.come().await;
        let done = match (self.found, to.found) {
            (Ok(from), Ok(to)) => match from.file_system.blocks() || to.file_system.blocks() {
                true => aside(move || work(&from, &to)).await,
                false => work(&from, &to),
            },
            (Err(error), _) | (_, Err(error)) => Err(error),
        };
        done.map_err(|error| failure(&error, syscall, &self.written, Some(&to.written)))
    }

    async fn run_with<T: Send + 'static>(
        self,
        syscall: &'static str,
        work: impl FnOnce(Found<A::Proof>) -> io::Result<T> + Send + 'static,
    ) -> Result<T, JsError> {
        self.turn.come().await;
        let done = match self.found {
            Ok(found) if found.file_system.blocks() => aside(move || work(found)).await,
            Ok(found) => work(found),
            Err(error) => Err(error),
        };
        done.map_err(|error| failure(&error, syscall, &self.written, None))
    }
}

impl<A: Access<Proof = Read>> Place<A> {
    /// All bytes of the file, which are on the account before they are read.
    pub(super) async fn read(self) -> Result<Charged<Vec<u8>>, JsError> {
        self.turn.come().await;
        let read = read(self.found, &self.charger).await;
        read.map_err(|error| failure(&error, "open", &self.written, None))
    }

    /// What is in the folder, mount points among it.
    pub(super) async fn list(self, syscall: &'static str) -> Result<Charged<Vec<Entry>>, JsError> {
        let list = |found: Found<Read>| {
            let value = found
                .below
                .list(found.file_system.read_dir(&found.granted))?;
            let bytes = value
                .iter()
                .map(|entry| size_of::<Entry>() + entry.name.len());
            let held = found.account.charge(bytes.sum());
            let held = held.ok_or(io::ErrorKind::OutOfMemory)?;
            Ok(Charged { value, held })
        };
        self.run_with(syscall, list).await
    }

    /// What is known of it.
    pub(super) async fn stat(self, syscall: &'static str) -> Result<Stat, JsError> {
        let stat = |found: Found<Read>| found.below.stat(found.file_system.stat(&found.granted));
        self.run_with(syscall, stat).await
    }

    /// The same, of a link itself.
    pub(super) async fn lstat(self, syscall: &'static str) -> Result<Stat, JsError> {
        let stat = |found: Found<Read>| found.below.stat(found.file_system.lstat(&found.granted));
        self.run_with(syscall, stat).await
    }
}

/// A reading that was begun.
enum Reading {
    Done(Charged<Vec<u8>>),
    /// There was no room for so many bytes, unless garbage is collected.
    Short(Found<Read>, usize),
}

async fn read(found: io::Result<Found<Read>>, charger: &Charger) -> io::Result<Charged<Vec<u8>>> {
    let found = found?;
    let blocks = found.file_system.blocks();
    let begun = match blocks {
        true => aside(move || begin(found)).await?,
        false => begin(found)?,
    };
    let (found, bytes) = match begun {
        Reading::Done(read) => return Ok(read),
        Reading::Short(found, bytes) => (found, bytes),
    };
    let held = charger.charge(bytes).await;
    let held = held.ok_or(io::ErrorKind::OutOfMemory)?;
    match blocks {
        true => aside(move || finish(&found, held)).await,
        false => finish(&found, held),
    }
}

fn begin(found: Found<Read>) -> io::Result<Reading> {
    // Whether it could fit at all is judged where it is read.
    let size = match found.account.limit() {
        Some(limit) => {
            let size = found.file_system.stat(&found.granted)?.size;
            if size > limit as f64 {
                0
            } else {
                size as usize
            }
        }
        None => 0,
    };
    match found.account.try_charge(size) {
        Some(held) => finish(&found, held).map(Reading::Done),
        None => Ok(Reading::Short(found, size)),
    }
}

/// Reads the file, of which `held` is on the account. It may have grown, or not know its size.
fn finish(found: &Found<Read>, mut held: Held) -> io::Result<Charged<Vec<u8>>> {
    let value = found.file_system.read(&found.granted)?;
    let more = found
        .account
        .charge(value.len().saturating_sub(held.bytes()));
    held.add(more.ok_or(io::ErrorKind::OutOfMemory)?);
    Ok(Charged { value, held })
}

/// Puts on the account what a place takes beside the path as it was written: the real one, and where in a mount it is.
pub(super) fn hold<'js>(cx: &mut Cx<'js>, written: &str) -> Result<(), Error<'js>> {
    cx.hold(2 * written.len() + 512)
}

/// The longest path in bytes that is looked for. No system has a longer one.
const LONGEST: usize = 64 << 10;

/// Refused: an error. Leading nowhere: a result, for the operation to report.
fn find<A: Access>(cx: &Cx<'_>, written: &str) -> Result<io::Result<Found<A::Proof>>, JsError> {
    let permissions = cx.permissions();
    let spot = match View::of(cx).locate(written) {
        Ok(spot) => spot,
        Err(error) => return Ok(Err(error)),
    };
    // Before it is judged, for no grant would help. It tells nothing but what the spec says.
    if A::CHANGES && spot.mount.as_ref().is_some_and(|mount| !mount.writable) {
        return Ok(Err(io::ErrorKind::ReadOnlyFilesystem.into()));
    }
    let granted = match spot.judged {
        Judged::Followed => A::check(&permissions, &spot.path)?,
        Judged::Plain(names) => permissions.check_plain(&spot.path, names)?,
    };
    if let Some(mount) = &spot.mount {
        if !granted.path().starts_with(&mount.root) {
            let at = mount.at.display();
            return Err(JsError::new(
                "NotAllowed",
                format!(
                    "`{written}` is not allowed: a symbolic link leads out of the mount `{at}`"
                ),
            )
            .with_code("ERR_NOT_ALLOWED"));
        }
        if A::TAKES && (granted.path() == mount.root || !spot.below.is_empty()) {
            return Ok(Err(io::ErrorKind::ResourceBusy.into()));
        }
    }
    Ok(Ok(Found {
        granted,
        file_system: spot.file_system,
        account: Arc::clone(cx.account()),
        mount: spot.mount,
        below: spot.below,
    }))
}
