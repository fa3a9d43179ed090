package dev.tailor.runtime;

import java.io.File;
import java.lang.ref.PhantomReference;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A JavaScript runtime of its own.
 *
 * <pre>{@code
 * try (JsRuntime runtime = JsRuntime.builder().directory(context.getFilesDir()).build()) {
 *     runtime.register("add", args -> args.get(0).asDouble() + args.get(1).asDouble());
 *     double three = runtime.eval("add(1, 2)").asDouble();
 * }
 * }</pre>
 *
 * <p>Several are independent of each other. Each has a thread, which lives until it is {@linkplain #close() closed}; one that was forgotten is
 * closed some time after the garbage collector has found it. The rules of threads are those of the {@linkplain dev.tailor.runtime
 * package}.
 */
public final class JsRuntime implements AutoCloseable {
    private static final AtomicLong NUMBERS = new AtomicLong();

    /** Runtimes that nobody can reach any more. */
    private static final ReferenceQueue<JsRuntime> FORGOTTEN = new ReferenceQueue<>();

    /** What is left of each runtime that was not closed. */
    private static final Set<Trace> TRACES = Collections.newSetFromMap(new ConcurrentHashMap<>());

    private final Bridge bridge;
    private final Trace trace;
    private final AtomicBoolean closed = new AtomicBoolean();

    private static final class Trace extends PhantomReference<JsRuntime> {
        final long number;

        Trace(JsRuntime runtime) {
            super(runtime, FORGOTTEN);
            number = runtime.bridge.number;
        }
    }

    private JsRuntime(Bridge bridge) {
        this.bridge = bridge;
        this.trace = new Trace(this);
        TRACES.add(trace);
    }

    /**
     * Begins to make a runtime.
     *
     * @return a builder with nothing narrowed
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Makes a runtime of everything that it was built with.
     *
     * @return the runtime
     * @throws JsException when it cannot be made
     */
    public static JsRuntime create() {
        return builder().build();
    }

    /**
     * Evaluates a script, and waits for it; when its value is a promise, for what that settles to. An interrupt does not end the wait.
     *
     * @param code the script
     * @return the value of its last expression
     * @throws JsException what it throws
     * @throws IllegalStateException when the runtime is closed, or this is its own thread
     */
    public JsValue eval(String code) {
        return ask(Native.EVAL, Objects.requireNonNull(code, "code"));
    }

    /**
     * Evaluates a script as {@link #eval} does, without waiting. Scripts run in the order in which they were given.
     *
     * @param code the script
     * @return the value of its last expression, later. To cancel the future does not end the script
     * @throws IllegalStateException when the runtime is closed
     */
    public CompletableFuture<JsValue> evalAsync(String code) {
        return submit(Native.EVAL, Objects.requireNonNull(code, "code"));
    }

    /**
     * Runs code as a module named {@code main.js}, and waits until it was evaluated. It may import what {@link #addFile} added.
     *
     * @param code the module
     * @return its exports, an object
     * @throws JsException what it throws
     * @throws IllegalStateException when the runtime is closed, or this is its own thread
     */
    public JsValue runModule(String code) {
        return runModule(code, "main.js");
    }

    /**
     * Runs code as a module, as {@link #runModule(String)} does.
     *
     * @param code the module
     * @param path its path, which stands in stacks and from which its imports are taken
     * @return its exports, an object
     * @throws JsException what it throws
     * @throws IllegalStateException when the runtime is closed, or this is its own thread
     */
    public JsValue runModule(String code, String path) {
        return ask(Native.CODE, Objects.requireNonNull(code, "code"), Objects.requireNonNull(path, "path"));
    }

    /**
     * Runs code as a module without waiting.
     *
     * @param code the module
     * @param path its path
     * @return its exports, later
     * @throws IllegalStateException when the runtime is closed
     */
    public CompletableFuture<JsValue> runModuleAsync(String code, String path) {
        return submit(Native.CODE, Objects.requireNonNull(code, "code"), Objects.requireNonNull(path, "path"));
    }

    /**
     * Runs the app that ships inside the library, and waits until its entry module was evaluated.
     *
     * @return the exports of its entry module
     * @throws JsException what it throws, or that there is no app inside
     * @throws IllegalStateException when the runtime is closed, or this is its own thread
     */
    public JsValue runFile() {
        return ask(Native.ENTRY);
    }

    /**
     * Runs a file of the app inside, or one that {@link #addFile} added, as a module.
     *
     * @param path its path
     * @return its exports, an object
     * @throws JsException what it throws, or that there is no such file
     * @throws IllegalStateException when the runtime is closed, or this is its own thread
     */
    public JsValue runFile(String path) {
        return ask(Native.FILE, Objects.requireNonNull(path, "path"));
    }

    /**
     * Runs the app inside without waiting.
     *
     * @return the exports of its entry module, later
     * @throws IllegalStateException when the runtime is closed
     */
    public CompletableFuture<JsValue> runFileAsync() {
        return submit(Native.ENTRY);
    }

    /**
     * Runs a file without waiting.
     *
     * @param path its path
     * @return its exports, later
     * @throws IllegalStateException when the runtime is closed
     */
    public CompletableFuture<JsValue> runFileAsync(String path) {
        return submit(Native.FILE, Objects.requireNonNull(path, "path"));
    }

    /**
     * Adds a file that modules can import, or replaces one that none has imported yet.
     *
     * @param path its path
     * @param text what it holds
     * @throws IllegalStateException when the runtime is closed, or this is its own thread
     */
    public void addFile(String path, String text) {
        ask(Native.ADD_FILE, Objects.requireNonNull(path, "path"), Objects.requireNonNull(text, "text"));
    }

    /**
     * Defines a global function that calls one of the host's. One of the same name is replaced.
     *
     * @param name its name
     * @param function what it calls
     * @throws JsException when a script has made it impossible
     * @throws IllegalArgumentException when the name is empty
     * @throws IllegalStateException when the runtime is closed, or this is its own thread
     */
    public void register(String name, JsFunction function) {
        Objects.requireNonNull(function, "function");
        if (name.isEmpty()) {
            throw new IllegalArgumentException("a function that scripts call needs a name");
        }
        check();
        int key = bridge.add(function);
        try {
            ask(Native.REGISTER, name, key);
        } catch (RuntimeException refused) {
            bridge.forget(key);
            throw refused;
        }
    }

    /**
     * Ends the runtime, and the script that is running: what waits for it gets a {@link JsRuntimeException} with the code {@code ERR_STOPPED}. It
     * does not wait, and to close a runtime again does nothing.
     *
     * <p>An engine that cannot be interrupted ends before its next turn, or when a script calls a function of the host's.
     */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            TRACES.remove(trace);
            trace.clear();
            Native.close(bridge.number);
        }
    }

    /**
     * Whether it was closed.
     *
     * @return whether it was
     */
    public boolean isClosed() {
        return closed.get();
    }

    /**
     * Waits until the thread of a closed runtime has ended, and everything that it held was given back.
     *
     * @param timeout how long at most
     * @param unit the unit of that
     * @return whether it has ended
     * @throws InterruptedException when this thread was interrupted meanwhile
     * @throws IllegalStateException when this is its own thread
     */
    public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
        checkThread();
        return bridge.end.await(timeout, unit);
    }

    /** How many exceptions of the host's scripts can reach. */
    int exceptions() {
        return bridge.exceptions();
    }

    /** How many functions of the host's scripts can reach. */
    int functions() {
        return bridge.functions();
    }

    /** What falls to zero when the thread has ended. */
    CountDownLatch ending() {
        return bridge.end;
    }

    private void check() {
        checkThread();
        checkOpen();
    }

    private void checkThread() {
        if (bridge.isOwnThread()) {
            throw new IllegalStateException(
                    "this is the runtime's own thread, which would wait for itself: use a method whose name ends in Async");
        }
    }

    private void checkOpen() {
        if (closed.get()) {
            throw new IllegalStateException("the runtime is closed");
        }
    }

    private JsValue ask(int what, Object... payload) {
        check();
        byte[] answer = Native.ask(bridge.number, what, Wire.value(payload));
        try {
            return Wire.readAnswer(answer, bridge);
        } catch (JsRuntimeException error) {
            if ("ERR_RUNTIME_ENDED".equals(error.getCode())) {
                // Another thread closed it just now.
                checkOpen();
            }
            throw error;
        }
    }

    private CompletableFuture<JsValue> submit(int what, Object... payload) {
        checkOpen();
        byte[] bytes = Wire.value(payload);
        CompletableFuture<JsValue> future = new CompletableFuture<>();
        long ticket = bridge.await(future);
        if (!Native.submit(bridge.number, what, bytes, ticket)) {
            // Another thread closed it just now.
            bridge.cancel(ticket);
            throw new IllegalStateException("the runtime is closed");
        }
        return future;
    }

    /** Closes runtimes that nobody can reach any more. */
    private static void closeForgotten() {
        for (Reference<?> found = FORGOTTEN.poll(); found != null; found = FORGOTTEN.poll()) {
            Trace trace = (Trace) found;
            if (TRACES.remove(trace)) {
                Native.close(trace.number);
            }
        }
    }

    /** How a runtime is made: within what it was built with, with less. */
    public static final class Builder {
        private final Map<String, Object> limits = new LinkedHashMap<>();
        private final Map<String, Object> denied = new LinkedHashMap<>();
        private final Map<String, Object> allowed = new LinkedHashMap<>();
        private String[] args = {};
        private File directory;
        private boolean bestEffort;
        private JsOutput output;
        private JsErrorListener listener;

        private Builder() {}

        /**
         * Sends the lines that scripts log somewhere.
         *
         * @param output where
         * @return this
         */
        public Builder output(JsOutput output) {
            this.output = Objects.requireNonNull(output, "output");
            return this;
        }

        /**
         * Hears of errors that nobody handled.
         *
         * @param listener who hears
         * @return this
         */
        public Builder onError(JsErrorListener listener) {
            this.listener = Objects.requireNonNull(listener, "listener");
            return this;
        }

        /**
         * Hands over the folder from which the relative paths of the runtime's permissions and mounts are taken, and those of scripts:
         * {@code context.getFilesDir()}. A runtime that has such paths cannot be made without.
         *
         * @param directory the folder, which exists
         * @return this
         */
        public Builder directory(File directory) {
            this.directory = Objects.requireNonNull(directory, "directory");
            return this;
        }

        /**
         * What {@code import.meta.args} of the main module says.
         *
         * @param args the arguments
         * @return this
         */
        public Builder args(String... args) {
            this.args = args.clone();
            return this;
        }

        /**
         * Takes a permission away. What is denied stays denied, whatever is allowed.
         *
         * @param kind {@code read}, {@code write}, {@code env}, {@code net} or {@code sys}
         * @param entries what of it: paths, hosts, names; none: all
         * @return this
         */
        public Builder deny(String kind, String... entries) {
            denied.put(Objects.requireNonNull(kind, "kind"), entries.clone());
            return this;
        }

        /**
         * Keeps of a permission only what is named, each of which must be allowed already.
         *
         * @param kind {@code read}, {@code write}, {@code env}, {@code net} or {@code sys}
         * @param entries what is kept of it
         * @return this
         */
        public Builder allow(String kind, String... entries) {
            allowed.put(Objects.requireNonNull(kind, "kind"), entries.clone());
            return this;
        }

        /**
         * Limits what scripts may hold.
         *
         * @param bytes the most bytes
         * @return this
         */
        public Builder memoryLimit(long bytes) {
            return limit("memory", bytes);
        }

        /**
         * Limits the time that scripts compute; waiting does not count.
         *
         * @param millis the most milliseconds
         * @return this
         */
        public Builder cpuLimit(long millis) {
            return limit("cpu", millis);
        }

        /**
         * Limits the time from start to end.
         *
         * @param millis the most milliseconds
         * @return this
         */
        public Builder wallLimit(long millis) {
            return limit("wall", millis);
        }

        /**
         * Limits the stack of scripts.
         *
         * @param bytes the most bytes
         * @return this
         */
        public Builder stackLimit(long bytes) {
            return limit("stack", bytes);
        }

        /**
         * Limits how many timers are pending at once.
         *
         * @param count the most timers
         * @return this
         */
        public Builder timerLimit(long count) {
            return limit("timers", count);
        }

        /**
         * Makes the runtime even when its engine cannot keep a limit everywhere; it is kept as far as it can.
         *
         * @return this
         */
        public Builder bestEffort() {
            this.bestEffort = true;
            return this;
        }

        /**
         * Makes the runtime, and waits for its thread to be ready.
         *
         * @return the runtime
         * @throws JsException when it cannot be made: a permission that is unknown or wider than the runtime's, a limit that its engine does
         *     not keep, a folder that is missing
         */
        public JsRuntime build() {
            closeForgotten();
            Bridge bridge = new Bridge(NUMBERS.incrementAndGet(), output, listener);
            Map<String, Object> options = new LinkedHashMap<>();
            options.put("output", output != null);
            options.put("directory", directory == null ? null : directory.getPath());
            options.put("args", Arrays.asList(args));
            options.put("deny", denied);
            options.put("allow", allowed);
            options.put("limits", limits);
            options.put("bestEffort", bestEffort);
            Wire.readAnswer(Native.create(bridge.number, bridge, Wire.value(options)), bridge);
            return new JsRuntime(bridge);
        }

        private Builder limit(String key, long value) {
            if (value < 0) {
                throw new IllegalArgumentException("the limit " + key + " is " + value + ": it cannot be below 0");
            }
            limits.put(key, value);
            return this;
        }
    }
}
