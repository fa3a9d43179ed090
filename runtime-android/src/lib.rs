//! What a library for Android exports: `JNI_OnLoad`, which binds the native methods of the package's own Java (`templates/android/java`).
//!
//! The boundary: between the Java virtual machine and a runtime that has a thread of its own. What crosses is bytes in the form of
//! `wire`, in one array for each call, so that no Java object is made or kept here but that array; Java's exceptions stay in Java and are
//! known here by a number. The generated crate's `src/lib.rs` is its tables and one line, `runtime_android::export!(spec::RUNTIME);`. It
//! is compiled with `panic = "unwind"`: then a panic is an exception of Java's, and else it aborts the app. Nothing here is Android's
//! but `log`, so the same library is tested on any Java virtual machine.
//!
//! Reading order: `wire`, `options`, `registry`, `natives`, `bridge`, `host`, `log`.

mod bridge;
mod host;
mod log;
mod natives;
mod options;
mod registry;
mod wire;

pub use natives::{RawVm, load};

/// Exports the entry point that makes runtimes of `$def`, a static `RuntimeDef`.
#[macro_export]
macro_rules! export {
    ($def:expr) => {
        /// Binds the native methods when Java loads the library.
        ///
        /// # Safety
        /// It is for Java to call, with its own pointer.
        #[unsafe(no_mangle)]
        pub unsafe extern "system" fn JNI_OnLoad(
            vm: *mut $crate::RawVm,
            _: *mut ::std::ffi::c_void,
        ) -> i32 {
            // SAFETY: the caller's.
            unsafe { $crate::load(vm, &$def) }
        }
    };
}
