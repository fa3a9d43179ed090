// The page: an editor, an output, and a worker for each run.

import { SCRIPTS } from "./scripts.js";

const [editor, output, status, run, stop, clear, examples] = ["editor", "output", "status", "run", "stop", "clear", "examples"].map((id) =>
  document.getElementById(id),
);

/** The worker of the last run: timers of its script may still be pending. */
let worker;

function say(kind, text) {
  const isAtEnd = output.scrollTop + output.clientHeight >= output.scrollHeight - 8;
  const line = document.createElement("p");
  line.className = kind;
  line.textContent = text;
  output.append(line);
  if (isAtEnd) output.scrollTop = output.scrollHeight;
}

function finish(text) {
  status.textContent = text;
  run.disabled = false;
}

function end(text) {
  worker?.terminate();
  worker = undefined;
  stop.disabled = true;
  finish(text);
}

function start() {
  end("");
  output.replaceChildren();
  status.textContent = "running";
  stop.disabled = false;
  worker = new Worker(new URL("worker.js", import.meta.url), { type: "module" });
  worker.onmessage = ({ data: { kind, text } }) => (kind === "done" ? finish(text) : say(kind, text));
  worker.onerror = (event) => {
    say("err", event.message ?? "the runtime could not be loaded: build it with `cargo xtask build --spec examples/playground --target wasm`");
    end("failed");
  };
  worker.postMessage(editor.value);
}

for (const name of Object.keys(SCRIPTS)) examples.append(new Option(name));
examples.addEventListener("change", () => {
  editor.value = SCRIPTS[examples.value];
});
editor.value = SCRIPTS[examples.value];

run.addEventListener("click", start);
stop.addEventListener("click", () => end("stopped"));
clear.addEventListener("click", () => output.replaceChildren());
document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    start();
  } else if (event.key === "Escape" && worker) {
    end("stopped");
  }
});
