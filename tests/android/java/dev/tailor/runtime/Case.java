// What the tests of the Java API are written with. They stand in its package to see what it keeps.

package dev.tailor.runtime;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/** A case: it throws when something is wrong. */
interface Case {
    void run() throws Throwable;

    /** How long anything is waited for before it counts as hanging. */
    long PATIENCE = 120;

    static void equal(Object expected, Object got) {
        if (!Objects.deepEquals(expected, got)) {
            throw new AssertionError("expected " + expected + ", got " + got);
        }
    }

    static void that(boolean holds, String what) {
        if (!holds) {
            throw new AssertionError(what);
        }
    }

    /** What the case throws, which is of this class. */
    static <T extends Throwable> T thrown(Class<T> kind, Case body) {
        try {
            body.run();
        } catch (Throwable thrown) {
            if (kind.isInstance(thrown)) {
                return kind.cast(thrown);
            }
            throw new AssertionError("expected " + kind.getName() + ", got " + thrown, thrown);
        }
        throw new AssertionError("expected " + kind.getName() + ", and nothing was thrown");
    }

    /** The JavaScript error that the case throws, with this name and these words in its message. */
    static JsException fails(String name, String words, Case body) {
        JsException error = thrown(JsException.class, body);
        equal(name, error.getName());
        that(error.getMessage().contains(words), "`" + words + "` is not in `" + error.getMessage() + "`");
        return error;
    }

    /** The words of the exception of this class that the case throws. */
    static void refused(Class<? extends Throwable> kind, String words, Case body) {
        String message = String.valueOf(thrown(kind, body).getMessage());
        that(message.contains(words), "`" + words + "` is not in `" + message + "`");
    }

    /** Closes a runtime and waits for its end. */
    static void end(JsRuntime runtime) throws InterruptedException {
        runtime.close();
        that(runtime.awaitTermination(PATIENCE, TimeUnit.SECONDS), "the runtime does not end");
    }

    /** Threads that are started together; what one of them throws is thrown by {@link #join}. */
    final class Threads {
        private final List<Thread> threads = new ArrayList<>();
        private final List<Throwable> failures = new ArrayList<>();

        void start(Case body) {
            Thread thread = new Thread(() -> {
                try {
                    body.run();
                } catch (Throwable thrown) {
                    synchronized (failures) {
                        failures.add(thrown);
                    }
                }
            });
            thread.setDaemon(true);
            threads.add(thread);
            thread.start();
        }

        void join() throws Throwable {
            for (Thread thread : threads) {
                thread.join(TimeUnit.SECONDS.toMillis(PATIENCE));
                that(!thread.isAlive(), "a thread hangs");
            }
            for (Throwable failure : failures) {
                throw failure;
            }
        }
    }
}
