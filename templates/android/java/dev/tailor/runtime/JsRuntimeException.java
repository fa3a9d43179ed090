package dev.tailor.runtime;

/**
 * An error of the runtime itself, which no script can make: it was closed, a limit was hit, or it failed.
 *
 * <p>Its {@linkplain #getCode() code} says what happened: {@code ERR_STOPPED} (it was closed meanwhile), {@code ERR_LIMIT} (a limit was
 * hit), {@code ERR_RUNTIME_ENDED} (it is over), {@code ERR_NEVER_SETTLED} (nothing is left that could settle the promise), {@code
 * ERR_LIMIT_NOT_KEPT} (its engine does not keep a limit), {@code ERR_ENGINE} and {@code ERR_PANIC} (a bug in the runtime or in a native
 * function). No error of a script has one of these codes: a script that gives its error one throws a {@link JsException} without it.
 */
public final class JsRuntimeException extends JsException {
    private static final long serialVersionUID = 1L;

    JsRuntimeException(String name, String message, String code, String jsStack, Throwable cause) {
        super(name, message, code, jsStack, cause);
    }
}
