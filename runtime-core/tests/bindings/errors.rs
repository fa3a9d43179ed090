//! What the error of a `Result` becomes.

use std::fmt;
use std::io;

use runtime_core::prelude::*;

use crate::check;

#[js_module(globals)]
mod plain {
    use super::*;

    #[derive(Debug)]
    struct Outer(io::Error);

    impl fmt::Display for Outer {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("the sensor is gone")
        }
    }

    impl std::error::Error for Outer {
        fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
            Some(&self.0)
        }
    }

    enum Own {
        Far(f64),
    }

    impl IntoError for Own {
        fn into_error(self) -> JsError {
            let Self::Far(far) = self;
            JsError::new("SensorError", format!("{far} is too far"))
                .with_code("ERR_FAR")
                .with_property("unit", "m")
        }
    }

    #[js_fn]
    fn text() -> Result<(), String> {
        Err("a text".to_owned())
    }

    #[js_fn]
    fn literal() -> Result<(), &'static str> {
        Err("a literal")
    }

    #[js_fn]
    fn range() -> Result<(), JsError> {
        Err(JsError::range_error("out"))
    }

    #[js_fn]
    fn in_flight<'js>() -> Result<(), Error<'js>> {
        Err(Error::type_error("in flight"))
    }

    #[js_fn]
    fn own(far: f64) -> Result<(), Own> {
        Err(Own::Far(far))
    }

    #[js_fn]
    fn standard() -> Result<(), Outer> {
        Err(Outer(io::ErrorKind::NotFound.into()))
    }

    #[js_fn]
    fn input_output() -> io::Result<u32> {
        Err(io::Error::from_raw_os_error(2))
    }

    #[js_fn]
    fn number(text: &str) -> Result<u32, std::num::ParseIntError> {
        text.parse()
    }

    #[js_fn]
    fn boxed(fail: bool) -> Result<u32, Box<dyn std::error::Error + Send + Sync>> {
        if fail { Err("boxed")? } else { Ok(1) }
    }

    #[js_fn]
    fn dynamic() -> Result<u32, Box<dyn std::error::Error>> {
        Err("dynamic")?
    }
}

#[test]
fn an_error_has_its_class_code_and_message() {
    check(
        &MODULE,
        &[
            ("text()", "thrown Error: a text"),
            ("literal()", "thrown Error: a literal"),
            ("range()", "thrown RangeError: out"),
            ("inFlight()", "thrown TypeError: in flight"),
            ("own(3)", "thrown SensorError: 3 is too far"),
            (
                "number('x')",
                "thrown ParseIntError: invalid digit found in string",
            ),
            ("boxed(true)", "thrown Error: boxed"),
            ("boxed(false)", "1"),
            ("dynamic()", "thrown Error: dynamic"),
            (
                "(() => { try { own(1) } catch (e) { return [e instanceof Error, e.code, e.unit] } })()",
                "true,ERR_FAR,m",
            ),
            (
                "(() => { try { inputOutput() } catch (e) { return e.code } })()",
                "ENOENT",
            ),
        ],
    );
}

#[test]
fn an_error_keeps_its_causes() {
    check(
        &MODULE,
        &[
            ("standard()", "thrown Outer: the sensor is gone"),
            (
                "(() => { try { standard() } catch (e) { return [e.cause instanceof Error, e.cause.message] } })()",
                "true,entity not found",
            ),
        ],
    );
}
