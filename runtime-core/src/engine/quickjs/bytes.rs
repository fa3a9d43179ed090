//! Bytes: views of array buffers, borrowed from the token without a copy.

use rquickjs_sys as q;

use super::cx::Cx;
use super::object::Object;
use super::value::Value;
use crate::engine::{Error, Kind};
use crate::error::Mismatch;

/// The bytes of an `ArrayBuffer`, a typed array or a `DataView`. They are read and written through the token, so no script can
/// run, and so neither resize nor detach them, while they are borrowed.
#[derive(Debug)]
pub struct View<'js> {
    buffer: Object<'js>,
    offset: usize,
    len: usize,
}

const WANT: &str = "an ArrayBuffer or a view of one";

impl<'js> Value<'js> {
    /// The bytes behind an `ArrayBuffer`, a typed array or a `DataView`. A `SharedArrayBuffer` is refused: other threads may
    /// write to it.
    pub fn view(&self, cx: &mut Cx<'js>) -> Result<View<'js>, Error<'js>> {
        let refused = |got: &str| Error::from(Mismatch::new(WANT, got));
        let Some(object) = self.as_object() else {
            return Err(refused(self.type_of().with_article()));
        };
        let (buffer, offset, len) = if is_buffer(&object) {
            let len = storage(&object).map(|(_, len)| len);
            let len = len.ok_or_else(|| refused("a detached one"))?;
            (object, 0, len)
        } else if is_typed_array(&object) {
            let (mut offset, mut len, mut item) = (0, 0, 0);
            // SAFETY: the array is borrowed for the call, and the numbers are written before it returns.
            let raw = unsafe {
                let (offset, len, item) = (&raw mut offset, &raw mut len, &raw mut item);
                q::JS_GetTypedArrayBuffer(cx.ctx, self.raw, offset, len, item)
            };
            (
                Object::from_value(cx.result(raw)?),
                offset as usize,
                len as usize,
            )
        } else if object.kind() == Kind::DataView {
            let Some((buffer, offset, len)) = object.data_view(cx) else {
                return Err(refused("a view of a detached one"));
            };
            let small = |number| usize::try_from(number).unwrap_or(usize::MAX);
            (buffer, small(offset), small(len))
        } else {
            return Err(refused(self.type_of().with_article()));
        };
        if !is_buffer(&buffer) {
            return Err(refused("a view of a SharedArrayBuffer"));
        }
        Ok(View {
            buffer,
            offset,
            len,
        })
    }
}

impl<'js> Value<'js> {
    /// A copy of the bytes behind an `ArrayBuffer`, a `SharedArrayBuffer`, a typed array or a `DataView`, put on the account;
    /// of any other value none. A detached buffer has no bytes, nor has a view that lies outside of its buffer.
    pub fn copied_bytes(&self, cx: &mut Cx<'js>) -> Result<Option<Vec<u8>>, Error<'js>> {
        let Some(object) = self.as_object() else {
            return Ok(None);
        };
        let view = if is_buffer(&object) || object.shared_buffer_len().is_some() {
            let len = storage(&object).map_or(0, |(_, len)| len);
            View {
                buffer: object,
                offset: 0,
                len,
            }
        } else if is_typed_array(&object) {
            let (mut offset, mut len, mut item) = (0, 0, 0);
            // SAFETY: the array is borrowed for the call, and the numbers are written before it returns.
            let raw = unsafe {
                let (offset, len, item) = (&raw mut offset, &raw mut len, &raw mut item);
                q::JS_GetTypedArrayBuffer(cx.ctx, self.raw, offset, len, item)
            };
            match cx.result(raw) {
                Ok(buffer) => View {
                    buffer: Object::from_value(buffer),
                    offset: offset as usize,
                    len: len as usize,
                },
                Err(Error::Fatal(fatal)) => return Err(fatal.into()),
                Err(_) => return Ok(Some(Vec::new())),
            }
        } else if object.kind() == Kind::DataView {
            let Some((buffer, offset, len)) = object.data_view(cx) else {
                return Ok(Some(Vec::new()));
            };
            let small = |number| usize::try_from(number).unwrap_or(usize::MAX);
            View {
                buffer,
                offset: small(offset),
                len: small(len),
            }
        } else {
            return Ok(None);
        };
        cx.hold(view.bytes(cx).len())?;
        // The storage of a shared buffer is copied at once, while no other thread of this program has it.
        Ok(Some(view.bytes(cx).to_vec()))
    }
}

/// Whether it is an `ArrayBuffer`; a shared one is none.
fn is_buffer(object: &Object<'_>) -> bool {
    // SAFETY: it reads the class of the object.
    unsafe { q::JS_IsArrayBuffer(object.raw()) }
}

fn is_typed_array(object: &Object<'_>) -> bool {
    // SAFETY: as above; the type of any other object is negative.
    unsafe { q::JS_GetTypedArrayType(object.raw()) >= 0 }
}

/// Where the bytes of an `ArrayBuffer` are; none when it is detached.
fn storage(buffer: &Object<'_>) -> Option<(*mut u8, usize)> {
    let ctx = buffer.0.ctx;
    let mut len = 0;
    // SAFETY: the buffer is borrowed for the call. Of a detached one it throws, and what it threw is taken back.
    unsafe {
        let start = q::JS_GetArrayBuffer(ctx, &raw mut len, buffer.raw());
        if start.is_null() && q::JS_HasException(ctx) {
            q::JS_FreeValue(ctx, q::JS_GetException(ctx));
            return None;
        }
        Some((start, len as usize))
    }
}

impl<'js> View<'js> {
    /// Where its bytes are now, and how many. Nothing when the buffer was detached or shrunk below the view meanwhile.
    fn part(&self) -> (*mut u8, usize) {
        let nothing = (std::ptr::NonNull::dangling().as_ptr(), 0);
        let Some((start, len)) = storage(&self.buffer) else {
            return nothing;
        };
        let fits = self
            .offset
            .checked_add(self.len)
            .is_some_and(|end| end <= len);
        if start.is_null() || !fits {
            return nothing;
        }
        // SAFETY: the offset lies within the storage, as was just found.
        (unsafe { start.add(self.offset) }, self.len)
    }

    /// The bytes. Empty when the buffer was detached or shrunk below the view meanwhile.
    pub fn bytes<'a>(&'a self, _cx: &'a Cx<'js>) -> &'a [u8] {
        let (start, len) = self.part();
        // SAFETY: `self` keeps the buffer object alive for 'a; its storage moves, shrinks or is freed only by code that has the
        // token exclusively, and the token is shared for 'a.
        unsafe { std::slice::from_raw_parts(start, len) }
    }

    /// The bytes, to write to.
    pub fn bytes_mut<'a>(&'a self, _cx: &'a mut Cx<'js>) -> &'a mut [u8] {
        let (start, len) = self.part();
        // SAFETY: as above; the token is exclusive for 'a, so this is the only reference to any bytes of this runtime.
        unsafe { std::slice::from_raw_parts_mut(start, len) }
    }
}

impl<'js> Object<'js> {
    /// A fresh `ArrayBuffer` with these bytes.
    pub fn array_buffer(cx: &mut Cx<'js>, bytes: &[u8]) -> Result<Self, Error<'js>> {
        // SAFETY: the engine copies the bytes before it returns.
        let raw = unsafe { q::JS_NewArrayBufferCopy(cx.ctx, bytes.as_ptr(), bytes.len() as _) };
        cx.result(raw).map(Object::from_value)
    }

    /// A fresh `Uint8Array` with these bytes.
    pub fn uint8_array(cx: &mut Cx<'js>, bytes: &[u8]) -> Result<Self, Error<'js>> {
        // SAFETY: the engine copies the bytes before it returns.
        let raw = unsafe { q::JS_NewUint8ArrayCopy(cx.ctx, bytes.as_ptr(), bytes.len() as _) };
        cx.result(raw).map(Object::from_value)
    }

    /// Detaches an `ArrayBuffer`, as giving it away does.
    #[cfg(test)]
    pub(crate) fn detach(&self) {
        // SAFETY: the buffer is borrowed for the call.
        unsafe { q::JS_DetachArrayBuffer(self.0.ctx, self.raw()) };
    }
}
