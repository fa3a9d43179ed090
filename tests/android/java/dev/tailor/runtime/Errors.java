// Errors, both ways.

package dev.tailor.runtime;

import static dev.tailor.runtime.Case.PATIENCE;
import static dev.tailor.runtime.Case.end;
import static dev.tailor.runtime.Case.equal;
import static dev.tailor.runtime.Case.fails;
import static dev.tailor.runtime.Case.that;
import static dev.tailor.runtime.Case.thrown;

import java.util.Arrays;
import java.util.Collections;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

final class Errors {
    private Errors() {}

    /** An exception of the host's own. */
    static final class Full extends Exception {
        private static final long serialVersionUID = 1L;

        Full(String message) {
            super(message);
        }
    }

    static void whatAScriptThrows() {
        try (JsRuntime runtime = Main.made()) {
            JsException error = fails("TypeError", "wrong", () -> runtime.eval(
                    "function deep() { const e = new TypeError('wrong', { cause: new RangeError('why') }); e.code = 'ERR_X'; throw e }\n"
                            + "deep()"));
            equal("ERR_X", error.getCode());
            that(error.getJsStack().contains("deep"), error.getJsStack());
            that(error.toString().contains("TypeError: wrong") && error.toString().contains("deep"), error.toString());
            JsException cause = (JsException) error.getCause();
            equal("RangeError", cause.getName());
            equal("why", cause.getMessage());
            equal(null, cause.getCode());
            fails("SyntaxError", "", () -> runtime.eval("let ="));
            fails("Error", "just text", () -> runtime.eval("throw 'just text'"));
            fails("Error", "late", () -> runtime.eval("Promise.reject(new Error('late'))"));
            // No getter runs to show an error.
            fails("Error", "", () -> runtime.eval("const e = new Error(); Object.defineProperty(e, 'message', { get() { touched = 1 } }); throw e"));
            equal("undefined", runtime.eval("typeof touched").toJava());
        }
    }

    static void noScriptMakesAnErrorOfTheRuntime() throws Exception {
        String forged = "Object.assign(new Error('fake'), { name: 'RuntimeError', code: 'ERR_STOPPED' })";
        BlockingQueue<JsException> heard = new LinkedBlockingQueue<>();
        try (JsRuntime runtime = JsRuntime.builder().directory(Main.folder()).onError(heard::add).build()) {
            JsException error = fails("RuntimeError", "fake", () -> runtime.eval("throw " + forged));
            that(!(error instanceof JsRuntimeException), "a script threw it");
            equal(null, error.getCode());
            that(!(runtime.eval(forged).asError() instanceof JsRuntimeException), "a script made it");
            Throwable cause = fails("Error", "outer", () -> runtime.eval("throw new Error('outer', { cause: " + forged + " })")).getCause();
            that(!(cause instanceof JsRuntimeException), "a script made it");
            runtime.eval("setTimeout(() => { throw " + forged + " }, 0); 1");
            that(!(heard.poll(PATIENCE, TimeUnit.SECONDS) instanceof JsRuntimeException), "a script threw it");
            equal(2.0, runtime.eval("1 + 1").toJava());
        }
        JsRuntime closed = Main.made();
        CompletableFuture<JsValue> waiting = closed.evalAsync("new Promise(() => setTimeout(() => {}, 1e6))");
        closed.close();
        ExecutionException stopped = thrown(ExecutionException.class, () -> waiting.get(PATIENCE, TimeUnit.SECONDS));
        that(stopped.getCause() instanceof JsRuntimeException, String.valueOf(stopped.getCause()));
    }

    static void whatTheHostThrowsMayDoAnything() {
        class Odd extends RuntimeException {
            private static final long serialVersionUID = 1L;

            @Override
            public String getMessage() {
                throw new IllegalStateException("not even a message");
            }

            @Override
            public synchronized Throwable getCause() {
                return this;
            }
        }
        try (JsRuntime runtime = Main.made()) {
            Odd odd = new Odd();
            runtime.register("fail", args -> {
                throw odd;
            });
            runtime.register("give", args -> odd);
            that(fails("Error", "Odd", () -> runtime.eval("fail()")).getCause() == odd, "it comes back");
            equal("Odd", runtime.eval("give().message").toJava());
            equal(2.0, runtime.eval("1 + 1").toJava());
        }
    }

    static void aFutureFails() throws Exception {
        try (JsRuntime runtime = Main.made()) {
            CompletableFuture<JsValue> future = runtime.evalAsync("throw new RangeError('far')");
            ExecutionException failed = thrown(ExecutionException.class, () -> future.get(PATIENCE, TimeUnit.SECONDS));
            equal("RangeError", ((JsException) failed.getCause()).getName());
        }
    }

    static void aPromiseThatNobodyCanSettle() {
        try (JsRuntime runtime = Main.made()) {
            // An engine that counts references knows at once; another one would when it collects, or is closed.
            runtime.evalAsync("new Promise(() => {})").whenComplete((value, error) -> {
                that(value == null && error instanceof JsException, "there is no value");
            });
            equal(2.0, runtime.eval("1 + 1").toJava());
        }
    }

    static void whatTheHostThrows() {
        try (JsRuntime runtime = Main.made()) {
            Full full = new Full("no room");
            runtime.register("put", args -> {
                throw full;
            });
            equal(
                    Arrays.asList(true, "Error", "no room", true, "dev.tailor.runtime.Errors$Full", "no room"),
                    runtime.eval("try { put() } catch (e) { [e instanceof Error, e.name, e.message, e.cause instanceof Error, e.cause.name, e.cause.message] }")
                            .toJava());
            // It comes back as it was thrown, with the stack that it had.
            that(fails("Error", "no room", () -> runtime.eval("put()")).getCause() == full, "it is the cause");
            JsException wrapped = fails("Error", "outer", () -> runtime.eval("try { put() } catch (e) { throw new Error('outer', { cause: e }) }"));
            that(wrapped.getCause().getCause() == full, "it is the cause of the cause");
            that(fails("dev.tailor.runtime.Errors$Full", "no room", () -> runtime.eval("try { put() } catch (e) { throw e.cause }")).getCause() == full, "alone, too");
            that(fails("Error", "no room", () -> runtime.eval("(async () => { await 1; put() })()")).getCause() == full, "later, too");
            StackTraceElement[] stack = full.getStackTrace();
            equal("whatTheHostThrows", stack[0].getMethodName());
            // What a script keeps, Java keeps as well; what it lets go, goes.
            runtime.eval("var kept; try { put() } catch (e) { kept = e }");
            that(fails("Error", "no room", () -> runtime.eval("throw kept")).getCause() == full, "it was kept");
            // Whatever shows an error does not show how it is held.
            equal(Collections.emptyList(), runtime.eval("Object.keys(kept.cause)").toJava());
        }
    }

    static void whatTheHostThrowsForScripts() {
        try (JsRuntime runtime = Main.made()) {
            runtime.register("check", args -> {
                throw new JsException("TypeError", "must be a string", "ERR_ARG");
            });
            equal(
                    Arrays.asList(true, "must be a string", "ERR_ARG"),
                    runtime.eval("try { check() } catch (e) { [e instanceof TypeError, e.message, e.code] }").toJava());
            JsException error = fails("TypeError", "must be a string", () -> runtime.eval("check()"));
            equal("ERR_ARG", error.getCode());
            equal("whatTheHostThrowsForScripts", error.getCause().getStackTrace()[0].getMethodName().replaceAll("^lambda\\$|\\$.*$", ""));
        }
    }

    static void errorsOfJavaAreErrors() {
        try (JsRuntime runtime = Main.made()) {
            runtime.register("fail", args -> {
                throw new StackOverflowError();
            });
            that(fails("Error", "StackOverflowError", () -> runtime.eval("fail()")).getCause() instanceof StackOverflowError, "any Throwable");
            runtime.register("odd", args -> new Object());
            JsException odd = fails("Error", "java.lang.Object cannot cross", () -> runtime.eval("odd()"));
            that(odd.getCause() instanceof IllegalArgumentException, "what has no form");
            runtime.register("first", args -> args.get(0).asString());
            that(fails("Error", "", () -> runtime.eval("first()")).getCause() instanceof IndexOutOfBoundsException, "an argument is missing");
            fails("Error", "number, not string: 1", () -> runtime.eval("first(1)"));
            equal(2.0, runtime.eval("1 + 1").toJava());
        }
    }

    static void aFutureOfTheHostFails() {
        try (JsRuntime runtime = Main.made()) {
            Full full = new Full("later");
            CompletableFuture<Object> failed = new CompletableFuture<>();
            failed.completeExceptionally(full);
            runtime.register("fetch", args -> failed);
            runtime.register("chained", args -> failed.thenApply(value -> value));
            runtime.register("odd", args -> CompletableFuture.completedFuture(new Object()));
            equal("later", runtime.eval("fetch().catch(e => e.message)").toJava());
            that(fails("Error", "later", () -> runtime.eval("fetch()")).getCause() == full, "it is the cause");
            that(fails("Error", "later", () -> runtime.eval("chained()")).getCause() == full, "without its wrapping");
            fails("Error", "cannot cross", () -> runtime.eval("odd()"));
        }
    }

    static void errorsThatNobodyHandles() throws Exception {
        BlockingQueue<JsException> heard = new LinkedBlockingQueue<>();
        JsRuntime runtime = JsRuntime.builder().directory(Main.folder()).onError(heard::add).build();
        runtime.eval("setTimeout(() => { throw new RangeError('timer') })");
        JsException error = heard.poll(PATIENCE, TimeUnit.SECONDS);
        equal("RangeError", error.getName());
        runtime.eval("Promise.reject(new TypeError('reason')), 1");
        equal("reason", heard.poll(PATIENCE, TimeUnit.SECONDS).getMessage());
        equal(2.0, runtime.eval("1 + 1").toJava());
        end(runtime);
        that(heard.isEmpty(), "to close it is no error");
    }

    static void aListenerThatThrowsEndsNothing() throws Exception {
        CompletableFuture<Void> heard = new CompletableFuture<>();
        JsErrorListener listener = error -> {
            heard.complete(null);
            throw new IllegalStateException("a listener that throws, for a test");
        };
        try (JsRuntime runtime = JsRuntime.builder().directory(Main.folder()).onError(listener).build()) {
            runtime.eval("setTimeout(() => { throw 1 })");
            heard.get(PATIENCE, TimeUnit.SECONDS);
            equal(2.0, runtime.eval("1 + 1").toJava());
        }
    }

    static void aPanicIsAnException() throws Exception {
        try (JsRuntime runtime = JsRuntime.builder().directory(Main.folder()).onError(error -> {}).build()) {
            JsException error = thrown(JsException.class, () -> runtime.eval("explode()"));
            equal("ERR_NATIVE_PANIC", error.getCode());
            that(error.getMessage().contains("boom"), error.toString());
            // It is an error of the script: one that catches it goes on, and so does the runtime.
            equal("ERR_NATIVE_PANIC", runtime.eval("try { explode() } catch (error) { error.code }").toJava());
            that(!runtime.isClosed(), "the runtime goes on");
            equal(2.0, runtime.eval("1 + 1").toJava());
        }
    }
}
