// The runtime's class. Each runtime has an instance of the WebAssembly module of its own, so that one that is lost takes no other with it.

import { describedError, runtimeError } from "./errors.js";
import { makeGlue } from "./glue.js";

const OPTIONS = ["stdout", "stderr", "onError", "files", "args", "deny", "limits", "worker"];
const LIMITS = ["memory", "cpu", "wall", "stack", "timers"];

/** Options that were given, checked and complete. */
function complete(options, parts) {
  if (options === null || typeof options !== "object") throw new TypeError("Runtime.create: the options must be an object");
  const known = [...OPTIONS, ...Object.keys(parts)];
  for (const key of Object.keys(options)) {
    if (!known.includes(key)) throw new TypeError(`Runtime.create: there is no option \`${key}\`; there are ${known.join(", ")}`);
  }
  const check = (key, holds, what) => {
    if (options[key] !== undefined && !holds(options[key])) throw new TypeError(`Runtime.create: \`${key}\` must be ${what}`);
  };
  const isObject = (value) => value !== null && typeof value === "object";
  const isText = (value) => typeof value === "string";
  const isTexts = (value) => Array.isArray(value) && value.every(isText);
  for (const key of ["stdout", "stderr", "onError"]) check(key, (value) => typeof value === "function", "a function");
  for (const key of ["args", "deny"]) check(key, isTexts, "an array of strings");
  check("files", (value) => isObject(value) && Object.values(value).every(isText), "an object with the text of each file by its path");
  check("limits", isObject, "an object");
  check("worker", (value) => typeof value === "boolean", "a boolean");
  if (options.worker && options.dom !== undefined) throw new TypeError("Runtime.create: `dom` cannot be given with `worker`: a worker has no page");
  check("dom", ({ nodeType }) => nodeType === 1 || nodeType === 9, "an element, or the document");
  const limits = options.limits ?? {};
  for (const [key, value] of Object.entries(limits)) {
    if (!LIMITS.includes(key)) throw new TypeError(`Runtime.create: there is no limit \`${key}\`; there are ${LIMITS.join(", ")}`);
    if (typeof value !== "number" || !(value > 0)) throw new TypeError(`Runtime.create: the limit \`${key}\` must be a number above 0`);
  }
  const lines = (write) => (text) => write(text.replace(/\n$/, ""));
  return {
    stdout: lines(options.stdout ?? ((text) => console.log(text))),
    stderr: lines(options.stderr ?? ((text) => console.error(text))),
    onError: options.onError ?? ((error, report) => console.error(report)),
    args: options.args ?? [],
    deny: options.deny ?? [],
    files: options.files ?? {},
    page: options.dom && new parts.dom.Page(options.dom),
    fs: parts.fs && new parts.fs.Part(options.fs),
    limits,
    makeError: describedError,
  };
}

/**
 * The class over a module that `load` gives, with what the package has for single modules of the
 * runtime. `inWorker` makes a runtime in a worker; `entered` hears of each way into a module, with
 * the host's timers that are set.
 */
export function runtimeOf(load, parts = {}, { inWorker, entered } = {}) {
  let compiled;

  // A page that could not load the module may try again.
  const module = () =>
    (compiled ??= load().catch((error) => {
      compiled = undefined;
      throw error;
    }));

  return class Runtime {
    #inner;
    // Why nothing more can be done, once that is so.
    #over;
    // Calls into the module that have not returned.
    #depth = 0;
    // What rejects each promise that is not settled.
    #waiting = new Set();
    // The host's timers that are set.
    #timers = new Set();
    #onError;
    // What it was given of the page.
    #page;
    // Its files, and what keeps them.
    #files;
    #fs;
    // The message of the last error that was thrown to a caller.
    #thrown;

    constructor(secret, options) {
      if (secret !== runtimeOf) throw new TypeError("make a runtime with `await Runtime.create()`");
      this.#onError = options.onError;
    }

    async #start(module, options) {
      // The host's timers, which must not outlive the runtime: it may have no chance to take them back.
      const timers = this.#timers;
      const glue = makeGlue({
        instantiate: (module, imports) => this.#instance(module, imports),
        setTimeout(then, millis) {
          const id = setTimeout(() => {
            timers.delete(id);
            then();
          }, millis);
          timers.add(id);
          return id;
        },
        clearTimeout(id) {
          timers.delete(id);
          clearTimeout(id);
        },
      });
      this.#depth += 1;
      // A page's main thread takes a large module only so.
      await glue({ module_or_path: module }).finally(() => (this.#depth -= 1));
      this.#within(() => {
        this.#inner = new glue.WasmRuntime({ ...options, onEnd: (error, report) => this.#ended(error, report) });
      });
      this.#page = options.page;
      this.#page?.onFire((listener, event) => this.#within(() => this.#inner.fire(listener, event)));
      try {
        for (const [path, text] of Object.entries(options.files)) this.addFile(path, text);
        this.#fs = options.fs?.start(this.#inner, (work) => this.#run(work), this.#onError);
        this.#files = options.fs;
      } catch (error) {
        this.dispose();
        throw error;
      }
    }

    static async create(options = {}) {
      const given = complete(options, parts);
      const compiled = await module();
      if (options.worker) return inWorker(compiled, given);
      try {
        await given.fs?.open();
        const runtime = new Runtime(runtimeOf, given);
        await runtime.#start(compiled, given);
        return runtime;
      } catch (error) {
        given.fs?.close();
        throw error;
      }
    }

    eval(code) {
      return this.#run((inner) => inner.eval(String(code)));
    }

    async evalAsync(code) {
      return this.#run((inner) => this.#settled(inner.evalAsync(String(code))));
    }

    async runModule(code, path = "main.js") {
      return this.#run((inner) => this.#settled(inner.runCode(String(code), String(path))));
    }

    async runFile(path) {
      return this.#run((inner) => this.#settled(inner.runFile(String(path ?? inner.entry ?? "main.js"))));
    }

    addFile(path, text) {
      this.#run((inner) => inner.addFile(String(path), String(text)));
    }

    register(name, callback) {
      if (typeof callback !== "function") throw new TypeError(`register: \`${String(name)}\` must be a function`);
      this.#run((inner) => inner.register(String(name), callback));
    }

    get fs() {
      return this.#fs;
    }

    dispose() {
      if (this.#over) return;
      const inner = this.#inner;
      this.#within(() => inner.stop());
      this.#end(runtimeError("this runtime was disposed of", "ERR_DISPOSED"));
    }

    [Symbol.dispose ?? Symbol.for("Symbol.dispose")]() {
      this.dispose();
    }

    get isDisposed() {
      return this.#over !== undefined;
    }

    #run(work) {
      if (this.#over) throw this.#over;
      let result;
      try {
        result = this.#within(() => work(this.#inner));
      } catch (error) {
        this.#thrown = error.message;
        throw this.#over ?? error;
      }
      // A host function may have disposed of the runtime that called it.
      if (this.#over) throw this.#over;
      return result;
    }

    /** While `work` runs, a loss is thrown to whoever called. */
    #within(work) {
      this.#depth += 1;
      try {
        return work();
      } finally {
        this.#depth -= 1;
      }
    }

    /** The promise, which is rejected when the runtime is over before it is settled. */
    #settled(promise) {
      return new Promise((resolve, reject) => {
        this.#waiting.add(reject);
        const done = (settle) => (value) => {
          this.#waiting.delete(reject);
          settle(value);
        };
        promise.then(done(resolve), done(reject));
      });
    }

    /** A limit has ended the runtime. Whoever waits is told, or whoever called was; else the host is. */
    #ended(error, report) {
      if (this.#over) return;
      const isTold = this.#waiting.size > 0 || this.#thrown === error.message;
      this.#end(error);
      if (!isTold) this.#onError(error, report);
    }

    #end(error) {
      this.#files?.end(error);
      this.#over = error;
      // Nothing of the instance is kept, so that its memory can go.
      this.#inner = undefined;
      this.#page?.revoke();
      for (const reject of this.#waiting) reject(error);
      this.#waiting.clear();
      for (const id of this.#timers) clearTimeout(id);
      this.#timers.clear();
    }

    /** The instance, with a guard at each way in. What leaves the module by being thrown left it in pieces: it is lost then. */
    async #instance(module, imports) {
      const { exports } = await WebAssembly.instantiate(module, imports);
      const guarded = Object.entries(exports).map(([name, value]) => [name, typeof value === "function" ? this.#guard(value) : value]);
      return { module, instance: { exports: Object.fromEntries(guarded) } };
    }

    #guard(enter) {
      return (...args) => {
        entered?.(this.#timers);
        if (this.#over?.code === "ERR_ENGINE_LOST") return this.#lost();
        try {
          return enter(...args);
        } catch (cause) {
          const said = cause instanceof WebAssembly.RuntimeError || !(cause instanceof Error) ? "it ran out of memory or of stack" : cause.message.replace(/^error: /, "").trim();
          const error = runtimeError(`the engine is lost: ${said}; make a new runtime`, "ERR_ENGINE_LOST", cause);
          if (!this.#over) {
            const isTold = this.#depth > 0 || this.#waiting.size > 0;
            this.#end(error);
            if (!isTold) this.#onError(error, `Error: ${error.message}`);
          }
          this.#over = error;
          return this.#lost();
        }
      };
    }

    #lost() {
      if (this.#depth > 0) throw this.#over;
      // No value and no error, as the glue reads it.
      return [0, 0, 0];
    }
  };
}
