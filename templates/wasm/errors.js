// What a package throws beside the host's own errors: errors of a runtime, which no script can make, and errors of scripts.
//
// A script reaches neither class. What it throws is a `ScriptError`, whatever name and code it gives it.

const SECRET = Symbol("made by the package");

const hidden = (value) => ({ value, writable: true, enumerable: false, configurable: true });

export class RuntimeError extends Error {
  #isMade = true;

  constructor(secret, message, code, cause) {
    if (secret !== SECRET) throw new TypeError("only a runtime makes a RuntimeError");
    super(message, cause && { cause });
    this.code = code;
  }

  static is(error) {
    return typeof error === "object" && error !== null && #isMade in error;
  }
}

export class ScriptError extends Error {
  #isMade = true;

  constructor(secret, name, message, stack, code, cause) {
    if (secret !== SECRET) throw new TypeError("only a runtime makes a ScriptError");
    super(message, cause && { cause });
    Object.defineProperty(this, "name", hidden(name));
    const head = message === "" ? name : `${name}: ${message}`;
    Object.defineProperty(this, "stack", hidden(stack ? `${head}\n${stack}` : head));
    if (code !== undefined) this.code = code;
  }

  static is(error) {
    return typeof error === "object" && error !== null && #isMade in error;
  }
}

Object.defineProperty(RuntimeError.prototype, "name", hidden("RuntimeError"));

/** An error of a runtime. */
export function runtimeError(message, code, cause) {
  return new RuntimeError(SECRET, message, code, cause);
}

/** An error of a script, with the frames of its stack. */
export function scriptError(name, message, stack, code, cause) {
  return new ScriptError(SECRET, name, message, stack, code, cause);
}

/** An error as the module of a runtime describes it. */
export function describedError(isRuntimes, name, message, stack, code, cause) {
  return isRuntimes ? runtimeError(message, code, cause) : scriptError(name, message, stack, code, cause);
}
