// What the builder takes away: permissions and limits.

package dev.tailor.runtime;

import static dev.tailor.runtime.Case.PATIENCE;
import static dev.tailor.runtime.Case.equal;
import static dev.tailor.runtime.Case.fails;
import static dev.tailor.runtime.Case.refused;
import static dev.tailor.runtime.Case.that;
import static dev.tailor.runtime.Case.thrown;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

final class Narrowed {
    private static final String READS = "import { readText } from 'runtime:fs'; await readText('./in.txt')";

    private Narrowed() {}

    private static JsRuntime.Builder builder() {
        return JsRuntime.builder().directory(Main.folder());
    }

    static void permissionsAreTakenAway() {
        try (JsRuntime runtime = builder().deny("read").build()) {
            fails("NotAllowed", "", () -> runtime.runModule(READS));
        }
        try (JsRuntime runtime = builder().deny("read", "./in.txt").build()) {
            fails("NotAllowed", "", () -> runtime.runModule(READS));
        }
        try (JsRuntime runtime = builder().allow("read", "./other").build()) {
            fails("NotAllowed", "", () -> runtime.runModule(READS));
        }
    }

    static void permissionsAreNotWidened() {
        fails("TypeError", "there is no permission `raed`; there are read", () -> builder().deny("raed").build());
        JsException wider = thrown(JsException.class, () -> builder().allow("write", "/etc").build());
        that(wider.getMessage().contains("/etc"), wider.toString());
        JsException malformed = thrown(JsException.class, () -> builder().allow("read", "").build());
        that(malformed.getMessage().contains("empty"), malformed.toString());
        refused(NullPointerException.class, "kind", () -> builder().deny(null));
    }

    static void aLimitOfTimeEndsTheRuntime() throws Exception {
        BlockingQueue<JsException> heard = new LinkedBlockingQueue<>();
        JsRuntime runtime = builder().wallLimit(50).bestEffort().onError(heard::add).build();
        // It waits, so every engine notices.
        JsException hit = thrown(JsException.class, () -> runtime.eval("new Promise(done => setTimeout(done, 1e6))"));
        equal("ERR_LIMIT", hit.getCode());
        that(hit.getMessage().contains("limits.wall"), hit.toString());
        that(runtime.awaitTermination(PATIENCE, TimeUnit.SECONDS), "it ends by itself");
        equal("ERR_LIMIT", thrown(JsException.class, () -> runtime.eval("1")).getCode());
        equal("ERR_LIMIT", heard.poll(PATIENCE, TimeUnit.SECONDS).getCode());
        runtime.close();
    }

    static void aLimitOfTimersIsAnError() {
        try (JsRuntime runtime = builder().timerLimit(2).build()) {
            fails("RangeError", "", () -> runtime.eval("for (let i = 0; i < 3; i++) setTimeout(() => {}, 1e6)"));
            equal(2.0, runtime.eval("1 + 1").toJava());
        }
    }

    static void aLimitThatIsNotKeptIsSaid() {
        boolean keeps;
        try (JsRuntime runtime = builder().build()) {
            keeps = runtime.eval("keeps('memory')").asBoolean();
        }
        if (keeps) {
            try (JsRuntime runtime = builder().memoryLimit(16 << 20).build()) {
                JsException hit = thrown(JsException.class, () -> runtime.eval("const kept = []; for (;;) kept.push(new Uint8Array(1 << 20).fill(1))"));
                equal("ERR_LIMIT", hit.getCode());
            }
        } else {
            JsException refused = fails("Error", "cannot be kept", () -> builder().memoryLimit(16 << 20).build());
            equal("ERR_LIMIT_NOT_KEPT", refused.getCode());
            builder().memoryLimit(16 << 20).bestEffort().build().close();
        }
    }

    static void limitsThatAreNone() {
        refused(IllegalArgumentException.class, "memory is -1", () -> builder().memoryLimit(-1));
        refused(IllegalArgumentException.class, "cpu is -1", () -> builder().cpuLimit(-1));
        refused(IllegalArgumentException.class, "stack is -1", () -> builder().stackLimit(-1));
        try (JsRuntime runtime = builder().memoryLimit(1L << 40).cpuLimit(Long.MAX_VALUE).stackLimit(1 << 20).bestEffort().build()) {
            equal(2.0, runtime.eval("1 + 1").toJava());
        }
    }
}
