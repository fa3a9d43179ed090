//! The Java API: every method, errors both ways, many threads and long loops, on each engine in a Java virtual machine.

use tailor_tests::run_java_tests;

#[test]
fn the_java_api() {
    // The second time the machine itself looks, and ends when native code does what it must not.
    run_java_tests("android/runtime.toml", &[&[], &["-Xcheck:jni"]]);
}
