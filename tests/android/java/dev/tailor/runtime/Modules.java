// Modules, files of the app, and the standard modules on this target.

package dev.tailor.runtime;

import static dev.tailor.runtime.Case.PATIENCE;
import static dev.tailor.runtime.Case.equal;
import static dev.tailor.runtime.Case.fails;
import static dev.tailor.runtime.Case.refused;
import static dev.tailor.runtime.Case.that;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;

final class Modules {
    private Modules() {}

    static void codeIsAModule() throws Exception {
        try (JsRuntime runtime = Main.made()) {
            JsValue exports = runtime.runModule("export const n = await Promise.resolve(3); export default 'd';");
            equal(3.0, exports.get("n").toJava());
            equal("d", exports.get("default").toJava());
            runtime.addFile("lib/half.js", "export const half = n => n / 2;");
            equal(2.0, runtime.runModule("import { half } from './lib/half.js'; export const two = half(4);", "a.js").get("two").toJava());
            equal(4.0, runtime.runModuleAsync("export const four = 4", "b.js").get(PATIENCE, TimeUnit.SECONDS).get("four").toJava());
            fails("Error", "no", () -> runtime.runModule("throw new Error('no')"));
            fails("SyntaxError", "", () -> runtime.runModule("export let ="));
            JsException missing = Case.thrown(JsException.class, () -> runtime.runModule("import './missing.js'"));
            that(missing.getMessage().contains("missing.js"), missing.toString());
        }
    }

    static void theAppInside() throws Exception {
        try (JsRuntime runtime = JsRuntime.builder().directory(Main.folder()).args("a", "b").build()) {
            JsValue exports = runtime.runFile();
            equal("inside", exports.get("said").toJava());
            equal(Arrays.asList("a", "b"), exports.get("args").toJava());
            equal("inside", runtime.runFile("lib/word.js").get("word").toJava());
            equal("inside", runtime.runFileAsync("lib/word.js").get(PATIENCE, TimeUnit.SECONDS).get("word").toJava());
            equal("inside", runtime.runFileAsync().get(PATIENCE, TimeUnit.SECONDS).get("said").toJava());
            JsException missing = Case.thrown(JsException.class, () -> runtime.runFile("missing.js"));
            that(missing.getMessage().contains("missing.js"), missing.toString());
        }
    }

    static void filesLieInTheFolder() throws Exception {
        File out = new File(Main.folder(), "out");
        that(out.mkdirs() || out.isDirectory(), "a folder for files");
        Files.write(new File(Main.folder(), "in.txt").toPath(), "text".getBytes(StandardCharsets.UTF_8));
        try (JsRuntime runtime = Main.made()) {
            runtime.runModule("import { readText, writeText } from 'runtime:fs';"
                    + "await writeText('./out/copy.txt', await readText('./in.txt') + '!');");
            equal("text!", new String(Files.readAllBytes(new File(out, "copy.txt").toPath()), StandardCharsets.UTF_8));
            JsException refused = fails("NotAllowed", "", () -> runtime.runModule("import { readText } from 'runtime:fs'; await readText('../secret')", "b.js"));
            equal("ERR_NOT_ALLOWED", refused.getCode());
            fails("NotAllowed", "", () -> runtime.runModule("import { writeText } from 'runtime:fs'; await writeText('./in.txt', '')", "c.js"));
        }
    }

    static void aFolderIsNeeded() {
        JsException missing = fails("Error", "no folder", () -> JsRuntime.create());
        equal("ERR_NO_DIRECTORY", missing.getCode());
        fails("Error", "cannot use", () -> JsRuntime.builder().directory(new File(Main.folder(), "missing")).build());
        refused(NullPointerException.class, "directory", () -> JsRuntime.builder().directory(null));
    }
}
