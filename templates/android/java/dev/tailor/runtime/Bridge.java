// What the library calls, as runtime-android/src/bridge.rs says it. No method lets an exception out.

package dev.tailor.runtime;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;

/** Java's side of one runtime. It does not know the {@link JsRuntime}, which can be forgotten while this is in use. */
final class Bridge {
    /** An exception that scripts can reach, or that is on its way. */
    private static final class Held {
        final Throwable exception;
        int count = 1;

        Held(Throwable exception) {
            this.exception = exception;
        }
    }

    final long number;
    final CountDownLatch end = new CountDownLatch(1);

    private final JsOutput output;
    private final JsErrorListener listener;
    private final Map<Integer, JsFunction> functions = new ConcurrentHashMap<>();
    // Its values are futures of `JsValue`. The class came with Android's API 24, and a field of it would keep this one from older ones.
    private final Map<Long, Object> waiting = new ConcurrentHashMap<>();
    private final Map<Long, Held> exceptions = new HashMap<>();
    private final AtomicLong tickets = new AtomicLong();
    private volatile Thread thread;

    Bridge(long number, JsOutput output, JsErrorListener listener) {
        this.number = number;
        this.output = output;
        this.listener = listener;
    }

    /** Whether this is the runtime's thread. */
    boolean isOwnThread() {
        return Thread.currentThread() == thread;
    }

    int add(JsFunction function) {
        int key = (int) tickets.incrementAndGet();
        functions.put(key, function);
        return key;
    }

    /** How many functions scripts can reach. */
    int functions() {
        return functions.size();
    }

    long await(CompletableFuture<JsValue> future) {
        long ticket = tickets.incrementAndGet();
        waiting.put(ticket, future);
        return ticket;
    }

    void cancel(long ticket) {
        waiting.remove(ticket);
    }

    /** How many exceptions scripts can reach. */
    int exceptions() {
        synchronized (exceptions) {
            return exceptions.size();
        }
    }

    /** The exception with this number, which is not on its way any more. */
    Throwable take(long key) {
        synchronized (exceptions) {
            Held held = exceptions.get(key);
            release(key);
            return held == null ? null : held.exception;
        }
    }

    // What follows is called by the library.

    /** Says that this is the runtime's thread. */
    void began() {
        thread = Thread.currentThread();
    }

    /** Calls a function; its answer. */
    byte[] call(int function, byte[] args) {
        try {
            Object result = functions.get(function).call(Wire.readList(args));
            // An object of a class that is not there, before API 24, is none of it: it is looked for only behind what is there.
            if (result instanceof Future && result instanceof CompletableFuture) {
                return promise((CompletableFuture<?>) result);
            }
            return Wire.answer(result);
        } catch (Throwable thrown) {
            return thrown(thrown);
        }
    }

    /** Gives the answer to the future with this ticket. */
    @SuppressWarnings("unchecked")
    void settle(long ticket, byte[] answer) {
        CompletableFuture<JsValue> future = (CompletableFuture<JsValue>) waiting.remove(ticket);
        if (future == null) {
            return;
        }
        try {
            future.complete(Wire.readAnswer(answer, this));
        } catch (Throwable thrown) {
            future.completeExceptionally(thrown);
        }
    }

    /** Takes lines of the console; an answer. */
    byte[] write(boolean isError, byte[] lines) {
        try {
            output.write(isError ? JsOutput.Stream.ERR : JsOutput.Stream.OUT, Wire.text(lines));
            return Wire.answer(JsValue.UNDEFINED);
        } catch (Throwable thrown) {
            return Wire.thrown(thrown, 0);
        }
    }

    /** Hears of an error that no script handled; whether anybody does. */
    boolean uncaught(byte[] error) {
        if (listener == null) {
            return false;
        }
        try {
            Wire.readAnswer(error, this);
            return false;
        } catch (JsException uncaught) {
            return told(uncaught);
        }
    }

    private boolean told(JsException uncaught) {
        try {
            listener.onError(uncaught);
            return true;
        } catch (Throwable thrown) {
            // A listener that throws has nobody to tell but the process's own log.
            thrown.printStackTrace();
            return false;
        }
    }

    /** Says that no script can reach the function any more. */
    void forget(int function) {
        functions.remove(function);
    }

    /** Says that the exception is on its way once more. */
    void retain(long key) {
        synchronized (exceptions) {
            Held held = exceptions.get(key);
            if (held != null) {
                held.count++;
            }
        }
    }

    /** Undoes one {@link #retain}, or forgets the exception. */
    void release(long key) {
        synchronized (exceptions) {
            Held held = exceptions.get(key);
            if (held != null && --held.count == 0) {
                exceptions.remove(key);
            }
        }
    }

    /** Says that the runtime's thread does nothing more. */
    void over() {
        thread = null;
        functions.clear();
        synchronized (exceptions) {
            exceptions.clear();
        }
        end.countDown();
    }

    private byte[] promise(CompletableFuture<?> future) {
        long ticket = tickets.incrementAndGet();
        future.whenComplete((value, thrown) -> Native.settle(number, ticket, answer(value, thrown)));
        return Wire.promise(ticket);
    }

    private byte[] answer(Object value, Throwable thrown) {
        if (thrown != null) {
            boolean isWrapped = thrown instanceof CompletionException || thrown instanceof ExecutionException;
            return thrown(isWrapped && thrown.getCause() != null ? thrown.getCause() : thrown);
        }
        try {
            return Wire.answer(value);
        } catch (Throwable unknown) {
            return thrown(unknown);
        }
    }

    private byte[] thrown(Throwable thrown) {
        long key = tickets.incrementAndGet();
        synchronized (exceptions) {
            exceptions.put(key, new Held(thrown));
        }
        return Wire.thrown(thrown, key);
    }
}
