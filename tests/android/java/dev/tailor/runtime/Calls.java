// Scripts that are evaluated, functions that they call, and where their lines go.

package dev.tailor.runtime;

import static dev.tailor.runtime.Case.PATIENCE;
import static dev.tailor.runtime.Case.equal;
import static dev.tailor.runtime.Case.fails;
import static dev.tailor.runtime.Case.refused;
import static dev.tailor.runtime.Case.that;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

final class Calls {
    private Calls() {}

    static void scriptsShareTheirGlobals() {
        try (JsRuntime runtime = Main.made(); JsRuntime other = JsRuntime.builder().directory(Main.folder()).build()) {
            runtime.eval("var kept = 1");
            equal(2.0, runtime.eval("kept + 1").toJava());
            equal("undefined", other.eval("typeof kept").toJava());
        }
    }

    static void aPromiseIsWaitedFor() throws Exception {
        try (JsRuntime runtime = Main.made()) {
            equal("later", runtime.eval("new Promise(done => setTimeout(done, 5, 'later'))").toJava());
            CompletableFuture<JsValue> future = runtime.evalAsync("Promise.resolve(1).then(n => n + 1)");
            equal(2.0, future.get(PATIENCE, TimeUnit.SECONDS).toJava());
        }
    }

    static void evalAsyncDoesNotWait() throws Exception {
        try (JsRuntime runtime = Main.made()) {
            CountDownLatch go = new CountDownLatch(1);
            runtime.register("wait", args -> go.await(PATIENCE, TimeUnit.SECONDS));
            // The first holds the runtime's thread until all three have been given.
            CompletableFuture<JsValue> first = runtime.evalAsync("wait()");
            CompletableFuture<JsValue> second = runtime.evalAsync("var order = ['second']; order.length");
            CompletableFuture<JsValue> third = runtime.evalAsync("order.push('third')");
            that(!first.isDone() && !second.isDone() && !third.isDone(), "nothing is done yet");
            go.countDown();
            equal(2.0, third.get(PATIENCE, TimeUnit.SECONDS).toJava());
            equal(true, first.getNow(JsValue.NULL).toJava());
        }
    }

    static void functionsOfTheHost() {
        try (JsRuntime runtime = Main.made()) {
            runtime.register("add", args -> args.get(0).asDouble() + args.get(1).asDouble());
            equal(3.0, runtime.eval("add(1, 2)").toJava());
            runtime.register("count", List::size);
            equal(Arrays.asList(0.0, 3.0), runtime.eval("[count(), count(1, undefined, null)]").toJava());
            runtime.register("add", args -> "replaced");
            equal("replaced", runtime.eval("add(1, 2)").toJava());
            equal("function", runtime.eval("typeof add").toJava());
            equal(false, runtime.eval("Object.keys(globalThis).includes('add')").toJava());
            runtime.register("nothing", args -> null);
            that(runtime.eval("nothing()").isNull(), "null is null");
        }
    }

    static void aFutureIsAPromise() throws Exception {
        try (JsRuntime runtime = Main.made()) {
            CompletableFuture<Object> later = new CompletableFuture<>();
            runtime.register("later", args -> later);
            CompletableFuture<JsValue> sum = runtime.evalAsync("(async () => [await later(), await later()])()");
            that(!sum.isDone(), "it waits");
            new Thread(() -> later.complete(Collections.singletonMap("n", 7))).start();
            equal(7.0, sum.get(PATIENCE, TimeUnit.SECONDS).get(1).get("n").toJava());
            runtime.register("now", args -> CompletableFuture.completedFuture("now"));
            equal("now", runtime.eval("now()").toJava());
            equal(true, runtime.eval("now() instanceof Promise").toJava());
        }
    }

    static void whatFollowsAFutureMayCallAgain() throws Exception {
        try (JsRuntime runtime = Main.made()) {
            CompletableFuture<JsValue> chain =
                    runtime.evalAsync("1").thenCompose(one -> runtime.evalAsync(one + " + 1"));
            equal(2.0, chain.get(PATIENCE, TimeUnit.SECONDS).toJava());
            runtime.register("again", args -> runtime.evalAsync("20 + 1"));
            equal(21.0, runtime.eval("again()").toJava());
        }
    }

    static void waitingForOneselfIsRefused() throws Exception {
        try (JsRuntime runtime = Main.made()) {
            runtime.register("again", args -> runtime.eval("1"));
            fails("Error", "method whose name ends in Async", () -> runtime.eval("again()"));
            runtime.register("define", args -> {
                runtime.register("late", List::size);
                return null;
            });
            fails("Error", "own thread", () -> runtime.eval("define()"));
            runtime.register("end", args -> runtime.awaitTermination(1, TimeUnit.SECONDS));
            fails("Error", "own thread", () -> runtime.eval("end()"));
            AtomicReference<Throwable> got = new AtomicReference<>();
            runtime.register("hold", args -> null);
            CompletableFuture<Void> told = runtime.evalAsync("hold()").thenAccept(value -> {
                try {
                    runtime.eval("1");
                } catch (IllegalStateException refused) {
                    got.set(refused);
                }
            });
            told.get(PATIENCE, TimeUnit.SECONDS);
            // It may have been done before it was followed: then it is this thread that followed it.
            that(got.get() != null || runtime.eval("1").asInt() == 1, "either is right");
        }
    }

    static void linesGoToTheOutput() {
        List<String> lines = Collections.synchronizedList(new ArrayList<>());
        JsRuntime.Builder builder = JsRuntime.builder().directory(Main.folder());
        try (JsRuntime runtime = builder.output((stream, text) -> lines.add(stream + " " + text)).build()) {
            runtime.eval("console.log('a', [1]); console.error('é'); console.log('b\\nc')");
            equal(Arrays.asList("OUT a [ 1 ]\n", "ERR é\n", "OUT b\nc\n"), lines);
        }
        builder.output((stream, text) -> {
            throw new IllegalStateException("full");
        });
        try (JsRuntime runtime = builder.build()) {
            JsException lost = fails("Error", "cannot write", () -> runtime.eval("console.log('lost')"));
            that(lost.getCause().getMessage().contains("full"), lost.getCause().toString());
            equal(1.0, runtime.eval("try { console.log('lost') } catch { 1 }").toJava());
        }
    }

    static void argumentsThatAreNone() {
        try (JsRuntime runtime = Main.made()) {
            refused(NullPointerException.class, "code", () -> runtime.eval(null));
            refused(NullPointerException.class, "code", () -> runtime.evalAsync(null));
            refused(NullPointerException.class, "function", () -> runtime.register("f", null));
            refused(IllegalArgumentException.class, "needs a name", () -> runtime.register("", List::size));
            refused(NullPointerException.class, "path", () -> runtime.runModule("1", null));
            refused(NullPointerException.class, "path", () -> runtime.addFile(null, ""));
            runtime.eval("Object.defineProperty(globalThis, 'taken', { value: 1 })");
            fails("TypeError", "", () -> runtime.register("taken", List::size));
            equal(1.0, runtime.eval("taken").toJava());
        }
    }
}
