package dev.tailor.runtime;

/**
 * Hears of errors that no script handled and that no call of the host's is there to get: thrown by a timer, or the reason of a promise that
 * nobody waits for. An exception of the host's among its causes is there by name and message. It is called on the runtime's thread. The
 * runtime goes on, unless a limit has ended it.
 *
 * <p>Without one, the report of the error goes to Android's log, and elsewhere to standard error.
 */
@FunctionalInterface
public interface JsErrorListener {
    /**
     * Hears of an error.
     *
     * @param error the error
     */
    void onError(JsException error);
}
