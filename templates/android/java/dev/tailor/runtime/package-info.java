/**
 * JavaScript runtimes of one build of Tailor's, for Java and Kotlin.
 *
 * <p>{@link dev.tailor.runtime.JsRuntime} is the beginning. What a runtime contains and the most that it may do was said when the library
 * was built; here it is narrowed, and never widened.
 *
 * <h2>Threads</h2>
 *
 * <ul>
 *   <li>Each runtime has a thread of its own, on which its scripts run, one at a time.
 *   <li>Every method may be called from every thread. {@code eval}, {@code runModule}, {@code runFile}, {@code register} and {@code
 *       addFile} wait for the runtime's thread; the methods whose names end in {@code Async} never wait. On Android's main thread call
 *       those.
 *   <li>Functions of the host's, the output, the listener of errors, and what follows a future without an executor of its own are called on
 *       the runtime's thread. A method that waits is an {@link java.lang.IllegalStateException} there, for it would wait for itself.
 *   <li>{@code close} never waits. It ends a script that is running, and whoever waits for that hears so.
 * </ul>
 */
package dev.tailor.runtime;
