//! JavaScript values: making them, reading them, telling them apart.

use std::fmt;

use rquickjs_sys as q;

use super::cx::Cx;
use super::error::thrown;
use super::function::Function;
use super::object::Object;
use crate::engine::{Brand, Error, Type};

/// Any JavaScript value, kept alive by this handle.
pub struct Value<'js> {
    pub(super) raw: q::JSValue,
    /// The context that it belongs to; null of one that is no reference, such as a number.
    pub(super) ctx: *mut q::JSContext,
    brand: Brand<'js>,
}

impl<'js> Value<'js> {
    /// Takes over one reference of a value of `ctx`.
    #[inline]
    pub(super) fn wrap(ctx: *mut q::JSContext, raw: q::JSValue) -> Self {
        Self {
            raw,
            ctx,
            brand: Brand::default(),
        }
    }

    /// Takes a reference of its own to a borrowed value.
    #[inline]
    pub(super) fn borrow(ctx: *mut q::JSContext, raw: q::JSValue) -> Self {
        // SAFETY: the value is alive, since somebody holds a reference to it.
        Self::wrap(ctx, unsafe { q::JS_DupValue(ctx, raw) })
    }

    const fn immediate(raw: q::JSValue) -> Self {
        Self {
            raw,
            ctx: std::ptr::null_mut(),
            brand: std::marker::PhantomData,
        }
    }

    /// Gives its reference away.
    #[inline]
    pub(super) fn into_raw(self) -> q::JSValue {
        let raw = self.raw;
        std::mem::forget(self);
        raw
    }

    /// A token for what the engine itself does with a value that is a reference.
    pub(super) fn token(&self) -> Cx<'js> {
        // SAFETY: a handle does not outlive the entry that it is of, and its brand is that of the
        // runtime. The functions of this folder that ask for it call the engine's own originals.
        unsafe { Cx::new(self.ctx) }
    }

    #[inline]
    fn tag(&self) -> i32 {
        tag(self.raw)
    }

    /// `undefined`
    #[inline]
    pub fn undefined() -> Self {
        Self::immediate(q::JS_UNDEFINED)
    }

    /// `null`
    pub fn null() -> Self {
        Self::immediate(q::JS_NULL)
    }

    /// A boolean.
    pub fn bool(value: bool) -> Self {
        Self::immediate(if value { q::JS_TRUE } else { q::JS_FALSE })
    }

    /// A number.
    #[inline]
    pub fn number(value: f64) -> Self {
        Self::immediate(q::JS_NewFloat64(value))
    }

    /// A number that is a small integer, which engines keep apart for speed.
    #[inline]
    pub fn int(value: i32) -> Self {
        Self::immediate(q::JS_MKVAL(q::JS_TAG_INT, value))
    }

    /// A string; when there is no memory for it, `undefined`, and the memory limit is hit.
    #[inline]
    pub fn string(cx: &mut Cx<'js>, text: &str) -> Self {
        // SAFETY: the engine copies the bytes before it returns.
        let raw = unsafe { q::JS_NewStringLen(cx.ctx, text.as_ptr().cast(), text.len() as _) };
        cx.made(raw)
    }

    /// A string from UTF-16 code units, lone surrogates and all.
    pub fn string_utf16(cx: &mut Cx<'js>, units: &[u16]) -> Self {
        // SAFETY: the engine copies the units before it returns.
        let raw = unsafe { q::JS_NewStringUTF16(cx.ctx, units.as_ptr(), units.len() as _) };
        cx.made(raw)
    }

    /// A `BigInt`.
    pub fn bigint(cx: &mut Cx<'js>, value: i128) -> Self {
        if let Ok(small) = i64::try_from(value) {
            // SAFETY: a plain constructor.
            let raw = unsafe { q::JS_NewBigInt64(cx.ctx, small) };
            return cx.made(raw);
        }
        Self::bigint_from_text(cx, &value.to_string()).unwrap_or_else(Self::undefined)
    }

    /// A `BigInt` of any size from its decimal digits; none when they are not digits.
    pub fn bigint_from_text(cx: &mut Cx<'js>, digits: &str) -> Option<Self> {
        let magnitude = digits.strip_prefix(['-', '+']).unwrap_or(digits);
        if magnitude.is_empty() || !magnitude.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let text = Self::string(cx, digits);
        let convert = cx.originals().bigint;
        cx.call_raw(convert, q::JS_UNDEFINED, &[text.raw]).ok()
    }

    /// What it is.
    pub fn type_of(&self) -> Type {
        match self.tag() {
            q::JS_TAG_UNDEFINED => Type::Undefined,
            q::JS_TAG_NULL => Type::Null,
            q::JS_TAG_BOOL => Type::Boolean,
            q::JS_TAG_INT => Type::Number,
            q::JS_TAG_BIG_INT | q::JS_TAG_SHORT_BIG_INT => Type::BigInt,
            q::JS_TAG_STRING | q::JS_TAG_STRING_ROPE => Type::String,
            q::JS_TAG_SYMBOL => Type::Symbol,
            q::JS_TAG_OBJECT if self.is_callable() => Type::Function,
            q::JS_TAG_OBJECT => Type::Object,
            // Every other tag is a double's, as 32-bit targets box it; the engine's own kinds never reach a handle.
            _ => Type::Number,
        }
    }

    /// Whether it is `undefined`.
    pub fn is_undefined(&self) -> bool {
        self.tag() == q::JS_TAG_UNDEFINED
    }

    /// Whether it is `undefined` or `null`.
    pub fn is_nullish(&self) -> bool {
        matches!(self.tag(), q::JS_TAG_UNDEFINED | q::JS_TAG_NULL)
    }

    pub(super) fn is_callable(&self) -> bool {
        // SAFETY: an object has a context.
        self.tag() == q::JS_TAG_OBJECT && unsafe { q::JS_IsFunction(self.ctx, self.raw) }
    }

    fn is_string(&self) -> bool {
        matches!(self.tag(), q::JS_TAG_STRING | q::JS_TAG_STRING_ROPE)
    }

    fn is_bigint(&self) -> bool {
        matches!(self.tag(), q::JS_TAG_BIG_INT | q::JS_TAG_SHORT_BIG_INT)
    }

    /// The boolean, when it is one.
    pub fn as_bool(&self) -> Option<bool> {
        boolean(self.raw)
    }

    /// The number, when it is one.
    #[inline]
    pub fn as_number(&self) -> Option<f64> {
        number(self.raw)
    }

    /// The string, when it is one. A lone surrogate becomes U+FFFD.
    pub fn as_string(&self) -> Option<String> {
        text(self.ctx, self.raw)
    }

    /// How many UTF-16 code units the string has, when it is one. Nothing is copied.
    pub fn units(&self) -> Option<usize> {
        if !self.is_string() {
            return None;
        }
        let mut units = 0;
        // SAFETY: the value is borrowed for the call. Of a string it reads a field and runs nothing.
        unsafe { q::JS_GetLength(self.ctx, self.raw, &raw mut units) };
        usize::try_from(units).ok()
    }

    /// The string's UTF-16 code units, when it is one.
    pub fn as_utf16(&self) -> Option<Vec<u16>> {
        if !self.is_string() {
            return None;
        }
        utf16(self.ctx, self.raw)
    }

    /// A symbol as it shows itself, when it is one: `Symbol(tag)`.
    pub fn symbol_text(&self) -> Option<String> {
        if self.tag() != q::JS_TAG_SYMBOL {
            return None;
        }
        let mut cx = self.token();
        let show = cx.originals().symbol_text;
        cx.call_raw(show, self.raw, &[]).ok()?.as_string()
    }

    /// The `BigInt`, when it is one and fits.
    pub fn as_i128(&self) -> Option<i128> {
        self.bigint_text()?.parse().ok()
    }

    /// The decimal digits of a `BigInt` of any size, when it is one.
    pub fn bigint_text(&self) -> Option<String> {
        if !self.is_bigint() {
            return None;
        }
        c_text(self.ctx, self.raw)
    }

    /// The object, when it is one (functions are).
    pub fn as_object(&self) -> Option<Object<'js>> {
        (self.tag() == q::JS_TAG_OBJECT).then(|| Object::from_value(self.clone()))
    }

    /// The function, when it is one.
    pub fn as_function(&self) -> Option<Function<'js>> {
        self.is_callable()
            .then(|| Function::from_object(Object::from_value(self.clone())))
    }

    /// `String(value)`, which may run JavaScript.
    pub fn to_text(&self, cx: &mut Cx<'js>) -> Result<String, Error<'js>> {
        // SAFETY: the value is borrowed for the call.
        let raw = unsafe { q::JS_ToString(cx.ctx, self.raw) };
        let string = cx.result(raw)?;
        Ok(string.as_string().unwrap_or_default())
    }

    /// `Number(value)`, which may run JavaScript.
    pub fn to_number(&self, cx: &mut Cx<'js>) -> Result<f64, Error<'js>> {
        let mut number = 0.0;
        // SAFETY: the value is borrowed for the call, and the number is written before it returns.
        if unsafe { q::JS_ToFloat64(cx.ctx, &raw mut number, self.raw) } < 0 {
            return Err(thrown(cx));
        }
        cx.goes_on()?;
        Ok(number)
    }

    /// `Boolean(value)`.
    pub fn to_boolean(&self) -> bool {
        match (self.as_bool(), self.as_number()) {
            (Some(boolean), _) => boolean,
            (_, Some(number)) => number != 0.0 && !number.is_nan(),
            _ if self.is_nullish() => false,
            // SAFETY: what is left is a reference, which has a context; nothing of it runs JavaScript.
            _ => unsafe { q::JS_ToBool(self.ctx, self.raw) > 0 },
        }
    }

    /// `a === b`.
    pub fn strict_eq(&self, other: &Self) -> bool {
        if let (Some(a), Some(b)) = (self.as_number(), other.as_number()) {
            return a == b;
        }
        let ctx = if self.ctx.is_null() {
            other.ctx
        } else {
            self.ctx
        };
        if ctx.is_null() {
            return self.tag() == other.tag() && self.as_bool() == other.as_bool();
        }
        // SAFETY: both values are borrowed for the call, and are of this runtime, as their brand says.
        unsafe { q::JS_IsStrictEqual(ctx, self.raw, other.raw) }
    }
}

impl Clone for Value<'_> {
    #[inline]
    fn clone(&self) -> Self {
        if !is_reference(self.raw) {
            // A small `BigInt` is no reference, and its digits still take a context.
            return Self::wrap(self.ctx, self.raw);
        }
        Self::borrow(self.ctx, self.raw)
    }
}

impl Drop for Value<'_> {
    #[inline]
    fn drop(&mut self) {
        if is_reference(self.raw) {
            // SAFETY: this handle owns one reference, and the brand keeps it from outliving its runtime.
            unsafe { q::JS_FreeValue(self.ctx, self.raw) };
        }
    }
}

impl fmt::Debug for Value<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Value({:?})", self.type_of())
    }
}

/// The tag of a raw value.
#[inline]
pub(super) fn tag(raw: q::JSValue) -> i32 {
    // SAFETY: every value has a tag.
    unsafe { q::JS_VALUE_GET_TAG(raw) }
}

#[inline]
fn is_reference(raw: q::JSValue) -> bool {
    // SAFETY: it reads the tag alone.
    unsafe { q::JS_VALUE_HAS_REF_COUNT(raw) }
}

/// The number, when it is one.
#[inline]
pub(super) fn number(raw: q::JSValue) -> Option<f64> {
    // SAFETY: each part is read under the tag that says that it is there.
    unsafe {
        let tag = q::JS_VALUE_GET_TAG(raw);
        if tag == q::JS_TAG_INT {
            Some(f64::from(q::JS_VALUE_GET_INT(raw)))
        } else if q::JS_TAG_IS_FLOAT64(tag) {
            Some(q::JS_VALUE_GET_FLOAT64(raw))
        } else {
            None
        }
    }
}

/// The boolean, when it is one.
#[inline]
pub(super) fn boolean(raw: q::JSValue) -> Option<bool> {
    // SAFETY: the part is read under the tag that says that it is there.
    (tag(raw) == q::JS_TAG_BOOL).then(|| unsafe { q::JS_VALUE_GET_BOOL(raw) })
}

/// A string's text, when it is one.
pub(super) fn text(ctx: *mut q::JSContext, raw: q::JSValue) -> Option<String> {
    if !matches!(tag(raw), q::JS_TAG_STRING | q::JS_TAG_STRING_ROPE) {
        return None;
    }
    c_text(ctx, raw)
}

/// The text of a string or of a primitive that becomes one without a script.
fn c_text(ctx: *mut q::JSContext, raw: q::JSValue) -> Option<String> {
    let mut len = 0;
    // SAFETY: the value is borrowed for the call. The engine gives `len` bytes, which stay until they are freed below.
    unsafe {
        let start = q::JS_ToCStringLen(ctx, &raw mut len, raw);
        if start.is_null() {
            q::JS_FreeValue(ctx, q::JS_GetException(ctx));
            return None;
        }
        let bytes = std::slice::from_raw_parts(start.cast::<u8>(), len);
        let text = match std::str::from_utf8(bytes) {
            Ok(text) => Some(text.to_owned()),
            // A lone surrogate is three bytes there, and one character that stands for it here.
            Err(_) => utf16(ctx, raw).map(|units| String::from_utf16_lossy(&units)),
        };
        q::JS_FreeCString(ctx, start);
        text
    }
}

fn utf16(ctx: *mut q::JSContext, raw: q::JSValue) -> Option<Vec<u16>> {
    let mut len = 0;
    // SAFETY: as above, with `len` units.
    unsafe {
        let start = q::JS_ToCStringLenUTF16(ctx, &raw mut len, raw);
        if start.is_null() {
            q::JS_FreeValue(ctx, q::JS_GetException(ctx));
            return None;
        }
        let units = std::slice::from_raw_parts(start, len as usize).to_vec();
        q::JS_FreeCStringUTF16(ctx, start);
        Some(units)
    }
}
