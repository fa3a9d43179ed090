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

    /// What `DOMException` is made of.
    #[js_class(error, enumerable)]
    struct WebException {
        name: String,
        message: String,
    }

    #[js_class]
    impl WebException {
        #[js(constant)]
        const ABORT_ERR: u16 = 20;

        #[js(constructor)]
        fn new(#[js(default = "")] message: &str, #[js(default = "Error")] name: &str) -> Self {
            Self {
                name: name.to_owned(),
                message: message.to_owned(),
            }
        }

        #[js(get)]
        fn name(&self) -> &str {
            &self.name
        }

        #[js(get)]
        fn message(&self) -> &str {
            &self.message
        }

        #[js(get)]
        fn code(&self) -> u16 {
            match self.name.as_str() {
                "AbortError" => Self::ABORT_ERR,
                _ => 0,
            }
        }
    }

    impl ErrorClass for WebException {
        fn from_error(error: &JsError) -> Self {
            Self::new(error.message(), error.name())
        }

        fn text(&self) -> (&str, &str) {
            (&self.name, &self.message)
        }
    }

    #[js_class(extends = WebException)]
    struct QuotaError {
        #[js(base)]
        base: WebException,
    }

    #[js_class]
    impl QuotaError {
        #[js(constructor)]
        fn new() -> Self {
            Self {
                base: WebException::new("full", "QuotaExceededError"),
            }
        }
    }

    #[js_fn]
    fn abort() -> Result<(), JsError> {
        Err(JsError::of::<WebException>("AbortError", "aborted").with_property("retries", 3))
    }

    #[js_fn]
    async fn abort_later() -> Result<(), JsError> {
        Err(JsError::of::<WebException>("AbortError", "aborted later"))
    }

    #[js_fn]
    fn numbers() -> Result<(), JsError> {
        Err(JsError::error("said")
            .with_property("count", 2.5)
            .with_property("final", true)
            .with_property("path", "/x"))
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

#[test]
fn an_error_of_a_class_is_an_instance_of_it() {
    let told =
        "[e instanceof WebException, e instanceof Error, e.name, e.message, e.code, String(e)]";
    let tried = |call: &str| {
        format!("(async () => {{ try {{ await {call} }} catch (e) {{ return {told} }} }})()")
    };
    check(
        &MODULE,
        &[
            (
                &tried("abort()"),
                "true,true,AbortError,aborted,20,AbortError: aborted",
            ),
            (
                &tried("abortLater()"),
                "true,true,AbortError,aborted later,20,AbortError: aborted later",
            ),
            (
                &tried("(() => { throw new WebException('m', 'n') })()"),
                "true,true,n,m,0,n: m",
            ),
            (
                &tried("(() => { throw new QuotaError() })()"),
                "true,true,QuotaExceededError,full,0,QuotaExceededError: full",
            ),
            (
                "Object.getPrototypeOf(WebException.prototype) === Error.prototype",
                "true",
            ),
            (
                "Object.getPrototypeOf(WebException) === Function.prototype",
                "true",
            ),
            (
                "Object.prototype.toString.call(new WebException())",
                "[object WebException]",
            ),
            (
                "(() => { try { abort() } catch (e) { return [Object.keys(e), e.retries + 1] } })()",
                "retries,4",
            ),
            (
                "(() => { class Mine extends WebException { get name() { return 'Mine' } } return String(new Mine('m')) })()",
                "Mine: m",
            ),
        ],
    );
}

#[test]
fn an_error_of_a_class_has_the_stack_of_its_script() {
    check(
        &MODULE,
        &[
            (
                "(() => { function deep() { abort() } try { deep() } catch (e) { return e.stack.includes('deep') } })()",
                "true",
            ),
            (
                "(() => { function deep() { return new WebException() } return deep().stack.includes('deep') })()",
                "true",
            ),
            (
                "(async () => { async function deep() { await abortLater() } try { await deep() } catch (e) { return e.stack.includes('deep') } })()",
                "true",
            ),
            (
                "JSON.stringify(Object.getOwnPropertyDescriptor(new WebException(), 'stack').enumerable)",
                "false",
            ),
        ],
    );
}

#[test]
fn an_error_of_a_class_is_an_error_to_reports_and_hosts() {
    let mut runtime = crate::runtime(&MODULE);
    let error = runtime.eval_blocking("abort()").expect_err("it throws");
    assert_eq!((error.name(), error.message()), ("AbortError", "aborted"));
    let later = runtime
        .eval_blocking("abortLater()")
        .expect_err("it rejects");
    assert_eq!(later.to_string(), "AbortError: aborted later");
    assert!(later.stack().is_some());
    let plain = runtime
        .eval_blocking("new WebException('m', 'n')")
        .expect("an error is a value, too");
    let Plain::Error(error) = plain else {
        panic!("{plain:?} is no error")
    };
    assert_eq!(error.to_string(), "n: m");
    // In another runtime it is an instance of the class there.
    let mut other = crate::runtime(&MODULE);
    let told = other.call("String", vec![Plain::Error(error)]);
    assert_eq!(told.ok().as_ref().and_then(Plain::as_str), Some("n: m"));
}

#[test]
fn an_uncaught_error_of_a_class_is_reported_with_its_name_and_place() {
    let code = "function deep() { abort() }\ndeep();";
    let mut runtime = crate::runtime(&MODULE);
    let uncaught = runtime.run_code(code, "main.js").expect_err("it throws");
    let text = uncaught.text();
    assert!(
        text.starts_with("Uncaught WebException [AbortError]: aborted\n    at "),
        "{text}"
    );
    assert!(text.contains("deep"), "{text}");
    assert!(text.contains("retries: 3"), "{text}");
    let mut runtime = crate::runtime(&MODULE);
    let later = runtime.run_code("abortLater();", "main.js");
    let later = later.and_then(|()| runtime.run()).expect_err("it rejects");
    let text = later.text();
    assert!(
        text.starts_with("Uncaught (in promise) WebException [AbortError]: aborted later"),
        "{text}"
    );
}

#[test]
fn a_property_may_be_a_number_or_a_boolean() {
    check(
        &MODULE,
        &[(
            "(() => { try { numbers() } catch (e) { return JSON.stringify(e) } })()",
            r#"{"count":2.5,"final":true,"path":"/x"}"#,
        )],
    );
}
