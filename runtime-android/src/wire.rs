//! The form in which values cross: one array of bytes, read and written by `Wire.java` on the other side.
//!
//! A value is a tag and what belongs to it; lengths and numbers are big-endian. An answer is `VALUE` and a value, `ERROR` and an error, or
//! `PROMISE` and a ticket. An error is whether the runtime itself made it, its name, message, code, stack, the number of Java's exception that it stands for (0: none) and
//! its cause. The boundary: bytes and plain values; no Java, and no engine.

use runtime_core::{JsError, Plain};

/// How many causes of an error cross.
pub(crate) const CAUSES: usize = 16;

const UNDEFINED: u8 = 0;
const NULL: u8 = 1;
const FALSE: u8 = 2;
const TRUE: u8 = 3;
const NUMBER: u8 = 4;
const BIGINT: u8 = 5;
const STRING: u8 = 6;
const BYTES: u8 = 7;
const DATE: u8 = 8;
const ARRAY: u8 = 9;
const OBJECT: u8 = 10;
const ERROR_VALUE: u8 = 11;
const OTHER: u8 = 12;

const VALUE: u8 = 0;
const ERROR: u8 = 1;
const PROMISE: u8 = 2;

/// An error with the numbers of the exceptions of Java's that it and its causes stand for, in their order.
#[derive(Debug, PartialEq)]
pub(crate) struct Failure {
    pub(crate) error: JsError,
    pub(crate) exceptions: Vec<i64>,
}

impl From<JsError> for Failure {
    fn from(error: JsError) -> Self {
        Self {
            error,
            exceptions: Vec::new(),
        }
    }
}

/// What comes back from a call into the other side.
#[derive(Debug, PartialEq)]
pub(crate) enum Answer {
    Value(Plain),
    Error(Failure),
    Promise(i64),
}

/// The answer that a call had.
pub(crate) fn answer(result: Result<Plain, Failure>) -> Vec<u8> {
    let mut out = Vec::with_capacity(16);
    match result {
        Ok(value) => {
            out.push(VALUE);
            write(&mut out, &value);
        }
        Err(failure) => {
            out.push(ERROR);
            write_error(&mut out, &failure.error, &failure.exceptions);
        }
    }
    out
}

/// A value alone.
pub(crate) fn value(value: &Plain) -> Vec<u8> {
    let mut out = Vec::with_capacity(16);
    write(&mut out, value);
    out
}

fn write(out: &mut Vec<u8>, value: &Plain) {
    match value {
        Plain::Undefined => out.push(UNDEFINED),
        Plain::Null => out.push(NULL),
        Plain::Bool(false) => out.push(FALSE),
        Plain::Bool(true) => out.push(TRUE),
        Plain::Number(number) => {
            out.push(NUMBER);
            out.extend(number.to_be_bytes());
        }
        Plain::BigInt(digits) => write_block(out, BIGINT, digits.as_bytes()),
        Plain::String(text) => write_block(out, STRING, text.as_bytes()),
        Plain::Bytes(bytes) => write_block(out, BYTES, bytes),
        Plain::Date(millis) => {
            out.push(DATE);
            out.extend(millis.to_be_bytes());
        }
        Plain::Array(items) => {
            out.push(ARRAY);
            write_len(out, items.len());
            for item in items {
                write(out, item);
            }
        }
        Plain::Object(entries) => {
            out.push(OBJECT);
            write_len(out, entries.len());
            for (key, value) in entries {
                write_text(out, key);
                write(out, value);
            }
        }
        Plain::Error(error) => {
            out.push(ERROR_VALUE);
            write_error(out, error, &[]);
        }
        Plain::Other(text) => write_block(out, OTHER, text.as_bytes()),
    }
}

fn write_error(out: &mut Vec<u8>, error: &JsError, exceptions: &[i64]) {
    // What was thrown was no error, and has no name.
    let name = match error.name() {
        "" => "Error",
        name => name,
    };
    out.push(u8::from(error.is_from_runtime()));
    write_text(out, name);
    write_text(out, error.message());
    write_optional(out, error.code());
    write_optional(out, error.stack());
    let (exception, rest) = match exceptions {
        [first, rest @ ..] => (*first, rest),
        [] => (0, [].as_slice()),
    };
    out.extend(exception.to_be_bytes());
    match error.cause() {
        Some(cause) => {
            out.push(1);
            write_error(out, cause, rest);
        }
        None => out.push(0),
    }
}

fn write_block(out: &mut Vec<u8>, tag: u8, bytes: &[u8]) {
    out.reserve(bytes.len() + 5);
    out.push(tag);
    write_len(out, bytes.len());
    out.extend_from_slice(bytes);
}

fn write_text(out: &mut Vec<u8>, text: &str) {
    write_len(out, text.len());
    out.extend_from_slice(text.as_bytes());
}

fn write_optional(out: &mut Vec<u8>, text: Option<&str>) {
    out.push(u8::from(text.is_some()));
    if let Some(text) = text {
        write_text(out, text);
    }
}

/// Java's arrays are shorter than four gigabytes, and an answer that is longer never gets there: the array cannot be made.
fn write_len(out: &mut Vec<u8>, len: usize) {
    out.extend((len as u32).to_be_bytes());
}

/// Reads a value alone.
pub(crate) fn read_value(bytes: &[u8]) -> Result<Plain, JsError> {
    let mut input = Input { bytes, parts: 0 };
    let value = input.value(0)?;
    input.end(value)
}

/// Reads an answer.
pub(crate) fn read_answer(bytes: &[u8]) -> Result<Answer, JsError> {
    let mut input = Input { bytes, parts: 0 };
    let answer = match input.byte()? {
        VALUE => Answer::Value(input.value(0)?),
        ERROR => Answer::Error(input.failure()?),
        PROMISE => Answer::Promise(i64::from_be_bytes(input.take()?)),
        _ => return Err(broken()),
    };
    input.end(answer)
}

/// What is left to read, and how many parts were read.
struct Input<'a> {
    bytes: &'a [u8],
    parts: usize,
}

impl<'a> Input<'a> {
    fn value(&mut self, depth: usize) -> Result<Plain, JsError> {
        if depth > Plain::DEPTH {
            return Err(JsError::range_error(format!(
                "a value that crosses into a runtime nests at most {} deep",
                Plain::DEPTH
            )));
        }
        self.parts += 1;
        if self.parts > Plain::PARTS {
            return Err(JsError::range_error(format!(
                "a value that crosses into a runtime has at most {} parts",
                Plain::PARTS
            )));
        }
        Ok(match self.byte()? {
            UNDEFINED => Plain::Undefined,
            NULL => Plain::Null,
            FALSE => Plain::Bool(false),
            TRUE => Plain::Bool(true),
            NUMBER => Plain::Number(self.number()?),
            BIGINT => Plain::BigInt(self.text()?),
            STRING => Plain::String(self.text()?),
            BYTES => Plain::Bytes(self.block()?.to_vec()),
            DATE => Plain::Date(self.number()?),
            ARRAY => {
                let len = self.len()?;
                let items = (0..len).map(|_| self.value(depth + 1));
                Plain::Array(items.collect::<Result<_, _>>()?)
            }
            OBJECT => {
                let len = self.len()?;
                let entries = (0..len).map(|_| Ok((self.text()?, self.value(depth + 1)?)));
                Plain::Object(entries.collect::<Result<_, JsError>>()?)
            }
            ERROR_VALUE => Plain::Error(Box::new(self.failure()?.error)),
            OTHER => Plain::Other(self.text()?),
            _ => return Err(broken()),
        })
    }

    fn failure(&mut self) -> Result<Failure, JsError> {
        let mut exceptions = Vec::new();
        let error = self.error(&mut exceptions)?;
        Ok(Failure { error, exceptions })
    }

    fn error(&mut self, exceptions: &mut Vec<i64>) -> Result<JsError, JsError> {
        if exceptions.len() > CAUSES {
            return Err(broken());
        }
        let is_from_runtime = self.byte()? != 0;
        let (name, message) = (self.text()?, self.text()?);
        let mut error = JsError::new(name, message);
        if is_from_runtime {
            error = error.from_runtime();
        }
        if let Some(code) = self.optional()? {
            error = error.with_code(code);
        }
        if let Some(stack) = self.optional()? {
            error = error.with_stack(stack);
        }
        exceptions.push(i64::from_be_bytes(self.take()?));
        Ok(match self.byte()? {
            0 => error,
            _ => error.with_cause(self.error(exceptions)?),
        })
    }

    fn byte(&mut self) -> Result<u8, JsError> {
        Ok(self.take::<1>()?[0])
    }

    fn number(&mut self) -> Result<f64, JsError> {
        Ok(f64::from_be_bytes(self.take()?))
    }

    fn len(&mut self) -> Result<usize, JsError> {
        Ok(u32::from_be_bytes(self.take()?) as usize)
    }

    fn optional(&mut self) -> Result<Option<String>, JsError> {
        match self.byte()? {
            0 => Ok(None),
            _ => self.text().map(Some),
        }
    }

    fn text(&mut self) -> Result<String, JsError> {
        let bytes = self.block()?.to_vec();
        String::from_utf8(bytes).map_err(|_| broken())
    }

    fn block(&mut self) -> Result<&'a [u8], JsError> {
        let len = self.len()?;
        let (block, rest) = self.bytes.split_at_checked(len).ok_or_else(broken)?;
        self.bytes = rest;
        Ok(block)
    }

    fn take<const N: usize>(&mut self) -> Result<[u8; N], JsError> {
        let (taken, rest) = self.bytes.split_first_chunk().ok_or_else(broken)?;
        self.bytes = rest;
        Ok(*taken)
    }

    fn end<T>(&self, made: T) -> Result<T, JsError> {
        match self.bytes {
            [] => Ok(made),
            _ => Err(broken()),
        }
    }
}

fn broken() -> JsError {
    JsError::error(
        "bytes from Java that are no value: the package's classes and its library are of different builds\n\
         help: take both from one build",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn samples() -> Plain {
        let error = JsError::range_error("too far")
            .with_code("ERR_FAR")
            .with_stack("at f (a.js:1:2)")
            .with_cause(JsError::error("why"));
        Plain::Array(vec![
            Plain::Undefined,
            Plain::Null,
            Plain::Bool(true),
            Plain::Bool(false),
            Plain::Number(-0.5),
            Plain::Number(f64::INFINITY),
            Plain::BigInt("-123456789012345678901234567890".to_owned()),
            Plain::String("a\0é😀".to_owned()),
            Plain::Bytes(vec![0, 255, 128]),
            Plain::Date(1e12),
            Plain::Object(vec![
                ("__proto__".to_owned(), Plain::Array(Vec::new())),
                (String::new(), Plain::Object(Vec::new())),
            ]),
            Plain::Error(Box::new(error)),
            Plain::Other("[Function: f]".to_owned()),
        ])
    }

    #[test]
    fn what_is_written_is_read_again() {
        let bytes = value(&samples());
        assert_eq!(read_value(&bytes), Ok(samples()));
        let bytes = answer(Ok(samples()));
        assert_eq!(read_answer(&bytes), Ok(Answer::Value(samples())));
    }

    #[test]
    fn the_numbers_of_exceptions_stay_with_their_errors() {
        let failure = || Failure {
            error: JsError::error("a").with_cause(JsError::error("b")),
            exceptions: vec![0, 7],
        };
        let bytes = answer(Err(failure()));
        assert_eq!(read_answer(&bytes), Ok(Answer::Error(failure())));
    }

    #[test]
    fn what_is_cut_off_or_too_long_is_an_error() {
        let bytes = answer(Ok(samples()));
        for len in 0..bytes.len() {
            assert!(read_answer(&bytes[..len]).is_err(), "{len}");
        }
        let longer = [bytes.as_slice(), &[0]].concat();
        assert!(read_answer(&longer).is_err());
    }

    #[test]
    fn no_tag_is_taken_for_another() {
        for tag in OTHER + 1..=u8::MAX {
            assert!(read_value(&[tag, 0, 0, 0, 0, 0, 0, 0, 0]).is_err());
        }
        for tag in PROMISE + 1..=u8::MAX {
            assert!(read_answer(&[tag, 0, 0, 0, 0, 0, 0, 0, 0]).is_err());
        }
    }

    #[test]
    fn a_length_that_lies_takes_no_memory() {
        for tag in [BIGINT, STRING, BYTES, ARRAY, OBJECT, OTHER] {
            assert!(read_value(&[tag, 255, 255, 255, 255]).is_err());
        }
    }

    #[test]
    fn values_nest_so_deep_and_no_deeper() {
        let nested = |depth| (0..depth).fold(Plain::Null, |inner, _| Plain::Array(vec![inner]));
        let deepest = nested(Plain::DEPTH);
        assert_eq!(read_value(&value(&deepest)), Ok(deepest));
        let error = read_value(&value(&nested(Plain::DEPTH + 1))).expect_err("it nests too deep");
        assert_eq!(error.name(), "RangeError");
    }

    #[test]
    fn values_have_so_many_parts_and_no_more() {
        let mut bytes = vec![ARRAY];
        write_len(&mut bytes, Plain::PARTS);
        bytes.resize(bytes.len() + Plain::PARTS, NULL);
        let error = read_value(&bytes).expect_err("it has one more, the array");
        assert_eq!(error.name(), "RangeError");
    }

    #[test]
    fn an_error_of_the_runtime_stays_one() {
        let stopped = || Failure {
            error: JsError::error("it was stopped").from_runtime(),
            exceptions: vec![0],
        };
        let bytes = answer(Err(stopped()));
        assert_eq!(read_answer(&bytes), Ok(Answer::Error(stopped())));
    }
}
