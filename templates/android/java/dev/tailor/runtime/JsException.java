package dev.tailor.runtime;

import java.util.Objects;

/**
 * An error of JavaScript's: what a script threw, or, as a {@link JsRuntimeException}, what ended the runtime.
 *
 * <p>Its cause is the error's {@code cause}: another {@code JsException}, or the exception that a function of the host's threw, with its own
 * stack.
 *
 * <p>What the runtime itself has to say is a {@link JsRuntimeException}, which no script can make.
 */
public class JsException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String name;
    private final String code;
    private final String jsStack;

    /**
     * An error for a function of the host's to throw: the script sees one of this class.
     *
     * @param name the name of one of JavaScript's classes, {@code TypeError}, or one of yours
     * @param message what went wrong
     */
    public JsException(String name, String message) {
        this(name, message, null, null, null);
    }

    /**
     * The same with a code, by which a script tells errors apart.
     *
     * @param name the name of one of JavaScript's classes, or one of yours
     * @param message what went wrong
     * @param code the code, or null
     */
    public JsException(String name, String message, String code) {
        this(name, message, code, null, null);
    }

    JsException(String name, String message, String code, String jsStack, Throwable cause) {
        super(Objects.requireNonNull(message, "message"), cause);
        this.name = Objects.requireNonNull(name, "name");
        this.code = code;
        this.jsStack = jsStack == null ? "" : jsStack;
    }

    /**
     * The error's name.
     *
     * @return {@code TypeError}, for example; {@code Error} when what was thrown is no error
     */
    public String getName() {
        return name;
    }

    /**
     * The error's code.
     *
     * @return the code, or null when it has none; a script's error has none of those of a {@link JsRuntimeException}
     */
    public String getCode() {
        return code;
    }

    /**
     * Where the script was.
     *
     * @return one frame a line, as the engine writes them; empty when nothing is known
     */
    public String getJsStack() {
        return jsStack;
    }

    /**
     * The error as a person reads it.
     *
     * @return name, message and the script's stack
     */
    @Override
    public String toString() {
        String head = getClass().getName() + ": " + name;
        String text = getMessage().isEmpty() ? head : head + ": " + getMessage();
        return jsStack.isEmpty() ? text : text + "\n" + jsStack;
    }
}
