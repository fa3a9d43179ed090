// From the first to the last moment of a runtime, in one thread and in many.

package dev.tailor.runtime;

import static dev.tailor.runtime.Case.PATIENCE;
import static dev.tailor.runtime.Case.end;
import static dev.tailor.runtime.Case.equal;
import static dev.tailor.runtime.Case.refused;
import static dev.tailor.runtime.Case.that;
import static dev.tailor.runtime.Case.thrown;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

final class Lives {
    private static final Class<IllegalStateException> CLOSED = IllegalStateException.class;

    private Lives() {}

    static void afterItWasClosed() throws Exception {
        JsRuntime runtime = Main.made();
        that(!runtime.isClosed(), "it lives");
        that(!runtime.awaitTermination(0, TimeUnit.SECONDS), "and its thread does");
        end(runtime);
        that(runtime.isClosed(), "it is closed");
        runtime.close();
        that(runtime.awaitTermination(0, TimeUnit.SECONDS), "closing it again does nothing");
        refused(CLOSED, "is closed", () -> runtime.eval("1"));
        refused(CLOSED, "is closed", () -> runtime.evalAsync("1"));
        refused(CLOSED, "is closed", () -> runtime.runModule("1"));
        refused(CLOSED, "is closed", () -> runtime.runModuleAsync("1", "a.js"));
        refused(CLOSED, "is closed", () -> runtime.runFile());
        refused(CLOSED, "is closed", () -> runtime.runFileAsync());
        refused(CLOSED, "is closed", () -> runtime.addFile("a.js", ""));
        refused(CLOSED, "is closed", () -> runtime.register("f", List::size));
    }

    static void closedInTheMiddleOfALoop() throws Throwable {
        JsRuntime runtime = Main.made();
        CountDownLatch running = new CountDownLatch(1);
        runtime.register("begun", args -> {
            running.countDown();
            return null;
        });
        // Where the engine cannot be interrupted, it is asked at every call of the host's.
        String turn = runtime.eval("interrupts()").asBoolean() ? "" : "begun()";
        CompletableFuture<JsValue> looping = runtime.evalAsync("begun(); for (;;) { try { for (;;) { " + turn + " } } catch {} }");
        CompletableFuture<JsValue> behind = runtime.evalAsync("1");
        Case.Threads threads = new Case.Threads();
        that(running.await(PATIENCE, TimeUnit.SECONDS), "it runs");
        threads.start(() -> {
            // It may come before the end or after it.
            try {
                runtime.eval("2");
                throw new AssertionError("nothing runs behind an endless loop");
            } catch (JsException stopped) {
                equal("ERR_STOPPED", stopped.getCode());
            } catch (IllegalStateException closed) {
                equal("the runtime is closed", closed.getMessage());
            }
        });
        end(runtime);
        for (CompletableFuture<JsValue> future : Arrays.asList(looping, behind)) {
            ExecutionException failed = thrown(ExecutionException.class, () -> future.get(PATIENCE, TimeUnit.SECONDS));
            equal("ERR_STOPPED", ((JsException) failed.getCause()).getCode());
        }
        threads.join();
    }

    static void closedByItsOwnFunction() throws Exception {
        JsRuntime runtime = Main.made();
        runtime.register("quit", args -> {
            runtime.close();
            return null;
        });
        JsException stopped = thrown(JsException.class, () -> runtime.eval("quit(); for (;;) quit()"));
        equal("ERR_STOPPED", stopped.getCode());
        that(runtime.awaitTermination(PATIENCE, TimeUnit.SECONDS), "it ends");
    }

    static void closedWhileSomethingIsPending() throws Exception {
        JsRuntime runtime = Main.made();
        CompletableFuture<Object> never = new CompletableFuture<>();
        runtime.register("never", args -> never);
        CompletableFuture<JsValue> waiting = runtime.evalAsync("never()");
        CompletableFuture<JsValue> timed = runtime.evalAsync("new Promise(done => setTimeout(done, 1e8))");
        equal(1.0, runtime.eval("1").toJava());
        end(runtime);
        for (CompletableFuture<JsValue> future : Arrays.asList(waiting, timed)) {
            ExecutionException failed = thrown(ExecutionException.class, () -> future.get(PATIENCE, TimeUnit.SECONDS));
            equal("ERR_STOPPED", ((JsException) failed.getCause()).getCode());
        }
        // Settled too late, it reaches nobody.
        never.complete(1);
    }

    static void eightRuntimesInEightThreads() throws Throwable {
        Case.Threads threads = new Case.Threads();
        for (int at = 0; at < 8; at++) {
            int number = at;
            threads.start(() -> {
                for (int round = 0; round < 5; round++) {
                    JsRuntime runtime = Main.made();
                    runtime.register("number", args -> number);
                    runtime.eval("var sum = 0");
                    for (int turn = 0; turn < 100; turn++) {
                        runtime.eval("sum += number()");
                    }
                    equal(100.0 * number, runtime.eval("sum").toJava());
                    end(runtime);
                }
            });
        }
        threads.join();
    }

    static void oneRuntimeFromEightThreads() throws Throwable {
        JsRuntime runtime = Main.made();
        runtime.eval("var count = 0");
        AtomicInteger calls = new AtomicInteger();
        Set<Thread> on = new HashSet<>();
        runtime.register("called", args -> {
            // One thread at a time, so nothing is guarded.
            on.add(Thread.currentThread());
            return calls.incrementAndGet();
        });
        Case.Threads threads = new Case.Threads();
        for (int at = 0; at < 8; at++) {
            int number = at;
            threads.start(() -> {
                List<CompletableFuture<JsValue>> futures = new ArrayList<>();
                for (int turn = 0; turn < 100; turn++) {
                    runtime.eval("count++; called()");
                    futures.add(runtime.evalAsync("count++; called()"));
                    equal((double) number, runtime.eval("(" + number + ")").toJava());
                    runtime.register("own" + number, args -> number);
                    equal((double) number, runtime.eval("own" + number + "()").toJava());
                }
                for (CompletableFuture<JsValue> future : futures) {
                    future.get(PATIENCE, TimeUnit.SECONDS);
                }
            });
        }
        threads.join();
        equal(1600.0, runtime.eval("count").toJava());
        equal(1600, calls.get());
        equal(1, on.size());
        end(runtime);
    }

    static void closedFromEightThreadsThatUseIt() throws Throwable {
        for (int round = 0; round < 20; round++) {
            JsRuntime runtime = Main.made();
            runtime.register("one", args -> 1);
            Case.Threads threads = new Case.Threads();
            CountDownLatch used = new CountDownLatch(4);
            for (int at = 0; at < 8; at++) {
                int number = at;
                threads.start(() -> {
                    try {
                        for (int turn = 0; ; turn++) {
                            equal(1.0, (number % 2 == 0 ? runtime.eval("one()") : runtime.evalAsync("one()").get(PATIENCE, TimeUnit.SECONDS)).toJava());
                            if (turn == 3) {
                                used.countDown();
                            }
                        }
                    } catch (IllegalStateException closed) {
                        equal("the runtime is closed", closed.getMessage());
                    } catch (JsException stopped) {
                        equal("ERR_STOPPED", stopped.getCode());
                    } catch (ExecutionException stopped) {
                        equal("ERR_STOPPED", ((JsException) stopped.getCause()).getCode());
                    }
                });
            }
            that(used.await(PATIENCE, TimeUnit.SECONDS), "it is used");
            end(runtime);
            threads.join();
        }
    }
}
