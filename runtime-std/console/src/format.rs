//! The Formatter of the Console Standard: `%` formats, and what is not a string inspected.

use runtime_core::Error;
use runtime_core::engine::{Cx, Type, Value};
use runtime_core::inspect::{Options, Style, has_own_text, inspect};
use runtime_core::prelude::FromJs as _;

use super::text::Text;

/// The text of what was logged.
pub(super) fn format<'js>(
    cx: &mut Cx<'js>,
    data: &[Value<'js>],
    options: &Options,
) -> Result<Text, Error<'js>> {
    let mut text = Text::default();
    let mut rest = data.iter();
    if let [first, _, ..] = data
        && first.type_of() == Type::String
    {
        rest.next();
        let format = String::from_js(cx, first)?;
        let mut chars = format.split('%');
        text.push(cx, chars.next().unwrap_or_default())?;
        let mut pieces = chars.peekable();
        while let Some(piece) = pieces.next() {
            let Some(specifier) = piece.chars().next() else {
                // `%%` is one of them, and what follows is plain; a lone one at the end is itself.
                text.push(cx, "%")?;
                if let Some(plain) = pieces.next() {
                    text.push(cx, plain)?;
                }
                continue;
            };
            let value = if is_specifier(specifier) {
                rest.next()
            } else {
                None
            };
            match value {
                Some(value) => {
                    cx.release(|cx| {
                        let converted = convert(cx, specifier, value, options)?;
                        text.push(cx, &converted)
                    })?;
                    text.push(cx, &piece[specifier.len_utf8()..])?;
                }
                None => {
                    text.push(cx, "%")?;
                    text.push(cx, piece)?;
                }
            }
        }
        if rest.len() > 0 {
            text.push(cx, " ")?;
        }
    }
    for (at, value) in rest.enumerate() {
        if at > 0 {
            text.push(cx, " ")?;
        }
        show(cx, &mut text, value, options)?;
    }
    Ok(text)
}

fn is_specifier(c: char) -> bool {
    matches!(c, 's' | 'd' | 'i' | 'f' | 'o' | 'O' | 'c')
}

/// Adds a string as it is, and all else inspected.
pub(super) fn show<'js>(
    cx: &mut Cx<'js>,
    text: &mut Text,
    value: &Value<'js>,
    options: &Options,
) -> Result<(), Error<'js>> {
    cx.release(|cx| {
        let shown = match value.type_of() {
            Type::String => String::from_js(cx, value)?,
            _ => inspect(cx, value, options),
        };
        text.push(cx, &shown)
    })
}

fn convert<'js>(
    cx: &mut Cx<'js>,
    specifier: char,
    value: &Value<'js>,
    options: &Options,
) -> Result<String, Error<'js>> {
    /// How deep `%o` looks.
    const DEEP: usize = 4;
    Ok(match specifier {
        's' => string(cx, value, options)?,
        'd' | 'i' => {
            let number = integer(value);
            painted(cx, number, options)
        }
        'f' => {
            let number = float(value);
            painted(cx, number, options)
        }
        'o' => inspect(
            cx,
            value,
            &Options {
                depth: Some(DEEP),
                ..*options
            },
        ),
        'O' => inspect(cx, value, options),
        // Styles are for pages; a terminal has none.
        _ => String::new(),
    })
}

fn painted<'js>(cx: &mut Cx<'js>, number: Number, options: &Options) -> String {
    match number {
        Number::Float(number) => inspect(cx, &Value::number(number), options),
        Number::Big(digits) if options.colours => Style::Number.paint(&digits),
        Number::Big(digits) => digits,
    }
}

/// `String(value)`, but for objects that do not say how they read: those are inspected, without what is inside.
fn string<'js>(
    cx: &mut Cx<'js>,
    value: &Value<'js>,
    options: &Options,
) -> Result<String, Error<'js>> {
    let plain = Options {
        colours: false,
        ..*options
    };
    match (value.type_of(), value.as_object()) {
        (Type::String, _) => String::from_js(cx, value),
        (_, Some(object)) if has_own_text(cx, &object) => value.to_text(cx),
        (_, Some(_)) => Ok(inspect(
            cx,
            value,
            &Options {
                depth: Some(0),
                ..plain
            },
        )),
        _ => Ok(inspect(cx, value, &plain)),
    }
}

enum Number {
    Float(f64),
    Big(String),
}

/// `parseInt(value)`, without running what a script made of it.
fn integer(value: &Value<'_>) -> Number {
    if let Some(digits) = value.bigint_text() {
        return Number::Big(digits + "n");
    }
    if let Some(number) = unboxed(value).as_number() {
        let whole = number.trunc();
        return Number::Float(if whole.is_finite() {
            whole + 0.0
        } else {
            f64::NAN
        });
    }
    let text = unboxed(value).as_string().unwrap_or_default();
    let text = text.trim_start();
    let (sign, digits) = match text.as_bytes().first() {
        Some(b'-') => (-1.0, &text[1..]),
        Some(b'+') => (1.0, &text[1..]),
        _ => (1.0, text),
    };
    let hex = digits
        .strip_prefix("0x")
        .or_else(|| digits.strip_prefix("0X"));
    let (digits, radix) = hex.map_or((digits, 10), |digits| (digits, 16));
    let mut parsed = digits.chars().map_while(|c| c.to_digit(radix)).peekable();
    if parsed.peek().is_none() {
        return Number::Float(f64::NAN);
    }
    let value = parsed.fold(0.0, |value: f64, digit| {
        value * f64::from(radix) + f64::from(digit)
    });
    Number::Float(sign * value + 0.0)
}

/// `parseFloat(value)`, without running what a script made of it.
fn float(value: &Value<'_>) -> Number {
    if let Some(digits) = value.bigint_text() {
        return Number::Big(digits + "n");
    }
    if let Some(number) = unboxed(value).as_number() {
        return Number::Float(number);
    }
    let text = unboxed(value).as_string().unwrap_or_default();
    let text = text.trim_start();
    let unsigned = text.trim_start_matches(['-', '+']);
    if unsigned.starts_with("Infinity") && text.len() - unsigned.len() <= 1 {
        let sign = if text.starts_with('-') { -1.0 } else { 1.0 };
        return Number::Float(sign * f64::INFINITY);
    }
    // The longest start of the text that is a number in both languages: Rust's other words for infinity have letters.
    let end = text
        .find(|c: char| !matches!(c, '0'..='9' | '.' | '-' | '+' | 'e' | 'E'))
        .unwrap_or(text.len());
    let starts = (1..=end).rev().map(|end| &text[..end]);
    Number::Float(
        starts
            .filter_map(|start| start.parse().ok())
            .next()
            .unwrap_or(f64::NAN),
    )
}

/// The primitive inside `new Number(1)` and its like; all else as it is.
fn unboxed<'js>(value: &Value<'js>) -> Value<'js> {
    let boxed = value
        .as_object()
        .and_then(|object| object.boxed_primitive());
    boxed.unwrap_or_else(|| value.clone())
}
