//! The Java API: every method, errors both ways, many threads and long loops, on each engine in a Java virtual machine.

use tailor_tests::run_java_tests;

#[test]
fn the_java_api() {
    run_java_tests("android/runtime.toml", &[]);
}

#[test]
fn the_java_api_as_the_machine_checks_it() {
    // It says so and ends when native code does what is not allowed, such as to keep a local reference.
    run_java_tests("android/runtime.toml", &["-Xcheck:jni"]);
}
