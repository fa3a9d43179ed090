// Measures the Java API, and prints nanoseconds: of a runtime made, used once and closed, of a small `eval`, of a call of a function of
// Java's by a script, and of a megabyte to Java and back. `templates/bench/jvm/native/main.rs` does the same without Java.

package dev.tailor.runtime;

/** What is measured. */
public final class Bench {
    private static final int ROUNDS = 7;
    private static final int RUNTIMES = 20;
    private static final int EVALS = 5_000;
    private static final int CALLS = 100_000;
    private static final int BYTES = 20;

    private Bench() {}

    private interface Work {
        void run();
    }

    /** The least of some rounds, after one that counts for nothing, for each of the things that a round does. */
    private static double least(int things, Work work) {
        work.run();
        long least = Long.MAX_VALUE;
        for (int round = 0; round < ROUNDS; round++) {
            long start = System.nanoTime();
            work.run();
            least = Math.min(least, System.nanoTime() - start);
        }
        return (double) least / things;
    }

    private static void same(double is, double expected) {
        if (is != expected) {
            throw new AssertionError(is + " instead of " + expected + ": what is measured does not work");
        }
    }

    /**
     * Measures.
     *
     * @param args nothing
     */
    public static void main(String[] args) {
        double creation = least(RUNTIMES, () -> {
            for (int made = 0; made < RUNTIMES; made++) {
                try (JsRuntime runtime = JsRuntime.create()) {
                    same(runtime.eval("1 + 1").asDouble(), 2);
                }
            }
        });
        try (JsRuntime runtime = JsRuntime.create()) {
            runtime.register("add", values -> values.get(0).asDouble() + values.get(1).asDouble());
            runtime.register("pass", values -> values.get(0));
            double eval = least(EVALS, () -> {
                for (int done = 0; done < EVALS; done++) {
                    same(runtime.eval("1 + 1").asDouble(), 2);
                }
            });
            String loop = "(() => { let sum = 0; for (let i = 0; i < " + CALLS + "; i++) sum = add(sum, 1); return sum })()";
            double call = least(CALLS, () -> same(runtime.eval(loop).asDouble(), CALLS));
            String pass = "(() => { globalThis.sent ??= new Uint8Array(1_000_000); let n = 0; for (let i = 0; i < " + BYTES
                    + "; i++) n += pass(sent).length; return n })()";
            double bytes = least(BYTES, () -> same(runtime.eval(pass).asDouble(), 1e6 * BYTES));
            System.out.println(creation + " " + eval + " " + call + " " + bytes);
        }
    }
}
