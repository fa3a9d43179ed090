//! The npm package: in Node and in a real browser, over packages that are built once for both.
//!
//! One package, in the profile that people ship, is tested on every engine: it has what an engine can do in its own way, which is what
//! crosses, limits, memory, stack, errors, modules and timers. What differs from it in modules, files or the example's page is the
//! same JavaScript and the same Rust above the port on each engine, and the native suites run that Rust on all of them: it is tested
//! on the engine that compiles fastest.

mod browser;
mod node;
