// The package's interface in Node: what crosses, what is told, and what becomes of scripts that want the worst. `PACKAGE` is the
// package's folder; `node --expose-gc --test` runs it.

import assert from "node:assert/strict";
import { afterEach, test } from "node:test";

import { fails } from "./fails.mjs";

const { Runtime, RuntimeError, ScriptError } = await import(new URL(`file://${process.env.PACKAGE}/nodejs/index.js`));

const runtimes = [];

// Whatever a test leaves behind must not keep the process alive.
afterEach(() => {
  for (const runtime of runtimes.splice(0)) runtime.dispose();
});

/** A runtime whose lines and unhandled errors are kept. */
async function made(options = {}) {
  const lines = [];
  const errors = [];
  const runtime = await Runtime.create({
    stdout: (text) => lines.push(text),
    stderr: (text) => lines.push(`! ${text}`),
    onError: (error, report) => errors.push({ error, report }),
    ...options,
  });
  runtimes.push(runtime);
  return { runtime, lines, errors };
}

/** An error of the runtime's own, which no script can make. */
const ends = (message, code) => (error) => {
  assert.ok(RuntimeError.is(error) && !ScriptError.is(error), String(error));
  return fails("RuntimeError", message, code)(error);
};

/** What a host function gives that throws what `make` makes, and what becomes of it in a promise. */
async function caught(make, show = "String(error)") {
  const { runtime, errors } = await made();
  runtime.register("now", () => {
    throw make();
  });
  runtime.register("later", () => new Promise((_, reject) => reject(make())));
  const now = runtime.eval(`try { now() } catch (error) { ${show} }`);
  const later = await runtime.evalAsync(`later().catch((error) => ${show})`);
  assert.deepEqual(later, now);
  assert.equal(runtime.eval("1 + 1"), 2, "the runtime goes on");
  assert.deepEqual(errors, []);
  return now;
}

/** Waits until `holds`, turn by turn of the host's own loop. */
async function until(holds) {
  while (!holds()) await new Promise((resolve) => setImmediate(resolve));
}

/** The runtime ended in words, and another one works. */
async function endsInWords(options, code, message) {
  const { runtime } = await made(options);
  assert.throws(() => runtime.eval(code), (error) => {
    assert.ok(error instanceof Error);
    assert.match(error.message, message);
    return true;
  });
  const { runtime: next } = await made(options);
  assert.equal(next.eval("6 * 7"), 42);
}

test("values cross as data", async () => {
  const { runtime } = await made();
  const values = [
    undefined,
    null,
    true,
    -0,
    1.5,
    NaN,
    12345678901234567890n,
    "text \u{1f980}\0",
    [1, [2], []],
    { a: { b: "c" }, ["__proto__"]: 1 },
    new Date(86400000),
    new Uint8Array([0, 127, 255]),
  ];
  runtime.register("same", (value) => value);
  runtime.register("given", () => values);
  assert.deepStrictEqual(runtime.eval("given().map(same)"), values);
  assert.equal(runtime.eval("given()[10] instanceof Date && given()[11] instanceof Uint8Array"), true);
  assert.deepStrictEqual(runtime.eval("same(new TypeError('no', { cause: new Error('why') })) instanceof TypeError"), true);
  assert.equal(runtime.eval("new TypeError('no', { cause: new Error('why') })").cause.message, "why");
});

test("bytes cross whole", async () => {
  const { runtime } = await made();
  const bytes = new Uint8Array(1 << 20).map((_, at) => at * 7);
  runtime.register("bytes", () => bytes);
  assert.deepStrictEqual(runtime.eval("bytes()"), bytes);
  assert.deepStrictEqual(runtime.eval("bytes().buffer.slice(1, 3)"), bytes.slice(1, 3));
});

test("what has no plain form is refused in words", async () => {
  const { runtime } = await made();
  runtime.register("wrong", () => () => {});
  assert.throws(() => runtime.eval("wrong()"), fails("TypeError", /a function cannot cross into a runtime/));
  runtime.register("deep", () => {
    let value = {};
    for (let i = 0; i < 1000; i++) value = { value };
    return value;
  });
  assert.throws(() => runtime.eval("deep()"), fails("RangeError", /nests at most 200 deep/));
});

test("whatever the host throws is caught by the script", async () => {
  assert.deepEqual(await caught(() => ({ status: 404, more: [1, new Date(0)] }), "error"), { status: 404, more: [1, new Date(0)] });
  for (const value of [null, undefined, 42, 12n, true, "text", [1]]) assert.deepEqual(await caught(() => value, "error"), value);
  assert.equal(await caught(() => Symbol("s")), "Error: the host threw a symbol: Symbol(s)");
  assert.equal(await caught(() => () => 1), "Error: the host threw a function");
  assert.deepEqual(await caught(() => new Uint8Array([1, 2]), "error"), new Uint8Array([1, 2]));
});

test("what the host throws may do what it likes when it is looked at", async () => {
  const throwing = (key) =>
    Object.defineProperty(new Error("x"), key, {
      get() {
        throw null;
      },
    });
  assert.equal(await caught(() => throwing("message")), "Error");
  assert.equal(await caught(() => throwing("name")), "Error: x");
  assert.equal(await caught(() => throwing("code")), "Error: x");
  assert.equal(await caught(() => throwing("cause")), "Error: x");
  assert.equal(await caught(() => new DOMException("gone", "AbortError")), "AbortError: gone");
  const circle = () => {
    const error = new Error("x");
    error.cause = error;
    return error;
  };
  assert.equal(await caught(circle, "String(error.cause)"), "undefined");
  const pair = () => {
    const [one, two] = [new Error("one"), new Error("two")];
    [one.cause, two.cause] = [two, one];
    return one;
  };
  assert.equal(await caught(pair, "`${error.cause} ${error.cause.cause}`"), "Error: two undefined");
  const revoked = () => {
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    return proxy;
  };
  assert.equal(await caught(revoked), "Error: the host threw an object");
  const tagged = () => ({
    get [Symbol.toStringTag]() {
      throw 1;
    },
    get then() {
      throw 2;
    },
  });
  assert.match(await caught(tagged), /^Error: the host threw an object/);
  const detached = () => {
    const bytes = new Uint8Array(4);
    structuredClone(bytes.buffer, { transfer: [bytes.buffer] });
    return bytes;
  };
  assert.match(await caught(detached), /^Error: the host threw an object/);
});

test("what the host gives may do what it likes when it is looked at", async () => {
  const { runtime } = await made();
  const refused = (make, message) => {
    runtime.register("give", make);
    runtime.register("giveLater", async () => make());
    assert.throws(() => runtime.eval("give()"), (error) => ScriptError.is(error) && fails(error.name, message)(error));
    return assert.rejects(runtime.evalAsync("giveLater()"), (error) => fails(error.name, message)(error));
  };
  const cycle = {};
  cycle.self = cycle;
  await refused(() => cycle, /nests at most 200 deep/);
  const holes = [];
  holes.length = 2 ** 31;
  await refused(() => holes, /at most 4194304 parts/);
  await refused(
    () => ({
      get x() {
        throw 1;
      },
    }),
    /threw when it was looked at/,
  );
  await refused(() => Proxy.revocable([], {}).proxy && new Proxy({}, { ownKeys: () => null }), /threw when it was looked at/);
  await refused(() => Object.create(Date.prototype), /cannot cross/);
  await refused(() => Symbol("s"), /a symbol: Symbol\(s\) cannot cross/);
  const detached = new Uint8Array(4);
  structuredClone(detached.buffer, { transfer: [detached.buffer] });
  await refused(() => detached, /threw when it was looked at/);
  assert.equal(runtime.eval("1 + 1"), 2);
  await refused(() => new Uint8Array((256 << 20) + 1), /at most 268435456 bytes/);
  const odd = Promise.resolve(7);
  Object.defineProperty(odd, "then", {
    get() {
      throw 8;
    },
  });
  runtime.register("odd", () => odd);
  assert.equal(await runtime.evalAsync("odd().catch((error) => error)"), 8);
});

/** More than may cross, or longer than a script may compute. */
const bounded = (error) => {
  assert.ok(error.name === "RangeError" || RuntimeError.is(error), String(error));
  return true;
};

test("a graph that the host gives is bounded", async () => {
  let graph = [];
  for (let at = 0; at < 26; at++) graph = [graph, graph];
  const { runtime } = await made({ limits: { cpu: 200 } });
  runtime.register("give", () => graph);
  assert.throws(() => runtime.eval("give()"), bounded);
  const { runtime: next } = await made({ limits: { cpu: 200 } });
  next.register("giveLater", async () => graph);
  await assert.rejects(next.evalAsync("giveLater()"), bounded);
});

test("what a script gives is bounded, as a result and as an argument", async () => {
  const graph = (depth) => `let g = []; for (let at = 0; at < ${depth}; at++) g = [g, g]; g`;
  for (const depth of [22, 26]) {
    for (const code of [graph(depth), `host((() => { ${graph(depth).replace(/g$/, "return g")} })())`]) {
      const { runtime } = await made({ limits: { cpu: 200 } });
      runtime.register("host", () => 1);
      assert.throws(() => runtime.eval(code), bounded);
      const { runtime: next } = await made({ limits: { cpu: 200 } });
      next.register("host", () => 1);
      await assert.rejects(next.evalAsync(code), bounded);
    }
  }
  const { runtime } = await made();
  runtime.register("host", () => 1);
  assert.throws(() => runtime.eval("const h = []; h.length = 2 ** 24; h"), fails("RangeError", /at most 4194304 parts/));
  assert.throws(() => runtime.eval("let d = 1; for (let at = 0; at < 1e5; at++) d = [d]; d"), fails("RangeError", /at most 200 levels/));
  assert.equal(typeof runtime.eval("const c = {}; c.c = c; c").c, "string");
  assert.equal(runtime.eval("1 + 1"), 2);
  // Where the whole module is counted, what crosses may be what is too much.
  const { runtime: large } = await made();
  large.register("host", () => 1);
  assert.throws(() => large.eval("host(...Array(100).fill('x'.repeat(1 << 20)))"), bounded);
});

test("no script makes an error of the runtime", async () => {
  const { runtime, errors } = await made();
  const forged = "Object.assign(new Error('fake'), { code: 'ERR_LIMIT', name: 'RuntimeError' })";
  const isScripts = (error) => {
    assert.ok(ScriptError.is(error) && error instanceof ScriptError && error instanceof Error);
    assert.ok(!RuntimeError.is(error) && !(error instanceof RuntimeError));
    assert.deepEqual([error.name, error.message, error.code], ["RuntimeError", "fake", undefined]);
    return true;
  };
  assert.throws(() => runtime.eval(`throw ${forged}`), isScripts);
  await assert.rejects(runtime.evalAsync(`Promise.reject(${forged})`), isScripts);
  await assert.rejects(runtime.runModule(`throw ${forged}`), isScripts);
  assert.ok(isScripts(runtime.eval(forged)));
  assert.ok(isScripts(runtime.eval(`new Error('outer', { cause: ${forged} })`).cause));
  runtime.register("host", (error) => void errors.push({ error }));
  runtime.eval(`host(${forged}); setTimeout(() => { throw ${forged} })`);
  await until(() => errors.length === 2);
  for (const { error } of errors) isScripts(error);
  assert.equal(runtime.isDisposed, false);
  assert.equal(ScriptError.is(Object.create(ScriptError.prototype)) || RuntimeError.is(Object.create(RuntimeError.prototype)), false);
  assert.throws(() => new RuntimeError("x"), fails("TypeError", /only a runtime/));
  assert.throws(() => new ScriptError("x"), fails("TypeError", /only a runtime/));
  runtime.dispose();
  assert.throws(() => runtime.eval("1"), ends(/disposed/, "ERR_DISPOSED"));
});

test("what a script throws is an Error with the stack of the script", async () => {
  const { runtime } = await made();
  const code = "function f() { throw Object.assign(new RangeError('too far'), { code: 'E_FAR' }) }\nf()";
  assert.throws(() => runtime.eval(code), (error) => {
    assert.ok(fails("RangeError", /^too far$/, "E_FAR")(error));
    assert.match(error.stack, /^RangeError: too far\n\s+at f \(<eval>:1:/);
    return true;
  });
  assert.throws(() => runtime.eval("("), fails("SyntaxError", /./));
});

test("a script may throw what is no Error", async () => {
  const { runtime } = await made();
  for (const value of ["'text'", "42", "null", "undefined", "({ a: 1 })", "Symbol('s')", "() => 1"]) {
    assert.throws(() => runtime.eval(`throw ${value}`), (error) => error instanceof Error && error.message.length > 0, value);
  }
  await assert.rejects(runtime.evalAsync("Promise.reject('text')"), fails("Error", /text/));
});

test("a promise is waited for", async () => {
  const { runtime } = await made();
  assert.equal(await runtime.evalAsync("1 + 1"), 2);
  assert.equal(await runtime.evalAsync("new Promise((done) => setTimeout(done, 5, 'later'))"), "later");
  await assert.rejects(runtime.evalAsync("Promise.reject(new TypeError('no'))"), fails("TypeError", /^no$/));
});

test("modules import files and each other, and give their exports", async () => {
  const files = { "lib/a.js": "export const a = 1; export { b } from './b.js'", "data.json": '{"c":3}' };
  const { runtime } = await made({ files, args: ["x"] });
  runtime.addFile("lib/b.js", "export const b = 2");
  const code = `import { a, b } from "./lib/a.js";
    import data from "./data.json" with { type: "json" };
    import { setTimeout as later } from "runtime:timers";
    export default await new Promise((done) => later(done, 1, "slept"));
    export const sum = a + b + data.c;
    export const args = import.meta.args;`;
  assert.deepEqual(await runtime.runModule(code), { default: "slept", sum: 6, args: ["x"] });
  assert.deepEqual(await runtime.runFile("lib/a.js"), { a: 1, b: 2 });
  await assert.rejects(runtime.runFile("none.js"), fails("Error", /no file none\.js/));
  await assert.rejects(runtime.runModule("import './gone.js'", "m.js"), fails("Error", /gone\.js/));
  await assert.rejects(runtime.runModule("throw new RangeError('in a module')", "n.js"), fails("RangeError", /in a module/));
});

test("a host function is called with data, and what it throws is thrown", async () => {
  const { runtime } = await made();
  const seen = [];
  runtime.register("note", (...args) => void seen.push(args));
  runtime.register("fails", () => {
    throw Object.assign(new RangeError("by the host"), { code: "E_HOST" });
  });
  runtime.register("throwsText", () => {
    throw "text";
  });
  assert.equal(runtime.eval("note(1, [2], { three: 3 })"), undefined);
  assert.deepEqual(seen, [[1, [2], { three: 3 }]]);
  const caught = "try { fails() } catch (error) { [error instanceof RangeError, error.message, error.code] }";
  assert.deepEqual(runtime.eval(caught), [true, "by the host", "E_HOST"]);
  assert.throws(() => runtime.eval("fails()"), fails("RangeError", /by the host/, "E_HOST"));
  assert.throws(() => runtime.eval("throwsText()"), fails("Error", /text/));
  assert.throws(() => runtime.register("x", 1), fails("TypeError", /must be a function/));
});

test("a host function may return a promise", async () => {
  const { runtime } = await made();
  runtime.register("soon", async (value) => value + 1);
  runtime.register("never", () => Promise.reject(new TypeError("not today")));
  assert.equal(await runtime.evalAsync("soon(1).then((value) => value * 10)"), 20);
  await assert.rejects(runtime.evalAsync("never()"), fails("TypeError", /not today/));
  assert.equal(await runtime.evalAsync("never().catch((error) => error.name)"), "TypeError");
});

test("a host function cannot run a script while one runs, but may queue one", async () => {
  const { runtime } = await made();
  let queued;
  runtime.register("again", () => {
    queued = runtime.evalAsync("2");
    assert.throws(() => runtime.eval("1"), ends(/a script is running/, "ERR_BUSY"));
    return runtime.eval("1");
  });
  // What a host function throws reaches the host through the script.
  assert.throws(() => runtime.eval("again()"), (error) => ScriptError.is(error) && fails("RuntimeError", /a script is running/, "ERR_BUSY")(error));
  assert.equal(await queued, 2);
});

test("lines go to the sinks", async () => {
  const { runtime, lines } = await made();
  runtime.eval("console.log('a', { b: 1 }); console.error('c'); console.log('d\\ne')");
  assert.deepEqual(lines.join("\n").split("\n"), ["a { b: 1 }", "! c", "d", "e"]);
  const wrong = await made({
    stdout: () => {
      throw new Error("the sink is full");
    },
  });
  assert.throws(() => wrong.runtime.eval("console.log(1)"), (error) => {
    assert.match(error.message, /cannot write to standard output/);
    assert.match(error.cause.message, /the sink is full/);
    return true;
  });
});

test("an error that nobody handles is told, and the runtime goes on", async () => {
  const { runtime, errors } = await made();
  runtime.eval("setTimeout(() => { throw new TypeError('in a timer') })");
  await until(() => errors.length === 1);
  assert.ok(fails("TypeError", /in a timer/)(errors[0].error));
  assert.match(errors[0].report, /Uncaught TypeError: in a timer/);
  runtime.eval("Promise.reject(new RangeError('nobody catches'))");
  await until(() => errors.length === 2);
  assert.ok(fails("RangeError", /nobody catches/)(errors[1].error));
  assert.equal(runtime.eval("1"), 1);
});

test("options that mean nothing are refused", async () => {
  const refused = (options, message) => assert.rejects(Runtime.create(options), fails("TypeError", message));
  await refused(null, /must be an object/);
  await refused({ stdOut() {} }, /no option `stdOut`; there are stdout/);
  await refused({ stdout: 1 }, /`stdout` must be a function/);
  await refused({ files: { "a.js": 1 } }, /`files` must be/);
  await refused({ args: [1] }, /`args` must be an array of strings/);
  await refused({ limits: { memroy: 1 } }, /no limit `memroy`; there are memory/);
  await refused({ limits: { cpu: -1 } }, /`cpu` must be a number above 0/);
  await refused({ deny: ["everything"] }, /no permission `everything`/);
  assert.throws(() => new Runtime(), fails("TypeError", /Runtime\.create/));
  assert.ok(await made({ deny: ["net", "read"] }));
});

test("runtimes know nothing of each other", async () => {
  const one = await made();
  const two = await made();
  one.runtime.eval("globalThis.mine = 1; Array.prototype.push = null");
  assert.equal(two.runtime.eval("typeof mine + typeof [].push"), "undefinedfunction");
  assert.equal(one.runtime.eval("typeof process + typeof require + typeof fetch"), "undefinedundefinedundefined");
});

test("an endless loop ends by its limit", async () => {
  await endsInWords({ limits: { cpu: 50 } }, "for (;;) {}", /limits\.cpu = "50ms"/);
  const { runtime } = await made({ limits: { cpu: 50 } });
  await assert.rejects(runtime.evalAsync("(async () => { for (;;) await null })()"), ends(/limits\.cpu/, "ERR_LIMIT"));
  assert.throws(() => runtime.eval("1"), ends(/limits\.cpu/, "ERR_LIMIT"));
});

test("a wait ends by its limit", async () => {
  const { runtime, errors } = await made({ limits: { wall: 20 } });
  const limit = ends(/limits\.wall = "20ms"/, "ERR_LIMIT");
  await assert.rejects(runtime.evalAsync("new Promise((done) => setTimeout(done, 1e6))"), limit);
  assert.deepEqual(errors, []);
  assert.throws(() => runtime.eval("1"), limit);
  const nobody = await made({ limits: { wall: 20 } });
  nobody.runtime.eval("setInterval(() => {}, 1e6)");
  await until(() => nobody.errors.length > 0);
  assert.ok(limit(nobody.errors[0].error));
});

test("the limits of the build are a ceiling", async () => {
  await endsInWords({ limits: { cpu: 1e9 } }, "for (;;) {}", /limits\.cpu = "2s"/);
});

test("more timers than allowed are refused", async () => {
  const { runtime } = await made({ limits: { timers: 2 } });
  const code = "setTimeout(() => {}, 1e6); setTimeout(() => {}, 1e6); setTimeout(() => {}, 1e6)";
  assert.throws(() => runtime.eval(code), fails("RangeError", /timers/, "ERR_TOO_MANY_TIMERS"));
});

test("a script that wants all memory ends, and the page lives", async () => {
  const code = "const kept = []; for (;;) kept.push(new Uint8Array(100_000))";
  await endsInWords({ limits: { memory: 16 << 20 } }, code, /limits\.memory = "16MiB"/);
  await endsInWords({ limits: { memory: 16 << 20 } }, "'x'.repeat(1 << 28)", /./);
});

test("what nests too deeply ends, and the page lives", async () => {
  const attacks = [
    "(function f() { f() })()",
    "JSON.parse('['.repeat(1e5))",
    "eval('('.repeat(1e5))",
    "let deep = []; for (let i = 0; i < 1e5; i++) deep = [deep]; JSON.stringify(deep)",
    "let text = []; for (let i = 0; i < 1e5; i++) text = [text]; String(text)",
    "new RegExp('('.repeat(1e5))",
  ];
  for (const code of attacks) await endsInWords({}, code, /./);
});

test("a loss that a timer brings is told, and rejects what waits", async () => {
  const { runtime, errors } = await made();
  runtime.evalAsync("new Promise(() => {})").catch((error) => errors.push({ error }));
  const code = "setTimeout(() => { try { host() } finally { JSON.parse('['.repeat(1e6)) } })";
  runtime.register("host", () => {
    // The host's own stack is used up first, so that the module's cannot be enough.
    const dig = () => dig();
    return dig();
  });
  runtime.eval(code);
  await until(() => errors.length > 0);
  assert.ok(errors[0].error instanceof Error);
  runtime.dispose();
});

test("nothing works after dispose, and what waits is rejected", async () => {
  const { runtime, lines } = await made();
  const waiting = runtime.evalAsync("new Promise((done) => setTimeout(done, 1e6))");
  runtime.eval("setInterval(() => console.log('still here'), 1)");
  runtime.dispose();
  runtime.dispose();
  assert.equal(runtime.isDisposed, true);
  await assert.rejects(waiting, ends(/disposed/, "ERR_DISPOSED"));
  assert.throws(() => runtime.eval("1"), ends(/disposed/, "ERR_DISPOSED"));
  assert.throws(() => runtime.register("x", () => {}), ends(/disposed/, "ERR_DISPOSED"));
  await assert.rejects(runtime.evalAsync("1"), ends(/disposed/, "ERR_DISPOSED"));
  await assert.rejects(runtime.runModule("1"), ends(/disposed/, "ERR_DISPOSED"));
  const { runtime: other } = await made();
  await other.evalAsync("new Promise((done) => setTimeout(done, 20))");
  assert.deepEqual(lines, []);
});

test("a host function may dispose of the runtime that calls it", async () => {
  // An engine that cannot be interrupted ends the loop by its limit.
  const { runtime } = await made({ limits: { cpu: 100 } });
  runtime.register("end", () => runtime.dispose());
  assert.throws(() => runtime.eval("end(); for (;;) {}"), ends(/disposed/, "ERR_DISPOSED"));
});

test("a hundred runtimes come and go without growth", async () => {
  assert.equal(typeof globalThis.gc, "function", "run it with --expose-gc");
  const round = async (count) => {
    for (let at = 0; at < count; at++) {
      const { runtime } = await made();
      runtime.register("host", () => new Uint8Array(1000));
      await runtime.evalAsync("setInterval(host, 1000); new Promise((done) => setTimeout(done))");
      runtime.dispose();
      runtimes.pop();
    }
    // What a runtime left for the next turns of the loop goes with them.
    for (let turn = 0; turn < 5; turn++) {
      await new Promise((resolve) => setImmediate(resolve));
      globalThis.gc();
    }
    const { external, arrayBuffers, heapUsed } = process.memoryUsage();
    return external + arrayBuffers + heapUsed;
  };
  const before = await round(5);
  const after = await round(100);
  // Less than what two runtimes hold, out of a hundred.
  assert.ok(after - before < 3 << 20, `${before} bytes became ${after}`);
});
