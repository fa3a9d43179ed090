package dev.tailor.runtime;

/**
 * Takes the lines that scripts log. It is called on the runtime's thread.
 *
 * <p>Without one, lines go to Android's log under the tag {@code js}, and elsewhere to the process's standard output and error.
 */
@FunctionalInterface
public interface JsOutput {
    /** What a line was said on. */
    enum Stream {
        /** {@code console.log} and its like. */
        OUT,
        /** {@code console.warn}, {@code console.error} and their like. */
        ERR
    }

    /**
     * Takes lines.
     *
     * @param stream what they were said on
     * @param lines whole lines, each with its end
     * @throws Exception when it cannot: the script sees an error
     */
    void write(Stream stream, String lines) throws Exception;
}
