//! Bytes: views of array buffers, borrowed from the token without a copy.

use boa_engine::object::builtins::{
    AlignedVec, JsArrayBuffer, JsDataView, JsSharedArrayBuffer, JsTypedArray, JsUint8Array,
};

use super::cx::Cx;
use super::error::thrown;
use super::object::Object;
use super::value::Value;
use crate::engine::Error;
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
        let Some(object) = self.raw.as_object() else {
            return Err(Mismatch::new(WANT, self.type_of().with_article()).into());
        };
        if let Ok(buffer) = JsArrayBuffer::from_object(object.clone()) {
            let len = buffer.data().map(|data| data.len());
            return whole(Object::wrap(object), 0, len);
        }
        let (buffer, offset, len) = if let Ok(array) = JsTypedArray::from_object(object.clone()) {
            let parts = (
                array.buffer(cx.context),
                array.byte_offset(cx.context),
                array.byte_length(cx.context),
            );
            match parts {
                (Ok(buffer), Ok(offset), Ok(len)) => (buffer, offset, len),
                (Err(error), ..) | (_, Err(error), _) | (.., Err(error)) => {
                    return Err(thrown(cx, error));
                }
            }
        } else if let Ok(view) = JsDataView::from_object(object) {
            let parts = (
                view.buffer(cx.context),
                view.byte_offset(cx.context),
                view.byte_length(cx.context),
            );
            match parts {
                (Ok(buffer), Ok(offset), Ok(len)) => (buffer, to_usize(offset), to_usize(len)),
                (Err(error), ..) | (_, Err(error), _) | (.., Err(error)) => {
                    return Err(thrown(cx, error));
                }
            }
        } else {
            return Err(Mismatch::new(WANT, self.type_of().with_article()).into());
        };
        let Some(buffer) = buffer.as_object() else {
            return Err(Mismatch::new(WANT, "a detached one").into());
        };
        if JsArrayBuffer::from_object(buffer.clone()).is_err() {
            return Err(Mismatch::new(WANT, "a view of a SharedArrayBuffer").into());
        }
        whole(Object::wrap(buffer), offset, Some(len))
    }
}

impl<'js> Value<'js> {
    /// A copy of the bytes behind an `ArrayBuffer`, a `SharedArrayBuffer`, a typed array or a `DataView`, put on the account;
    /// of any other value none. A detached buffer has no bytes, nor has a view that lies outside of its buffer.
    pub fn copied_bytes(&self, cx: &mut Cx<'js>) -> Result<Option<Vec<u8>>, Error<'js>> {
        let Some(object) = self.raw.as_object() else {
            return Ok(None);
        };
        let part = if let Ok(buffer) = JsArrayBuffer::from_object(object.clone()) {
            let len = buffer.data().map_or(0, |data| data.len());
            Some((object, 0, len))
        } else if let Ok(buffer) = JsSharedArrayBuffer::from_object(object.clone()) {
            Some((object, 0, buffer.byte_length()))
        } else if let Ok(array) = JsTypedArray::from_object(object.clone()) {
            let buffer = array.buffer(cx.context).ok();
            let buffer = buffer.and_then(|buffer| buffer.as_object());
            let offset = array.byte_offset(cx.context).ok();
            let len = array.byte_length(cx.context).ok();
            buffer
                .zip(offset)
                .zip(len)
                .map(|((buffer, offset), len)| (buffer, offset, len))
        } else if let Some((buffer, offset, len)) = Object::wrap(object.clone()).data_view(cx) {
            Some((buffer.raw, to_usize(offset), to_usize(len)))
        } else if JsDataView::from_object(object).is_ok() {
            None
        } else {
            return Ok(None);
        };
        let Some((buffer, offset, len)) = part else {
            return Ok(Some(Vec::new()));
        };
        cx.hold(len)?;
        if let Ok(shared) = JsSharedArrayBuffer::from_object(buffer.clone()) {
            // The engine copies a shared buffer as a whole.
            cx.hold(shared.byte_length())?;
            let whole = shared.to_vec();
            let part = whole.get(offset..offset.saturating_add(len));
            return Ok(Some(part.unwrap_or_default().to_vec()));
        }
        let view = View {
            buffer: Object::wrap(buffer),
            offset,
            len,
        };
        Ok(Some(view.bytes(cx).to_vec()))
    }
}

fn to_usize(value: u64) -> usize {
    usize::try_from(value).unwrap_or(usize::MAX)
}

fn whole<'js>(
    buffer: Object<'js>,
    offset: usize,
    len: Option<usize>,
) -> Result<View<'js>, Error<'js>> {
    match len {
        Some(len) => Ok(View {
            buffer,
            offset,
            len,
        }),
        None => Err(Mismatch::new(WANT, "a detached one").into()),
    }
}

impl<'js> View<'js> {
    /// The bytes. Empty when the buffer was detached or shrunk below the view meanwhile.
    pub fn bytes<'a>(&'a self, _cx: &'a Cx<'js>) -> &'a [u8] {
        let Ok(buffer) = JsArrayBuffer::from_object(self.buffer.raw.clone()) else {
            return &[];
        };
        let Some(data) = buffer.data() else {
            return &[];
        };
        let Some(part) = data.get(self.offset..self.offset.saturating_add(self.len)) else {
            return &[];
        };
        // SAFETY: `self` keeps the buffer object alive for 'a; its storage moves, shrinks or is freed only by code that has the
        // token exclusively, and the token is shared for 'a.
        unsafe { std::slice::from_raw_parts(part.as_ptr(), part.len()) }
    }

    /// The bytes, to write to.
    pub fn bytes_mut<'a>(&'a self, _cx: &'a mut Cx<'js>) -> &'a mut [u8] {
        let Ok(buffer) = JsArrayBuffer::from_object(self.buffer.raw.clone()) else {
            return &mut [];
        };
        let Some(mut data) = buffer.data_mut() else {
            return &mut [];
        };
        let end = self.offset.saturating_add(self.len);
        let Some(part) = data.get_mut(self.offset..end) else {
            return &mut [];
        };
        // SAFETY: as above; the token is exclusive for 'a, so this is the only reference to any bytes of this runtime.
        unsafe { std::slice::from_raw_parts_mut(part.as_mut_ptr(), part.len()) }
    }
}

impl<'js> Object<'js> {
    /// A fresh `ArrayBuffer` with these bytes.
    pub fn array_buffer(cx: &mut Cx<'js>, bytes: &[u8]) -> Result<Self, Error<'js>> {
        let block = AlignedVec::from_slice(0, bytes);
        match JsArrayBuffer::from_byte_block(block, cx.context) {
            Ok(buffer) => Ok(Object::wrap(buffer.into())),
            Err(error) => Err(thrown(cx, error)),
        }
    }

    /// A fresh `Uint8Array` with these bytes.
    pub fn uint8_array(cx: &mut Cx<'js>, bytes: &[u8]) -> Result<Self, Error<'js>> {
        let block = AlignedVec::from_slice(0, bytes);
        let made = JsArrayBuffer::from_byte_block(block, cx.context)
            .and_then(|buffer| JsUint8Array::from_array_buffer(buffer, cx.context));
        match made {
            Ok(array) => Ok(Object::wrap(array.into())),
            Err(error) => Err(thrown(cx, error)),
        }
    }

    /// Detaches an `ArrayBuffer`, as giving it away does.
    #[cfg(test)]
    pub(crate) fn detach(&self) {
        let buffer = JsArrayBuffer::from_object(self.raw.clone()).expect("it is an ArrayBuffer");
        buffer
            .detach(&boa_engine::JsValue::undefined())
            .expect("it needs no key");
    }
}
