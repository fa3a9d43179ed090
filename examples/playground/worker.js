// Runs one script, away from the page: a worker can be ended at any time.

import { Runtime } from "./dist/playground/wasm/web/index.js";

addEventListener("message", async ({ data: code }) => {
  const say = (kind) => (text) => postMessage({ kind, text });
  const started = performance.now();
  try {
    const runtime = await Runtime.create({
      stdout: say("out"),
      stderr: say("err"),
      onError: (_, report) => say("err")(report),
    });
    await runtime.runModule(code, "script.js");
    postMessage({ kind: "done", text: `done in ${Math.round(performance.now() - started)} ms` });
  } catch (error) {
    say("err")(shown(error));
    postMessage({ kind: "done", text: "failed" });
  }
});

/** An error as its runtime tells it. */
function shown(error) {
  if (!(error instanceof Error)) return `Uncaught ${String(error)}`;
  const title = `${error.name}: ${error.message}`;
  const stack = error.stack ?? "";
  return stack.includes(error.message) ? stack : `${title}\n${stack}`;
}
