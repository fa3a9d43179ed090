//! What the error of a `Result` becomes: chosen by its type, from the most special to the most general. An expansion knows the
//! type only by the value, so the choice is made by method lookup: each reference that is taken off comes to a more general one.

use std::borrow::Cow;
use std::marker::PhantomData;

use crate::error::JsError;

/// An error type of yours that says itself what it is to JavaScript. Any `std::error::Error` is an `Error` with its message, its causes
/// and the name of its type (`error.name` is `SensorError`), and needs no more. Implement this to choose the class, a `code`, or
/// properties:
///
/// ```
/// # #[cfg(feature = "engine")]
/// # mod example {
/// use runtime_core::prelude::*;
///
/// struct Far(f64);
///
/// impl IntoError for Far {
///     fn into_error(self) -> JsError {
///         JsError::range_error(format!("{} m is too far", self.0)).with_code("ERR_FAR")
///     }
/// }
/// # }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be thrown in JavaScript",
    label = "not an error",
    note = "return a `JsError`, or implement `std::error::Error` or `runtime_core::prelude::IntoError` for it"
)]
pub trait IntoError {
    /// The error as JavaScript sees it.
    fn into_error(self) -> JsError;
}

impl IntoError for JsError {
    fn into_error(self) -> JsError {
        self
    }
}

impl IntoError for String {
    fn into_error(self) -> JsError {
        JsError::error(self)
    }
}

impl IntoError for &str {
    fn into_error(self) -> JsError {
        JsError::error(self)
    }
}

impl IntoError for Cow<'_, str> {
    fn into_error(self) -> JsError {
        JsError::error(self)
    }
}

impl IntoError for Box<dyn std::error::Error + Send + Sync> {
    fn into_error(self) -> JsError {
        JsError::from_std(&*self)
    }
}

/// The type of an error, to choose by.
#[derive(Debug)]
pub struct Probe<E>(PhantomData<fn() -> E>);

impl<E> Probe<E> {
    /// That of `error`.
    pub fn of(_error: &E) -> Self {
        Self(PhantomData)
    }
}

/// An error as it is thrown.
#[macro_export]
#[doc(hidden)]
macro_rules! __raise {
    ($error:expr) => {{
        #[allow(unused_imports, reason = "which of them is used depends on the type")]
        use $crate::support::by::{Anything as _, InFlight as _, IntoError as _, StdError as _};
        let error = $error;
        (&&&&$crate::support::Probe::of(&error))
            .choose()
            .raise(error)
    }};
}

/// The choices, from the most special to the most general.
pub mod by {
    use super::Probe;
    use crate::engine::Error;
    use crate::error::JsError;

    /// An error that is in flight already.
    #[derive(Debug)]
    pub struct AsItIs;

    /// An error that says what it is.
    #[derive(Debug)]
    pub struct BySelf;

    /// An error of the standard library's kind.
    #[derive(Debug)]
    pub struct ByStd;

    /// Chooses [`AsItIs`].
    pub trait InFlight {
        /// The choice.
        fn choose(&self) -> AsItIs {
            AsItIs
        }
    }

    impl InFlight for &&&Probe<Error<'_>> {}

    /// Chooses [`BySelf`].
    pub trait IntoError {
        /// The choice.
        fn choose(&self) -> BySelf {
            BySelf
        }
    }

    impl<E: super::IntoError> IntoError for &&Probe<E> {}

    /// Chooses [`ByStd`].
    pub trait StdError {
        /// The choice.
        fn choose(&self) -> ByStd {
            ByStd
        }
    }

    impl<E: Into<Box<dyn std::error::Error>>> StdError for &Probe<E> {}

    /// Chooses [`BySelf`], which then says what is missing.
    pub trait Anything {
        /// The choice.
        fn choose(&self) -> BySelf {
            BySelf
        }
    }

    impl<E> Anything for Probe<E> {}

    impl AsItIs {
        /// The error.
        pub fn raise<'js>(self, error: Error<'js>) -> Error<'js> {
            error
        }
    }

    impl BySelf {
        /// The error.
        pub fn raise<E: super::IntoError>(self, error: E) -> JsError {
            error.into_error()
        }
    }

    impl ByStd {
        /// The error.
        pub fn raise<E: Into<Box<dyn std::error::Error>>>(self, error: E) -> JsError {
            JsError::from_std(&*error.into()).named_after::<E>()
        }
    }
}
