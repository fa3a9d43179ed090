// Long loops, which keep nothing: no local reference, no exception, no runtime.

package dev.tailor.runtime;

import static dev.tailor.runtime.Case.end;
import static dev.tailor.runtime.Case.equal;
import static dev.tailor.runtime.Case.that;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.Arrays;
import java.util.Collections;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

final class Loops {
    private Loops() {}

    /** What the process holds of memory, in kilobytes; 0 where the system does not say. */
    private static long resident() throws IOException {
        Path status = Paths.get("/proc/self/status");
        if (!Files.exists(status)) {
            return 0;
        }
        for (String line : Files.readAllLines(status, StandardCharsets.ISO_8859_1)) {
            if (line.startsWith("VmRSS:")) {
                return Long.parseLong(line.replaceAll("\\D", ""));
            }
        }
        return 0;
    }

    /** Runs the case once to warm up, and again: the second time must not take 48 MB more. */
    private static void growsNot(Case body) throws Throwable {
        body.run();
        System.gc();
        long before = resident();
        body.run();
        System.gc();
        long grown = resident() - before;
        that(grown < 48 << 10, grown + " KB more are held");
    }

    static void aHundredThousandCalls() throws Throwable {
        JsRuntime runtime = Main.made();
        runtime.register("echo", args -> args.get(0));
        String loop = "{ let last; for (let i = 0; i < 100000; i++) last = echo([i, 'text', { i }]); last[0] }";
        growsNot(() -> equal(99999.0, runtime.eval(loop).toJava()));
        end(runtime);
    }

    static void aHundredThousandEvals() throws Throwable {
        JsRuntime runtime = Main.made();
        growsNot(() -> {
            for (int at = 0; at < 100_000; at++) {
                runtime.eval("1 + 1");
            }
        });
        end(runtime);
    }

    static void twentyThousandExceptions() throws Throwable {
        JsRuntime runtime = Main.made();
        runtime.register("fail", args -> {
            throw new IllegalStateException("no");
        });
        growsNot(() -> equal(20000.0, runtime.eval("{ let n = 0; for (let i = 0; i < 20000; i++) try { fail() } catch (e) { n++ } n }").toJava()));
        // And what comes back to Java is let go of as well.
        for (int at = 0; at < 2000; at++) {
            Case.fails("Error", "no", () -> runtime.eval("fail()"));
        }
        // An engine collects when it sees fit; by now it has.
        that(runtime.exceptions() < 10_000, runtime.exceptions() + " exceptions are kept");
        end(runtime);
        equal(0, runtime.exceptions());
    }

    static void functionsThatAreReplaced() throws Throwable {
        JsRuntime runtime = Main.made();
        for (int at = 0; at < 10_000; at++) {
            int number = at;
            runtime.register("f", args -> number);
        }
        equal(9999.0, runtime.eval("f()").toJava());
        that(runtime.functions() < 10_000, "no function is forgotten");
        end(runtime);
        equal(0, runtime.functions());
    }

    static void promisesOfTheHost() throws Throwable {
        JsRuntime runtime = Main.made();
        runtime.register("later", args -> CompletableFuture.supplyAsync(() -> args.get(0)));
        growsNot(() -> equal(2000.0, runtime.eval("(async () => { let n = 0; for (let i = 0; i < 2000; i++) n += await later(1); return n })()").toJava()));
        end(runtime);
    }

    static void runtimesThatComeAndGo() throws Throwable {
        growsNot(() -> {
            for (int at = 0; at < 40; at++) {
                JsRuntime runtime = Main.made();
                runtime.register("f", args -> null);
                runtime.eval("f(); globalThis.kept = new Array(1000).fill('text')");
                end(runtime);
            }
        });
    }

    static void garbageOfJavaIsCollectedMeanwhile() throws Throwable {
        JsRuntime runtime = Main.made();
        runtime.register("litter", args -> {
            byte[][] garbage = new byte[64][];
            for (int at = 0; at < garbage.length; at++) {
                garbage[at] = new byte[16 << 10];
            }
            if (args.get(0).asInt() % 100 == 0) {
                System.gc();
            }
            return Arrays.asList(args.get(0), Collections.singletonMap("bytes", garbage[0]));
        });
        equal(499500.0, runtime.eval("{ let n = 0; for (let i = 0; i < 1000; i++) { const [j, { bytes }] = litter(i); if (bytes.length === 16384) n += j } n }").toJava());
        end(runtime);
    }

    static void aForgottenRuntimeIsClosed() throws Throwable {
        CountDownLatch end = forgotten();
        for (int round = 0; round < 1000 && end.getCount() > 0; round++) {
            System.gc();
            // The next one that is made closes it.
            Main.made().close();
            if (end.await(20, TimeUnit.MILLISECONDS)) {
                break;
            }
        }
        equal(0L, end.getCount());
    }

    private static CountDownLatch forgotten() {
        JsRuntime runtime = Main.made();
        runtime.eval("setInterval(() => {}, 1e6)");
        return runtime.ending();
    }
}
