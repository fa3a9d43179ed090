// The native methods, as runtime-android/src/natives.rs binds them. None throws: an error is an answer.

package dev.tailor.runtime;

/** The library's functions. A runtime is known to them by a number; one that is not known does nothing. */
final class Native {
    static final int EVAL = 0;
    static final int CODE = 1;
    static final int FILE = 2;
    static final int ENTRY = 3;
    static final int ADD_FILE = 4;
    static final int REGISTER = 5;

    static {
        System.loadLibrary(Library.NAME);
    }

    private Native() {}

    /** Makes the runtime {@code number}, and answers. */
    static native byte[] create(long number, Bridge bridge, byte[] options);

    /** Asks the runtime for something and waits for the answer. */
    static native byte[] ask(long number, int what, byte[] payload);

    /** Asks without waiting: the bridge is given the answer with the ticket. Whether there is such a runtime. */
    static native boolean submit(long number, int what, byte[] payload, long ticket);

    /** Settles the promise that a function of the host's gave. */
    static native void settle(long number, long ticket, byte[] answer);

    /** Stops the runtime. */
    static native void close(long number);
}
