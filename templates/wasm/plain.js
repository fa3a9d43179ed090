// Plain values on their way between threads.
//
// The structured clone of the host keeps neither the code nor the name of an error, so an error
// travels as a `Map`: no plain value is one.

import { RuntimeError, runtimeError, ScriptError, scriptError } from "./errors.js";

/** How deep values may nest, as for a runtime without a worker. */
const DEPTH = 200;

/** How many causes of an error are kept. */
const CAUSES = 16;

/** What a value costs beside its text and its bytes. */
const NODE = 16;

/** Copies a plain value for another thread. Gives the copy and about how many bytes it takes; more than `most` is a RangeError. */
export function packed(value, most = Infinity) {
  let size = 0;
  const count = (bytes) => {
    size += bytes;
    if (size > most) throw new RangeError(`a value that crosses into a runtime takes at most ${most} bytes`);
  };
  const error = (from, causes) => {
    const parts = new Map();
    if (RuntimeError.is(from)) parts.set("of", "runtime");
    else if (ScriptError.is(from)) parts.set("of", "script");
    for (const key of ["name", "message", "stack", "code"]) {
      const text = property(from, key);
      if (typeof text !== "string") continue;
      count(NODE + text.length);
      parts.set(key, text);
    }
    const cause = property(from, "cause");
    if (cause instanceof Error && causes < CAUSES) parts.set("cause", error(cause, causes + 1));
    return parts;
  };
  const pack = (from, depth) => {
    count(NODE);
    if (depth > DEPTH) throw new RangeError(`a value that crosses into a runtime nests at most ${DEPTH} deep`);
    if (typeof from === "function" || typeof from === "symbol") throw new TypeError(`a ${typeof from} cannot cross into a runtime: only plain values can`);
    if (typeof from === "string") count(2 * from.length);
    if (from === null || typeof from !== "object") return from;
    if (from instanceof Error) return error(from, 0);
    if (from instanceof Date) return new Date(from.getTime());
    if (from instanceof ArrayBuffer || ArrayBuffer.isView(from)) {
      count(from.byteLength);
      return bytesOf(from);
    }
    if (Array.isArray(from)) return Array.from(from, (item) => pack(item, depth + 1));
    const copy = {};
    for (const [key, item] of Object.entries(from)) {
      count(2 * key.length);
      define(copy, key, pack(item, depth + 1));
    }
    return copy;
  };
  return [pack(value, 0), size];
}

/** What was packed, with errors again. */
export function unpacked(value) {
  if (value === null || typeof value !== "object" || value instanceof Date || ArrayBuffer.isView(value)) return value;
  if (value instanceof Map) return errorOf(value);
  if (Array.isArray(value)) {
    for (let at = 0; at < value.length; at += 1) value[at] = unpacked(value[at]);
    return value;
  }
  for (const [key, item] of Object.entries(value)) {
    const whole = unpacked(item);
    if (whole !== item) define(value, key, whole);
  }
  return value;
}

/** What was thrown, packed. Whatever that is, this gives something. */
export function packedThrown(thrown, most) {
  try {
    return packed(thrown, most)[0];
  } catch (error) {
    return packed(error)[0];
  }
}

/** A copy of bytes, as `Uint8Array`; of a view no more than it shows. */
export function bytesOf(from) {
  return ArrayBuffer.isView(from) ? new Uint8Array(from.buffer, from.byteOffset, from.byteLength).slice() : new Uint8Array(from.slice());
}

function errorOf(parts) {
  const { of, name, message = "", stack, code, cause: from } = Object.fromEntries(parts);
  const cause = from && errorOf(from);
  if (of === "runtime") return runtimeError(message, code, cause);
  if (of === "script") {
    const error = scriptError(name ?? "Error", message, undefined, code, cause);
    // What was packed begins with the name and the message.
    if (stack !== undefined) Object.defineProperty(error, "stack", { value: stack, writable: true, enumerable: false, configurable: true });
    return error;
  }
  const error = new Error(message, cause && { cause });
  const rest = { name, stack, code };
  for (const key of Object.keys(rest)) if (rest[key] !== undefined) error[key] = rest[key];
  return error;
}

/** A property of an object that may be anything: a getter that throws has none. */
function property(object, key) {
  try {
    return object[key];
  } catch {
    return undefined;
  }
}

/** `__proto__` is a key like others. */
function define(object, key, value) {
  Object.defineProperty(object, key, { value, writable: true, enumerable: true, configurable: true });
}
