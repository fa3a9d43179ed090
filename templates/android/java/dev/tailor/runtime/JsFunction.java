package dev.tailor.runtime;

import java.util.List;

/**
 * A function of the host's that scripts call: {@code runtime.register("add", args -> args.get(0).asDouble() + args.get(1).asDouble())}.
 *
 * <p>It is called on the runtime's thread, and no script runs meanwhile. What takes long returns a {@link
 * java.util.concurrent.CompletableFuture}, which is a promise in the script.
 */
@FunctionalInterface
public interface JsFunction {
    /**
     * Called by a script.
     *
     * @param args what the script gave, in order; it may be fewer or more than the function wants
     * @return a value as {@link JsValue#of} takes it, or a {@link java.util.concurrent.CompletableFuture} of one
     * @throws Exception whatever goes wrong: the script sees an error with its message, whose {@code cause} stands for the exception. When
     *     the script lets it through, the exception is the cause of the {@link JsException} that comes back. A {@link JsException} gives
     *     the error its own name, message and code.
     */
    Object call(List<JsValue> args) throws Exception;
}
