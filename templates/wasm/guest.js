// The inside of a worker: one runtime, driven by messages of `worker.js`.

import { packed, packedThrown, unpacked } from "./plain.js";
import { runtimeOf } from "./runtime.js";

/** How many calls of host functions may wait for their answers, and how many bytes may wait outside to be taken. */
const MOST_CALLS = 10_000;
const MOST_BYTES = 64 << 20;

/** Lines of the console are posted one by one; beyond so many within such a time, in milliseconds, several at once. */
const LINES = 100;
const SPAN = 50;

/** Calls of the outside, by name. */
const METHODS = {
  eval: (runtime, code) => runtime.eval(code),
  evalAsync: (runtime, code) => runtime.evalAsync(code),
  runModule: (runtime, code, path) => runtime.runModule(code, path),
  runFile: (runtime, path) => runtime.runFile(path),
  addFile: (runtime, path, text) => runtime.addFile(path, text),
};

/** Serves one runtime over a channel: `post` sends a message outside, `listen` takes a function that hears of each from there. */
export function serve({ post, listen }, parts) {
  let runtime;
  // When this turn of the worker's loop began to work.
  let since;
  // The timers of the runtime that are set.
  let timers;
  // Messages that were taken.
  let taken = 0;
  // Calls of the outside that wait for an answer.
  const waiting = new Map();
  let last = 0;
  // Bytes that the outside has not taken yet.
  let owed = 0;

  /** The outside knows since when the worker is busy, and when a turn of its loop is over. */
  const enter = (set = timers) => {
    timers = set;
    if (since !== undefined) return;
    since = performance.now();
    post({ kind: "busy" });
    afterTurn(() => {
      const millis = performance.now() - since;
      since = undefined;
      send({ kind: "idle", millis, taken, waits: timers?.size > 0 });
    });
  };

  /** Posts a message after the lines that were printed before; it says when the runtime is over. */
  const send = (message) => {
    lines.flush();
    post(runtime?.isDisposed ? { ...message, over: packedThrown(reason(runtime)) } : message);
  };

  const owe = (bytes) => {
    if (owed + bytes > MOST_BYTES) throw coded(new RangeError(`the host has not taken ${MOST_BYTES} bytes of this script yet; wait for something`), "ERR_TOO_MUCH_PENDING");
    owed += bytes;
  };

  const lines = linesTo(post, owe);

  /** Asks the outside for something; a promise of its answer. */
  const ask = (kind, about, values, size = 0) =>
    new Promise((resolve, reject) => {
      last += 1;
      waiting.set(last, { resolve, reject, size });
      send({ kind, id: last, about, values });
    });

  /** A function for scripts, which calls one of the host's. */
  const host = (id) => (...args) => {
    if (waiting.size >= MOST_CALLS) throw coded(new RangeError(`${MOST_CALLS} calls of host functions wait for their answers; wait for some`), "ERR_TOO_MUCH_PENDING");
    const packs = args.map((arg) => packed(arg));
    const size = packs.reduce((sum, [, size]) => sum + size, 0);
    owe(size);
    return ask("host", id, packs.map(([value]) => value), size).then(unpacked);
  };

  const methods = {
    ...METHODS,
    register: (runtime, name, id) => runtime.register(name, host(id)),
  };

  const HEARD = {
    async start({ module, options, hasStore }) {
      const store = hasStore && { load: () => ask("store", "load", []), save: (change) => ask("store", "save", [change]) };
      const Runtime = runtimeOf(async () => module, parts, { entered: enter });
      try {
        runtime = await Runtime.create({
          ...options,
          ...(store && { fs: { store, tree: options.fs } }),
          stdout: (text) => lines.print("stdout", text),
          stderr: (text) => lines.print("stderr", text),
          onError: (error, report) => send({ kind: "error", error: packedThrown(error), report }),
        });
        send({ kind: "ready" });
      } catch (error) {
        send({ kind: "failed", error: packedThrown(error) });
      }
    },
    async call({ id, name, args }) {
      try {
        const made = methods[name](runtime, ...args);
        // What is there at once is posted at once: a timer may be due that takes long.
        const value = made instanceof Promise ? await made : made;
        send({ kind: "result", id, value: packed(value)[0] });
      } catch (error) {
        send({ kind: "result", id, error: packedThrown(error), isError: true });
      }
    },
    /** What a method of `runtime.fs` gives is posted as it is. */
    async files({ id, name, args }) {
      try {
        send({ kind: "files", id, value: await runtime.fs[name](...args) });
      } catch (error) {
        send({ kind: "files", id, error: packedThrown(error), isError: true });
      }
    },
    answer({ id, value, error, isError }) {
      const call = waiting.get(id);
      waiting.delete(id);
      owed -= call.size;
      if (isError) call.reject(unpacked(error));
      else call.resolve(value);
    },
    /** The outside has taken lines of so many bytes. */
    printed({ size }) {
      owed -= size;
    },
    /** Saves what changed, as the page is hidden. */
    save() {
      runtime.fs.flush().catch((error) => send({ kind: "error", error: packedThrown(error), report: `Error: ${error.message}` }));
    },
    /** Ends the runtime and saves what it leaves. */
    async close() {
      runtime.dispose();
      post({ kind: "closing" });
      const error = await runtime.fs.flush().then(() => undefined, packedThrown);
      post({ kind: "closed", error });
    },
  };

  listen((message) => {
    taken += 1;
    enter();
    HEARD[message.kind](message);
  });
}

/** Where lines of the console go: at once, unless they are very many. */
function linesTo(post, owe) {
  let began = -Infinity;
  let posted = 0;
  let held = [];
  let size = 0;
  const flush = () => {
    if (held.length === 0) return;
    post({ kind: "lines", lines: held, size });
    held = [];
    size = 0;
  };
  const print = (stream, text) => {
    const bytes = 2 * text.length + 16;
    owe(bytes);
    held.push([stream, text]);
    size += bytes;
    const now = performance.now();
    if (now - began > SPAN) {
      began = now;
      posted = 0;
    }
    posted += 1;
    if (posted <= LINES) flush();
  };
  return { print, flush };
}

/** Why a runtime is over: what all that it offers throws then. */
function reason(runtime) {
  try {
    return runtime.eval("");
  } catch (error) {
    return error;
  }
}

/** Calls `then` when the turn of the loop is over, with all its microtasks. */
function afterTurn(then) {
  if (globalThis.setImmediate) {
    setImmediate(then);
    return;
  }
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => {
    port1.close();
    then();
  };
  port2.postMessage(undefined);
}

function coded(error, code) {
  return Object.assign(error, { code });
}
