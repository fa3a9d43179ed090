// The page: an editor, an output, and for each run a runtime in a worker of its own.

import { Output } from "./output.js";
import { SCRIPTS } from "./scripts.js";

const [editor, pane, status, run, stop, clear, examples] = ["editor", "output", "status", "run", "stop", "clear", "examples"].map((id) =>
  document.getElementById(id),
);

const PACKAGE = "./dist/playground/wasm/web/index.js";
const MISSING = "the runtime could not be loaded: build it with `cargo xtask build --spec examples/playground --target wasm`";

const output = new Output(pane);

/** The last run: timers of its script may still be pending. */
let last;

function finish(text) {
  output.flush();
  status.textContent = text;
  run.disabled = false;
}

function end(text) {
  last?.runtime?.dispose();
  last = undefined;
  stop.disabled = true;
  finish(text);
}

async function start() {
  end("");
  output.clear();
  status.textContent = "running";
  stop.disabled = false;
  const mine = {};
  last = mine;
  const started = performance.now();
  const code = editor.value;
  try {
    const runtime = await made();
    mine.runtime = runtime;
    // It may have been stopped meanwhile.
    if (last !== mine) return void runtime.dispose();
    await runtime.runModule(code, "script.js");
    if (last === mine) finish(`done in ${Math.round(performance.now() - started)} ms`);
  } catch (error) {
    if (last !== mine) return;
    output.print("err", shown(error));
    finish("failed");
  }
}

async function made() {
  const { Runtime } = await import(PACKAGE).catch((cause) => Promise.reject(new Error(MISSING, { cause })));
  return Runtime.create({
    worker: true,
    stdout: (text) => output.print("out", text),
    stderr: (text) => output.print("err", text),
    onError: (_, report) => output.print("err", report),
  });
}

/** An error as its runtime tells it. */
function shown(error) {
  const title = `${error.name}: ${error.message}`;
  const stack = error.stack ?? "";
  return stack.includes(error.message) ? stack : `${title}\n${stack}`;
}

for (const name of Object.keys(SCRIPTS)) examples.append(new Option(name));
examples.addEventListener("change", () => {
  editor.value = SCRIPTS[examples.value];
});
editor.value = SCRIPTS[examples.value];

run.addEventListener("click", start);
stop.addEventListener("click", () => end("stopped"));
clear.addEventListener("click", () => output.clear());
document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    start();
  } else if (event.key === "Escape" && last) {
    end("stopped");
  }
});
