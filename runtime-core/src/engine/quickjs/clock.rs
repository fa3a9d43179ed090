//! The clock that the engine's C code asks for where there is no C library with one: the host's.

/// Microseconds since 1970.
///
/// # Safety
/// The engine's C code calls it; it touches nothing of the engine.
#[unsafe(no_mangle)]
unsafe extern "C" fn __rquickjs_host_now_us() -> f64 {
    js_sys::Date::now() * 1e3
}
