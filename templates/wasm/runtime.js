// The runtime's class. Each runtime has an instance of the WebAssembly module of its own, so that one that is lost takes no other with it.

import { makeGlue } from "./glue.js";

const LIMITS = ["memory", "cpu", "wall", "stack", "timers"];

/** Options that were given, checked and complete. */
function complete(options) {
  const known = ["stdout", "stderr", "onError", "files", "args", "deny", "limits"];
  for (const key of Object.keys(options)) {
    if (!known.includes(key)) throw new TypeError(`Runtime.create: there is no option \`${key}\`; there are ${known.join(", ")}`);
  }
  const check = (key, holds, what) => {
    if (options[key] !== undefined && !holds(options[key])) throw new TypeError(`Runtime.create: \`${key}\` must be ${what}`);
  };
  const isFunction = (value) => typeof value === "function";
  const isTexts = (value) => Array.isArray(value) && value.every((item) => typeof item === "string");
  for (const key of ["stdout", "stderr", "onError"]) check(key, isFunction, "a function");
  for (const key of ["args", "deny"]) check(key, isTexts, "an array of strings");
  const limits = options.limits ?? {};
  for (const [key, value] of Object.entries(limits)) {
    if (!LIMITS.includes(key)) throw new TypeError(`Runtime.create: there is no limit \`${key}\`; there are ${LIMITS.join(", ")}`);
    if (typeof value !== "number" || !(value > 0)) throw new TypeError(`Runtime.create: the limit \`${key}\` must be a number above 0`);
  }
  const lines = (write) => (text) => write(text.replace(/\n$/, ""));
  return {
    stdout: options.stdout ?? lines((text) => console.log(text)),
    stderr: options.stderr ?? lines((text) => console.error(text)),
    onError: options.onError ?? ((error, text) => console.error(text)),
    args: options.args ?? [],
    deny: options.deny ?? [],
    files: options.files ?? {},
    limits,
  };
}

/** The class over a module that `load` gives. */
export function runtimeOf(load) {
  let compiled;
  return class Runtime {
    #inner;
    #lost;

    constructor(inner) {
      this.#inner = inner;
    }

    static async create(options = {}) {
      const given = complete(options);
      compiled ??= load();
      const module = await compiled.catch((error) => {
        compiled = undefined;
        throw error;
      });
      const glue = makeGlue();
      glue.initSync({ module });
      const runtime = new Runtime(new glue.WasmRuntime(given));
      for (const [path, text] of Object.entries(given.files)) runtime.addFile(path, text);
      return runtime;
    }

    eval(code) {
      return this.#run((inner) => inner.eval(String(code)));
    }

    async evalAsync(code) {
      return this.#run((inner) => inner.evalAsync(String(code)));
    }

    async runModule(code, path = "main.js") {
      return this.#run((inner) => inner.runCode(String(code), path));
    }

    async runFile(path) {
      return this.#run((inner) => inner.runFile(path ?? inner.entry ?? "main.js"));
    }

    addFile(path, text) {
      this.#run((inner) => inner.addFile(String(path), String(text)));
    }

    register(name, callback) {
      if (typeof callback !== "function") throw new TypeError(`register: \`${name}\` must be a function`);
      this.#run((inner) => inner.register(String(name), callback));
    }

    dispose() {
      const inner = this.#inner;
      this.#inner = undefined;
      if (inner && !this.#lost) inner.free();
    }

    [Symbol.dispose ?? Symbol.for("Symbol.dispose")]() {
      this.dispose();
    }

    get isDisposed() {
      return this.#inner === undefined;
    }

    #run(work) {
      if (this.#lost) throw this.#lost;
      if (!this.#inner) throw coded("this runtime was disposed of", "ERR_DISPOSED");
      try {
        const result = work(this.#inner);
        return result instanceof Promise ? result.catch((error) => this.#judge(error)) : result;
      } catch (error) {
        return this.#judge(error);
      }
    }

    // A trap of the module leaves the engine in pieces: this runtime is lost, a new one works.
    #judge(error) {
      const isTrap = error instanceof WebAssembly.RuntimeError || (error instanceof RangeError && error.code === undefined && !error.cause && isHostOverflow(error));
      if (!isTrap) throw error;
      this.#lost = coded("the engine is lost: it ran out of memory or of stack; make a new runtime", "ERR_ENGINE_LOST", error);
      throw this.#lost;
    }
  };
}

/** An overflow of the page's own stack has its frames in the module. */
function isHostOverflow(error) {
  return /wasm-function|wasm:\/\//.test(error.stack ?? "");
}

function coded(message, code, cause) {
  return Object.assign(new Error(message, cause && { cause }), { code });
}
