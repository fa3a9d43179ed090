// The outside of a worker: a runtime that can be ended at any time, whatever its script does. `guest.js` is the inside.

import { runtimeError } from "./errors.js";
import { packed, packedThrown, unpacked } from "./plain.js";

/**
 * How much longer than a limit of time the worker may be busy, in milliseconds: the runtime keeps its limits itself, and says where
 * the script was. Only what it cannot interrupt is ended from here.
 */
const GRACE = 250;

/** What an answer of the host may take, in bytes. */
const MOST_BYTES = 64 << 20;

/** What each limit of time is exceeded by. */
const EXCEEDED = { cpu: "computed", wall: "ran" };

/** Makes runtimes in workers. `connect` starts a worker; `built` are the limits of the build, in milliseconds. */
export function workersOf(connect, built = {}, parts = {}) {
  return async (module, given) => {
    const store = given.fs?.store;
    // The store is this runtime's from here on.
    const release = store && (await parts.fs.taken(store));
    const runtime = new WorkerRuntime(workersOf, given, limitsOf(built, given.limits), { release, parts });
    try {
      await runtime[START](connect, module, given);
      return runtime;
    } catch (error) {
      runtime.dispose();
      throw error;
    }
  };
}

/** The lower one of each limit that was built in and asked for. */
function limitsOf(built, asked) {
  const least = (key) => Math.min(built[key] ?? Infinity, asked[key] ?? Infinity);
  return { cpu: least("cpu"), wall: least("wall") };
}

const START = Symbol("start");

class WorkerRuntime {
  #worker;
  // Why nothing more can be done, once that is so.
  #over;
  // Calls that wait for their result, by number.
  #waiting = new Map();
  #last = 0;
  // The host's functions, by number.
  #functions = [];
  // Messages that were posted.
  #posted = 0;
  // Milliseconds in which the worker was busy, until the end of its last turn.
  #used = 0;
  // When its current turn began, if it is in one, and when it was made.
  #busySince;
  #started;
  #watch;
  #limits;
  #given;
  #files;
  // What keeps its files, and what gives that up.
  #store;
  #release;
  // What resolves when the worker is gone and its files are saved.
  #closed = settleable();
  // Why what was not saved is lost, if it is.
  #lost;
  #isReady = settleable();
  #hide = () => {
    if (document.visibilityState === "hidden") this.#post({ kind: "save" });
  };

  constructor(secret, given, limits, { release, parts }) {
    if (secret !== workersOf) throw new TypeError("make a runtime with `await Runtime.create({ worker: true })`");
    this.#given = given;
    this.#limits = limits;
    this.#store = given.fs?.store;
    this.#release = release;
    if (parts.fs) this.#files = this.#filesOf(parts.fs.ARGUMENTS);
    this.#isReady.promise.catch(() => {});
  }

  async [START](connect, module, { args, deny, files, limits, fs }) {
    const failed = (why) => this.#fail(why);
    this.#worker = connect((message) => this.#hear(message), failed);
    const options = { args, deny, files, limits, ...(fs && { fs: fs.entries }) };
    this.#post({ kind: "start", module, options, hasStore: this.#store !== undefined });
    await this.#isReady.promise;
    if (this.#store) globalThis.document?.addEventListener("visibilitychange", this.#hide);
  }

  eval(code) {
    return this.#call("eval", String(code));
  }

  evalAsync(code) {
    return this.#call("evalAsync", String(code));
  }

  runModule(code, path = "main.js") {
    return this.#call("runModule", String(code), String(path));
  }

  runFile(path) {
    return this.#call("runFile", path === undefined ? undefined : String(path));
  }

  addFile(path, text) {
    return this.#call("addFile", String(path), String(text));
  }

  async register(name, callback) {
    if (typeof callback !== "function") throw new TypeError(`register: \`${String(name)}\` must be a function`);
    await this.#call("register", String(name), this.#functions.push(callback) - 1);
  }

  get fs() {
    return this.#files;
  }

  /** Ends the runtime at once, whatever its script does. Settles when its worker is gone, and its files are saved. */
  dispose() {
    this.#end(runtimeError("this runtime was disposed of", "ERR_DISPOSED"));
    return this.#closed.promise;
  }

  [Symbol.asyncDispose ?? Symbol.for("Symbol.asyncDispose")]() {
    return this.dispose();
  }

  get isDisposed() {
    return this.#over !== undefined;
  }

  async #call(name, ...args) {
    return unpacked(await this.#ask("call", name, args));
  }

  /** Asks the worker for something; a promise of what it says. */
  #ask(kind, name, args) {
    if (this.#over) return Promise.reject(this.#over);
    return new Promise((resolve, reject) => {
      this.#last += 1;
      this.#waiting.set(this.#last, { resolve, reject });
      this.#post({ kind, id: this.#last, name, args });
    });
  }

  #filesOf(prepare) {
    const method = (name) => async (...args) => {
      const prepared = prepare[name](...args);
      if (name === "flush" && this.#over) return this.#flushed();
      return this.#ask("files", name, prepared);
    };
    return Object.freeze(Object.fromEntries(Object.keys(prepare).map((name) => [name, method(name)])));
  }

  /** What `flush` says of a runtime that is over. */
  async #flushed() {
    await this.#closed.promise;
    if (this.#lost) throw this.#lost;
  }

  #post(message) {
    if (!this.#worker) return;
    this.#posted += 1;
    // What was posted is work: Node goes on until it is done.
    this.#worker.ref?.();
    this.#worker.postMessage(message);
  }

  #hear(message) {
    if (!this.#worker) return;
    const isLate = this.#over !== undefined && !["closing", "closed", "store", "error", "lines"].includes(message.kind);
    if (!isLate) this.#HEARD[message.kind](message);
    if (message.over) this.#end(unpacked(message.over));
  }

  #HEARD = {
    ready: () => {
      this.#started = performance.now();
      this.#isReady.resolve();
    },
    failed: ({ error }) => this.#isReady.reject(unpacked(error)),
    result: (message) => this.#settle(message),
    files: (message) => this.#settle(message),
    host: ({ id, about, values }) => this.#answer(id, () => this.#functions[about](...unpacked(values)), (value) => packed(value, MOST_BYTES)[0]),
    store: ({ id, about, values }) => this.#answer(id, () => this.#store[about](...values), (value) => value),
    lines: ({ lines, size }) => {
      this.#post({ kind: "printed", size });
      for (const [stream, text] of lines) this.#print(stream, text);
    },
    error: ({ error, report }) => this.#tell(unpacked(error), report),
    busy: () => {
      this.#busySince = performance.now();
      this.#arm(this.#left());
    },
    idle: ({ millis, taken, waits }) => {
      clearTimeout(this.#watch);
      this.#busySince = undefined;
      this.#used += millis;
      // A module is compiled for the worker between its turns.
      const isReady = this.#started !== undefined;
      if (isReady && taken === this.#posted && !waits) this.#worker.unref?.();
    },
    closing: () => clearTimeout(this.#watch),
    closed: ({ error }) => {
      this.#lost = error && unpacked(error);
      this.#gone();
    },
  };

  #settle({ id, value, error, isError }) {
    const call = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (isError) call.reject(unpacked(error));
    else call.resolve(value);
  }

  /** Answers a question of the worker's, whatever becomes of it. */
  async #answer(id, work, pack) {
    let answer;
    try {
      answer = { value: pack(await work()) };
    } catch (thrown) {
      answer = { error: packedThrown(thrown, MOST_BYTES), isError: true };
    }
    this.#post({ kind: "answer", id, ...answer });
  }

  /** A sink that throws is told of as what no script handles. */
  #print(stream, text) {
    try {
      this.#given[stream](`${text}\n`);
    } catch (error) {
      this.#tell(error, `Error: the function \`${stream}\` threw: ${String(error)}`);
    }
  }

  #tell(error, report) {
    try {
      this.#given.onError(error, report);
    } catch {
      // A handler that throws has nobody to tell.
    }
  }

  /** How long the worker may still be busy in this turn, in milliseconds, and by which limit. */
  #left() {
    const cpu = this.#limits.cpu - this.#used - (performance.now() - this.#busySince);
    const wall = this.#limits.wall - (performance.now() - (this.#started ?? performance.now()));
    return cpu <= wall ? { key: "cpu", left: cpu } : { key: "wall", left: wall };
  }

  /** Ends the worker when it is busy for too long. */
  #arm({ key, left }) {
    if (left === Infinity) return;
    this.#after(left, () => this.#end(this.#limitError(key), true));
  }

  /**
   * Does something when the worker is still busy after a time and the grace. The grace is waited for on its own: a page that was
   * busy itself first hears what the worker has said meanwhile.
   */
  #after(millis, then) {
    const wait = (millis, then) => {
      clearTimeout(this.#watch);
      // No timer is longer than 31 bits; the next turn of the worker starts another.
      this.#watch = setTimeout(then, Math.min(Math.max(millis, 0), 2 ** 31 - 1));
      this.#watch.unref?.();
    };
    wait(millis, () => wait(GRACE, then));
  }

  #limitError(key) {
    const message = `the script ${EXCEEDED[key]} for longer than \`limits.${key} = "${spelled(this.#limits[key])}"\` allows`;
    return runtimeError(message, "ERR_LIMIT");
  }

  /** The worker is lost. */
  #fail(why) {
    if (!this.#worker) return;
    const said = why instanceof Error ? why.message : String(why ?? "its worker could not be started");
    this.#end(runtimeError(`the engine is lost: ${said}; make a new runtime`, "ERR_ENGINE_LOST", why instanceof Error ? why : undefined), true);
  }

  /** Nothing more can be done, for a reason: whoever waits is told, else the host is. When it is forced, the worker ends at once. */
  #end(error, isForced = false) {
    if (this.#over) {
      if (isForced) this.#abandon(error);
      return;
    }
    this.#over = error;
    globalThis.document?.removeEventListener("visibilitychange", this.#hide);
    const isTold = this.#waiting.size > 0 || error.code === "ERR_DISPOSED" || this.#started === undefined;
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
    this.#isReady.reject(error);
    this.#functions = [];
    // The store is the next one's when everything is saved.
    this.#release?.(this.#closed.promise);
    if (isForced && !isTold) this.#tell(error, `Error: ${error.message}`);
    if (!this.#store || this.#started === undefined) this.#gone();
    else if (isForced) this.#abandon(error);
    else {
      // What the script changed last is saved first, unless the worker does not listen.
      this.#post({ kind: "close" });
      this.#after(0, () => this.#abandon(error));
    }
  }

  /** Ends a worker that has files which may not be saved. */
  #abandon(reason) {
    if (!this.#worker) return;
    if (this.#store) {
      this.#lost = runtimeError(`what a script changed last may not be saved: ${reason.message}`, "ERR_STORE", reason);
      this.#tell(this.#lost, `Error: ${this.#lost.message}`);
    }
    this.#gone();
  }

  /** Ends the worker. */
  #gone() {
    clearTimeout(this.#watch);
    const worker = this.#worker;
    this.#worker = undefined;
    // Node gives a promise.
    Promise.resolve(worker?.terminate()).then(() => this.#closed.resolve());
  }
}

/** A promise with what settles it. */
function settleable() {
  const made = {};
  made.promise = new Promise((resolve, reject) => Object.assign(made, { resolve, reject }));
  return made;
}

/** A length of time as limits say it. */
function spelled(millis) {
  const [unit, scale] = millis >= 1000 ? ["s", 1000] : millis >= 1 ? ["ms", 1] : ["us", 1e-3];
  return `${Math.round((millis / scale) * 100) / 100}${unit}`;
}
