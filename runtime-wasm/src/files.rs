//! The runtime's files for the package's JavaScript, which reaches them by paths. No permission is judged: it is the host's own access.

use std::cell::RefCell;
use std::io;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use js_sys::{Array, Function, Uint8Array};
use module_fs::{Item, What, failure};
use wasm_bindgen::prelude::*;

use crate::errors::own_error_to_host;
use crate::host;
use crate::runtime::WasmRuntime;

thread_local! {
    /// Who wants to hear of changes. An instance has one runtime.
    static LISTENER: RefCell<Option<Function>> = const { RefCell::new(None) };
}

/// What is at a path, as `files.js` says it too.
const GONE: &str = "gone";
const FILE: &str = "file";
const FOLDER: &str = "folder";

#[wasm_bindgen]
impl WasmRuntime {
    /// Puts a file, a folder or nothing in the place of what is at a path; the folders above are made.
    #[wasm_bindgen(js_name = putFile)]
    pub fn put_file(
        &self,
        path: &str,
        kind: &str,
        bytes: Option<Uint8Array>,
        modified: f64,
        mode: u32,
    ) -> Result<(), JsValue> {
        let what = match kind {
            FOLDER => Ok(What::Folder),
            GONE => Ok(What::Gone),
            _ => self.copied(path, bytes.unwrap_or_default()).map(What::File),
        };
        let put = |what| {
            self.files.import([Item {
                path: path.to_owned(),
                what,
                modified: from_millis(modified),
                mode,
            }])
        };
        what.and_then(put).map_err(said("open", path))
    }

    /// What a file holds.
    #[wasm_bindgen(js_name = readFile)]
    pub fn read_file(&self, path: &str) -> Result<Uint8Array, JsValue> {
        let bytes = self.files.read_as(path, |bytes| Uint8Array::from(bytes));
        bytes.map_err(said("open", path))
    }

    /// What is in a folder: pairs of a name and its kind.
    #[wasm_bindgen(js_name = listFolder)]
    pub fn list_folder(&self, path: &str) -> Result<Array, JsValue> {
        let entries = self.files.list(path).map_err(said("scandir", path))?;
        let pair = |(name, is_directory): (&str, bool)| {
            let kind = if is_directory { FOLDER } else { FILE };
            Array::of2(&name.into(), &kind.into())
        };
        let entries = entries.iter();
        let pairs = entries.map(|entry| pair((&entry.name, entry.is_directory)));
        Ok(pairs.collect())
    }

    /// Removes what is at a path, with all that is in it.
    #[wasm_bindgen(js_name = removeFile)]
    pub fn remove_file(&self, path: &str) -> Result<(), JsValue> {
        self.files.remove(path).map_err(said("rm", path))
    }

    /// What differs from the start at a path and beneath it, and the folders above: path, kind, bytes, time and mode of each, as
    /// `putFile` takes them.
    #[wasm_bindgen(js_name = changedFiles)]
    pub fn changed_files(&self, path: &str) -> Array {
        let changes = Array::new();
        self.files.visit_changes(path, &mut |item| {
            let (kind, bytes) = match item.what {
                What::File(bytes) => (FILE, Uint8Array::from(bytes).into()),
                What::Folder => (FOLDER, JsValue::UNDEFINED),
                What::Gone => (GONE, JsValue::UNDEFINED),
            };
            changes.push(&Array::of5(
                &item.path.into(),
                &kind.into(),
                &bytes,
                &to_millis(item.modified).into(),
                &item.mode.into(),
            ));
        });
        changes
    }

    /// Calls `listener` with the path of what a script changed, from now on.
    #[wasm_bindgen(js_name = watchFiles)]
    pub fn watch_files(&self, listener: Function) {
        LISTENER.set(Some(listener));
        self.files.on_change(|_, path| {
            let listener = LISTENER.with_borrow(Clone::clone);
            if let Some(listener) = listener {
                // It notes the path, and throws nothing.
                let _ = host::call(&listener, &Array::of1(&path.into()));
            }
        });
    }
}

impl WasmRuntime {
    /// The bytes of a file to be, unless they could never fit: the memory of an instance never shrinks.
    fn copied(&self, path: &str, bytes: Uint8Array) -> io::Result<Vec<u8>> {
        let len = bytes.length() as usize;
        let quota = self.files.quota(path);
        if quota > 0 && len as u64 > quota {
            return Err(io::ErrorKind::StorageFull.into());
        }
        let mut copy = Vec::new();
        copy.try_reserve_exact(len)
            .map_err(|_| io::ErrorKind::OutOfMemory)?;
        copy.resize(len, 0);
        bytes.copy_to(&mut copy);
        Ok(copy)
    }
}

/// The error of an operation as scripts know it.
fn said(syscall: &'static str, path: &str) -> impl Fn(io::Error) -> JsValue {
    move |error| own_error_to_host(&failure(&error, syscall, path, None))
}

/// Milliseconds that mean no time are the start of all times.
fn from_millis(millis: f64) -> SystemTime {
    let since = Duration::try_from_secs_f64(millis / 1e3).unwrap_or_default();
    UNIX_EPOCH.checked_add(since).unwrap_or(UNIX_EPOCH)
}

fn to_millis(time: SystemTime) -> f64 {
    let since = time.duration_since(UNIX_EPOCH).unwrap_or_default();
    since.as_secs_f64() * 1e3
}
