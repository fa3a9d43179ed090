//! Panics of native code: what is known of one, and how it becomes an error of the script that made the call.
//!
//! The boundary: this file tells native code's panics from those of the engine and of this crate, and words them. Whoever catches a
//! panic knows what it left behind, and decides whether the runtime goes on.

use std::any::Any;
use std::cell::RefCell;
use std::fmt;
use std::mem::ManuallyDrop;
use std::ops::{Deref, DerefMut};
use std::panic::{AssertUnwindSafe, Location, PanicHookInfo, catch_unwind, resume_unwind};
use std::sync::Once;

use crate::declaration::FnDecl;
use crate::error::JsError;
use crate::excerpt::visible;

/// The `code` of an error that a panic became.
pub(crate) const CODE: &str = "ERR_NATIVE_PANIC";

thread_local! {
    /// The last panic of this thread. The panic hook knows the place, and whoever catches the panic does not.
    static LAST: RefCell<Option<Panic>> = const { RefCell::new(None) };
}

/// A panic, in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Panic {
    words: String,
    /// The file, by its name alone, and the line.
    place: Option<String>,
    is_internal: bool,
}

/// The native function that was called.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Callee<'a> {
    /// One with a declaration.
    Declared(&'static FnDecl),
    /// One that is known by its name alone.
    Named(&'a str),
}

/// A value whose destructor may panic, as one of native code's may: where the engine frees it nothing may unwind. The panic hook has
/// reported the panic by then.
pub(crate) struct Contained<T>(ManuallyDrop<T>);

impl Panic {
    /// What the panic hook knows; `is_engine` says whether a file is the engine's own source.
    pub(crate) fn of(info: &PanicHookInfo<'_>, is_engine: fn(&str) -> bool) -> Self {
        Self {
            words: words(info.payload()),
            place: info.location().map(place),
            is_internal: info
                .location()
                .is_some_and(|place| is_internal(place, is_engine)),
        }
    }

    /// A panic that was caught, with its place when the panic hook noted it.
    #[cold]
    pub(crate) fn caught(payload: &(dyn Any + Send)) -> Self {
        if let Some(again) = payload.downcast_ref::<Self>() {
            return again.clone();
        }
        let words = words(payload);
        let noted = LAST.try_with(RefCell::take).ok().flatten();
        noted.filter(|noted| noted.words == words).unwrap_or(Self {
            words,
            place: None,
            is_internal: false,
        })
    }

    /// Marks the panic as one of the engine's own code.
    #[allow(
        dead_code,
        reason = "an engine that is not written in Rust does not panic"
    )]
    pub(crate) fn internal(self) -> Self {
        Self {
            is_internal: true,
            ..self
        }
    }

    /// Whether the engine or this crate panicked, and not native code: the runtime may be broken.
    pub(crate) fn is_internal(&self) -> bool {
        self.is_internal
    }

    /// Lets the panic go on to whoever entered the engine.
    pub(crate) fn go_on(self) -> ! {
        resume_unwind(Box::new(self))
    }

    /// What is said on standard error; `is_caught`: the script gets an error.
    pub(crate) fn report(&self, is_caught: bool) -> String {
        if self.is_internal {
            return format!(
                "error: the engine failed at something that it cannot handle{self}\n    \
                 note: this is a bug in the runtime and not in the script, which may have a way around it"
            );
        }
        let end = match is_caught {
            true => format!("; the script that called it gets an error with the code `{CODE}`"),
            false => "; this build ends at a panic".to_owned(),
        };
        format!(
            "error: native code panicked{self}\n    \
             note: this is a bug in that code, not in the engine and not in the script{end}"
        )
    }

    /// The error that the script gets which called `callee`.
    pub(crate) fn into_error(self, callee: Callee<'_>) -> JsError {
        let place = self
            .place
            .map_or_else(String::new, |place| format!(" ({place})"));
        let words = self.words;
        JsError::error(match callee.label() {
            Some(label) => format!("native function `{label}` panicked: {words}{place}"),
            None => format!("a native function panicked: {words}{place}"),
        })
        .with_code(CODE)
    }
}

/// Where it was, and its words, as they stand behind what was said before: ` (maths.rs:3): attempt to divide by zero`.
impl fmt::Display for Panic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(place) = &self.place {
            write!(f, " ({})", visible(place))?;
        }
        write!(f, ": {}", visible(&self.words).replace('\n', "\n    "))
    }
}

impl Callee<'_> {
    fn label(self) -> Option<String> {
        match self {
            Self::Declared(decl) => Some(decl.label()),
            Self::Named("") => None,
            Self::Named(name) => Some(name.to_owned()),
        }
    }
}

/// Runs native code that no script called. Its panic is an error, too.
pub(crate) fn guard<T, E: From<JsError>>(
    callee: Callee<'_>,
    f: impl FnOnce() -> Result<T, E>,
) -> Result<T, E> {
    catch_unwind(AssertUnwindSafe(f)).unwrap_or_else(|payload| {
        let panic = Panic::caught(&*payload);
        if panic.is_internal() {
            panic.go_on();
        }
        Err(panic.into_error(callee).into())
    })
}

/// Notes the place of every panic from now on, before the program's own panic hook runs. A hook that the program sets later takes this
/// one's place; then errors lack the place, and nothing else.
pub(crate) fn listen(is_engine: fn(&str) -> bool) {
    static ONCE: Once = Once::new();
    // The hook cannot be exchanged by a thread that is panicking.
    if std::thread::panicking() {
        return;
    }
    ONCE.call_once(|| {
        let next = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            let panic = Panic::of(info, is_engine);
            let _ = LAST.try_with(|last| last.replace(Some(panic)));
            next(info);
        }));
    });
}

/// Whether the panic is this crate's or the engine's, by its place.
fn is_internal(location: &Location<'_>, is_engine: fn(&str) -> bool) -> bool {
    let own = file!().strip_suffix("panics.rs");
    let file = location.file();
    own.is_some_and(|own| file.starts_with(own)) || is_engine(file)
}

/// `maths.rs:3`; a file that is called as many are has its folder with it: `sensor/lib.rs:7`.
fn place(location: &Location<'_>) -> String {
    let file = location.file();
    let mut steps = file.rsplit(['/', '\\']);
    let name = steps.next().unwrap_or(file);
    let folder = steps.find(|step| *step != "src" && !step.is_empty());
    match folder {
        Some(folder) if matches!(name, "lib.rs" | "mod.rs" | "main.rs") => {
            format!("{folder}/{name}:{}", location.line())
        }
        _ => format!("{name}:{}", location.line()),
    }
}

fn words(payload: &(dyn Any + Send)) -> String {
    let text = payload.downcast_ref::<&str>().copied();
    let text = text.or_else(|| payload.downcast_ref::<String>().map(String::as_str));
    text.unwrap_or("it does not say why").to_owned()
}

impl<T> Contained<T> {
    pub(crate) fn new(value: T) -> Self {
        Self(ManuallyDrop::new(value))
    }
}

impl<T> Deref for Contained<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T> DerefMut for Contained<T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.0
    }
}

impl<T> Drop for Contained<T> {
    fn drop(&mut self) {
        // SAFETY: it is taken once, here, and nothing looks at it afterwards.
        let value = unsafe { ManuallyDrop::take(&mut self.0) };
        // Nobody is left to tell: the panic hook has reported it.
        let _ = catch_unwind(AssertUnwindSafe(|| drop(value)));
    }
}

impl<T> fmt::Debug for Contained<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Contained")
    }
}
