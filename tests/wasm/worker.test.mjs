// A runtime in a worker, in Node: the interface is that of a runtime without one, and it ends whatever
// its script does. `PACKAGE` is the package's folder.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { afterEach, test } from "node:test";

import { fails } from "./fails.mjs";

const index = new URL(`file://${process.env.PACKAGE}/nodejs/index.js`);
const { Runtime } = await import(index);

const runtimes = [];

afterEach(async () => {
  for (const runtime of runtimes.splice(0)) await runtime.dispose();
});

/** A runtime in a worker whose lines and unhandled errors are kept. */
async function made(options = {}) {
  const lines = [];
  const errors = [];
  const runtime = await Runtime.create({
    worker: true,
    stdout: (text) => lines.push(text),
    stderr: (text) => lines.push(`! ${text}`),
    onError: (error, report) => errors.push({ error, report }),
    ...options,
  });
  runtimes.push(runtime);
  return { runtime, lines, errors };
}

/** Waits until `holds`, turn by turn of the host's own loop. */
async function until(holds) {
  while (!holds()) await new Promise((resolve) => setImmediate(resolve));
}

/** One operation of the engine that takes a minute, and that no engine interrupts. Where the first one is refused, it is the other. */
const LONG = "(() => { try { return Array(2 ** 31).join('') } catch { return /^(a+)+$/.test('a'.repeat(40) + 'b') } })()";

test("values cross as data, both ways", async () => {
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
    { a: { b: "c" }, ["__proto__"]: { c: [1] } },
    new Date(86400000),
    new Uint8Array([0, 127, 255]),
  ];
  await runtime.register("same", (value) => value);
  await runtime.register("given", () => values);
  assert.deepStrictEqual(await runtime.evalAsync("given().then((all) => Promise.all(all.map(same)))"), values);
  const view = new Uint8Array(new ArrayBuffer(1 << 20), 5, 2).fill(7);
  await runtime.register("view", () => view);
  assert.deepStrictEqual(await runtime.evalAsync("view()"), new Uint8Array([7, 7]));
});

test("errors keep their name, code, stack and cause", async () => {
  const { runtime } = await made();
  const code = "function f() { throw Object.assign(new RangeError('too far', { cause: new TypeError('why') }), { code: 'E_FAR' }) }\nf()";
  await assert.rejects(runtime.eval(code), (error) => {
    assert.ok(fails("RangeError", /^too far$/, "E_FAR")(error));
    assert.match(error.stack, /^RangeError: too far\n\s+at f \(<eval>:1:/);
    return fails("TypeError", /^why$/)(error.cause);
  });
  await assert.rejects(runtime.eval("("), fails("SyntaxError", /./));
  for (const value of ["'text'", "42", "null", "({ a: 1 })"]) await assert.rejects(runtime.eval(`throw ${value}`), Error);
  const nested = await runtime.eval("[{ error: Object.assign(new TypeError('kept'), { code: 'E' }) }]");
  assert.ok(fails("TypeError", /kept/, "E")(nested[0].error));
});

test("modules, files, arguments and timers are there", async () => {
  const files = { "lib/a.js": "export const a = 1; export { b } from './b.js'" };
  const { runtime, lines } = await made({ files, args: ["x"] });
  // Calls are done in order, so nothing has to be waited for.
  runtime.addFile("lib/b.js", "export const b = 2");
  const code = `import { a, b } from "./lib/a.js";
    console.log("in", import.meta.args);
    console.error("wrong");
    export default await new Promise((done) => setTimeout(done, 1, "slept"));
    export const sum = a + b;`;
  assert.deepEqual(await runtime.runModule(code), { default: "slept", sum: 3 });
  assert.deepEqual(await runtime.runFile("lib/a.js"), { a: 1, b: 2 });
  assert.deepEqual(lines, ["in [ 'x' ]", "! wrong"]);
  await assert.rejects(runtime.runModule("import './gone.js'", "m.js"), fails("Error", /gone\.js/));
});

test("a host function gives a script a promise", async () => {
  const { runtime } = await made();
  const seen = [];
  await runtime.register("note", (...args) => void seen.push(args));
  await runtime.register("soon", async (value) => value + 1);
  await runtime.register("fails", () => {
    throw Object.assign(new RangeError("by the host"), { code: "E_HOST" });
  });
  await runtime.register("throwsText", () => {
    throw "text";
  });
  await runtime.register("wrong", () => () => {});
  await runtime.register("deep", () => {
    let value = {};
    for (let i = 0; i < 1000; i++) value = { value };
    return value;
  });
  assert.equal(await runtime.eval("note(1, [2], { three: 3 }) instanceof Promise"), true);
  assert.deepEqual(seen, [[1, [2], { three: 3 }]]);
  assert.equal(await runtime.evalAsync("soon(1)"), 2);
  const caught = "fails().catch((error) => [error instanceof RangeError, error.message, error.code])";
  assert.deepEqual(await runtime.evalAsync(caught), [true, "by the host", "E_HOST"]);
  await assert.rejects(runtime.evalAsync("fails()"), fails("RangeError", /by the host/, "E_HOST"));
  await assert.rejects(runtime.evalAsync("throwsText()"), fails("Error", /text/));
  await assert.rejects(runtime.evalAsync("wrong()"), fails("TypeError", /a function cannot cross into a runtime/));
  await assert.rejects(runtime.evalAsync("deep()"), fails("RangeError", /nests at most 200 deep/));
  await assert.rejects(runtime.register("x", 1), fails("TypeError", /must be a function/));
});

test("a host function may call the runtime that calls it", async () => {
  const { runtime } = await made();
  await runtime.register("again", () => runtime.eval("6 * 7"));
  assert.equal(await runtime.evalAsync("again()"), 42);
});

test("a script cannot pile up what the host has not taken", async () => {
  const { runtime } = await made();
  await runtime.register("note", () => {});
  const many = "for (let i = 0; i < 10_001; i++) note(i)";
  await assert.rejects(runtime.eval(many), fails("RangeError", /10000 calls of host functions wait/, "ERR_TOO_MUCH_PENDING"));
  assert.equal(await runtime.evalAsync("note('again').then(() => 'answered')"), "answered");
  const big = "const mib = 'x'.repeat(1 << 20); for (let i = 0; i < 100; i++) note(mib)";
  await assert.rejects(runtime.eval(big), fails("RangeError", /has not taken 67108864 bytes/, "ERR_TOO_MUCH_PENDING"));
});

test("many lines come whole and in order, before the result", async () => {
  const { runtime, lines } = await made();
  await runtime.eval("for (let i = 0; i < 5000; i++) console.log(i)");
  assert.deepEqual(lines.join("\n").split("\n"), Array.from({ length: 5000 }, (_, at) => String(at)));
});

test("an error that nobody handles is told, and the runtime goes on", async () => {
  const { runtime, errors } = await made({
    stdout: () => {
      throw new Error("the sink is full");
    },
  });
  await runtime.eval("setTimeout(() => { throw new TypeError('in a timer') })");
  await until(() => errors.length === 1);
  assert.ok(fails("TypeError", /in a timer/)(errors[0].error));
  assert.match(errors[0].report, /Uncaught TypeError: in a timer/);
  await runtime.eval("console.log(1)");
  assert.equal(errors[1].error.message, "the sink is full");
  assert.equal(await runtime.eval("1"), 1);
});

test("options that mean nothing are refused", async () => {
  const refused = (options, message) => assert.rejects(Runtime.create({ worker: true, ...options }), fails("TypeError", message));
  await refused({ stdOut() {} }, /no option `stdOut`/);
  await refused({ worker: 1 }, /`worker` must be a boolean/);
  await refused({ limits: { cpu: -1 } }, /`cpu` must be a number above 0/);
  await refused({ deny: ["everything"] }, /no permission `everything`/);
});

test("an operation that no engine interrupts ends by its limit of computing, and no other runtime", async () => {
  const { runtime: other } = await made();
  const { runtime, errors } = await made({ limits: { cpu: 100 } });
  const limit = fails("RuntimeError", /^the script computed for longer than `limits\.cpu = "100ms"` allows/, "ERR_LIMIT");
  // Of all that waits, each is told.
  const calls = [runtime.eval(LONG), runtime.evalAsync("1"), runtime.runModule("export const a = 1")];
  for (const call of calls) await assert.rejects(call, limit);
  await assert.rejects(runtime.eval("1"), limit);
  await assert.rejects(runtime.register("x", () => {}), limit);
  assert.equal(runtime.isDisposed, true);
  assert.deepEqual(errors, []);
  assert.equal(await other.eval("6 * 7"), 42);
});

test("the limits of the build end it, too, and a limit of time from start to end", async () => {
  const { runtime } = await made({ limits: { cpu: 1e9 } });
  await assert.rejects(runtime.eval(LONG), fails("RuntimeError", /limits\.cpu = "2s"/, "ERR_LIMIT"));
  const { runtime: timed } = await made({ limits: { wall: 200 } });
  await assert.rejects(timed.eval(LONG), fails("RuntimeError", /ran for longer than `limits\.wall = "200ms"`/, "ERR_LIMIT"));
});

test("what runs for nobody is told to the host when a limit ends it", async () => {
  const { runtime, errors } = await made({ limits: { cpu: 100 } });
  await runtime.eval(`setTimeout(() => ${LONG}); 1`);
  await until(() => errors.length > 0);
  assert.ok(fails("RuntimeError", /limits\.cpu/, "ERR_LIMIT")(errors[0].error));
  assert.equal(runtime.isDisposed, true);
});

test("an endless loop and a wait end by the runtime itself, in its words", async () => {
  const { runtime } = await made({ limits: { cpu: 50 } });
  await assert.rejects(runtime.eval("for (;;) {}"), fails("RuntimeError", /limits\.cpu = "50ms"/, "ERR_LIMIT"));
  const { runtime: waits } = await made({ limits: { wall: 50 } });
  await assert.rejects(waits.evalAsync("new Promise((done) => setTimeout(done, 1e6))"), fails("RuntimeError", /limits\.wall = "50ms"/, "ERR_LIMIT"));
  assert.equal(waits.isDisposed, true);
});

test("dispose ends a script in the middle of an operation", async () => {
  const { runtime, lines } = await made({ limits: { cpu: 1e9 } });
  await runtime.register("begun", () => runtime.dispose());
  const waiting = runtime.evalAsync(`begun(); ${LONG}`);
  await assert.rejects(waiting, fails("RuntimeError", /disposed/, "ERR_DISPOSED"));
  await runtime.dispose();
  await runtime[Symbol.asyncDispose ?? Symbol.for("Symbol.asyncDispose")]();
  assert.equal(runtime.isDisposed, true);
  await assert.rejects(runtime.eval("1"), fails("RuntimeError", /disposed/, "ERR_DISPOSED"));
  assert.deepEqual(lines, []);
});

test("a worker that cannot start, or that is lost, is said", async () => {
  const { workersOf } = await import(new URL("../worker.js", index));
  const given = { limits: {}, files: {}, args: [], deny: [], onError() {} };
  const lost = workersOf((hear, fail) => {
    queueMicrotask(() => fail(new Error("no such file")));
    return { postMessage() {}, terminate() {} };
  });
  await assert.rejects(lost(undefined, given), fails("RuntimeError", /the engine is lost: no such file; make a new runtime/, "ERR_ENGINE_LOST"));
});

test("Node goes on while a script has something to do, and no longer", () => {
  const program = (code) => `
    const { Runtime } = await import(${JSON.stringify(index.href)});
    const runtime = await Runtime.create({ worker: true });
    runtime.register("note", (text) => console.log(text));
    ${code}`;
  const run = (code) => spawnSync(process.execPath, ["--input-type=module", "--eval", program(code)], { encoding: "utf8" });
  const waits = run(`await runtime.eval("setTimeout(() => note('timer').then(() => console.log('answered')), 20); console.log('begun')");`);
  assert.deepEqual([waits.status, waits.stdout, waits.stderr], [0, "begun\ntimer\nanswered\n", ""]);
  const idle = run(`console.log(await runtime.eval("6 * 7"));`);
  assert.deepEqual([idle.status, idle.stdout, idle.stderr], [0, "42\n", ""]);
});

test("workers come and go without growth", async () => {
  const { performance } = await import("node:perf_hooks");
  const before = performance.eventLoopUtilization;
  assert.equal(typeof before, "function");
  for (let at = 0; at < 10; at++) {
    const { runtime } = await made();
    await runtime.eval("1");
    await runtime.dispose();
    runtimes.pop();
  }
  const workers = process.getActiveResourcesInfo().filter((name) => /Worker|MessagePort/.test(name));
  assert.deepEqual(workers, []);
});
