// The package in a page: what its interface promises, in a real browser.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { open, served } from "./browser.mjs";

let browser, server;

before(async () => {
  server = await served();
  browser = await open();
  await browser.goto(`${server.origin}/package.json`);
});

after(async () => {
  await browser?.close();
  server?.close();
});

/** Runs a function in the page, with the package's class as its first argument. */
const inPage = (script, ...args) => browser.run(`async (...args) => (${script})((await import("/web/index.js")).Runtime, ...args)`, ...args);

test("values cross both ways", async () => {
  const values = await inPage(async (Runtime) => {
    const runtime = await Runtime.create();
    runtime.register("back", (value) => value);
    const values = runtime.eval(`back({ text: "ä", list: [1, null, true], bytes: new Uint8Array([1, 2]), nested: { at: new Date(0) } })`);
    runtime.dispose();
    const { text, list, bytes, nested } = values;
    return { text, list, bytes: [bytes instanceof Uint8Array, ...bytes], at: [nested.at instanceof Date, nested.at.getTime()] };
  });
  assert.deepEqual(values, { text: "ä", list: [1, null, true], bytes: [true, 1, 2], at: [true, 0] });
});

test("what is logged goes to the sinks, or to the page's console", async () => {
  const lines = await inPage(async (Runtime) => {
    const lines = [];
    const runtime = await Runtime.create({ stdout: (text) => lines.push(["out", text]), stderr: (text) => lines.push(["err", text]) });
    await runtime.runModule(`console.log("a", { b: [1] }); console.error("c")`);
    runtime.dispose();
    const log = console.log;
    console.log = (text) => lines.push(["console", text]);
    try {
      const other = await Runtime.create();
      await other.runModule(`console.log("d")`);
      other.dispose();
    } finally {
      console.log = log;
    }
    return lines;
  });
  assert.deepEqual(lines, [["out", "a { b: [ 1 ] }"], ["err", "c"], ["console", "d"]]);
});

test("modules import each other from the files that were given", async () => {
  const found = await inPage(async (Runtime) => {
    const files = { "lib/a.js": `import { b } from "./b.js"; export const a = "a" + b;`, "lib/b.js": `export const b = "b";` };
    const runtime = await Runtime.create({ files });
    const { whole, late } = await runtime.runModule(`
      import { a } from "./lib/a.js";
      export const whole = a + "!";
      export const late = (await import("./lib/b.js")).b;`);
    const missing = await runtime.runModule(`import "./nowhere.js"`, "other.js").catch((error) => error.message);
    runtime.dispose();
    return { whole, late, missing };
  });
  assert.equal(found.whole, "ab!");
  assert.equal(found.late, "b");
  assert.match(found.missing, /nowhere\.js/);
});

test("timers fire in order on the page's own loop", async () => {
  const order = await inPage(async (Runtime) => {
    const order = [];
    const runtime = await Runtime.create();
    const done = new Promise((resolve) => runtime.register("done", resolve));
    runtime.register("note", (name) => void order.push(name));
    runtime.eval(`
      setTimeout(() => { note("second"); done(); }, 20);
      setTimeout(() => note("first"), 1);
      Promise.resolve().then(() => note("microtask"));
      note("script");`);
    setTimeout(() => order.push("page"), 0);
    await done;
    runtime.dispose();
    return order.filter((name) => name !== "page").concat(order.includes("page"));
  });
  assert.deepEqual(order, ["script", "microtask", "first", "second", true]);
});

test("the page's functions may answer later, throw and reject", async () => {
  const found = await inPage(async (Runtime) => {
    const runtime = await Runtime.create();
    runtime.register("later", async (value) => value * 2);
    runtime.register("fails", () => {
      throw new TypeError("not today");
    });
    runtime.register("rejects", () => Promise.reject(new RangeError("never")));
    const result = await runtime.runModule(`
      export const twice = await later(21);
      export const errors = [];
      try { fails() } catch (error) { errors.push(error instanceof TypeError && error.message) }
      try { await rejects() } catch (error) { errors.push(error instanceof RangeError && error.message) }`);
    runtime.dispose();
    return result;
  });
  assert.deepEqual(found, { twice: 42, errors: ["not today", "never"] });
});

test("what a script throws is thrown, with its own stack", async () => {
  const found = await inPage(async (Runtime) => {
    const runtime = await Runtime.create();
    const caught = (code) => {
      try {
        return { value: runtime.eval(code) };
      } catch (error) {
        return error instanceof Error ? { name: error.name, message: error.message, stack: error.stack } : { thrown: error };
      }
    };
    const found = [caught(`function f() { throw new RangeError("too far") } f()`), caught(`throw "a text"`), caught(`throw null`), caught(`a b`)];
    runtime.dispose();
    return found;
  });
  assert.equal(found[0].name, "RangeError");
  assert.equal(found[0].message, "too far");
  assert.match(found[0].stack, /f \(/);
  assert.match(JSON.stringify(found[1]), /a text/);
  assert.match(JSON.stringify(found[2]), /null/);
  assert.equal(found[3].name, "SyntaxError");
});

test("a script that loops for ever is ended, and the page lives on", async () => {
  const found = await inPage(async (Runtime) => {
    const runtime = await Runtime.create({ limits: { cpu: 100 }, onError: () => {} });
    const message = await runtime.evalAsync("for (;;);").catch((error) => error.message);
    const after = await runtime.evalAsync("1").catch((error) => error.message);
    runtime.dispose();
    const fresh = await Runtime.create();
    const value = fresh.eval("40 + 2");
    fresh.dispose();
    return { message, after, value };
  });
  assert.match(found.message, /limits\.cpu/);
  assert.match(found.after, /limits\.cpu/);
  assert.equal(found.value, 42);
});

test("memory and stack that run out are errors, and a new runtime works", async () => {
  const found = await inPage(async (Runtime) => {
    const message = async (code) => {
      const runtime = await Runtime.create({ limits: { memory: 16 << 20 }, onError: () => {} });
      const message = await runtime.evalAsync(code).then(String, (error) => error.message);
      runtime.dispose();
      return message;
    };
    const memory = await message(`const kept = []; for (;;) kept.push(new Uint8Array(1 << 20).fill(1))`);
    const stack = await message(`function f() { return f() + 1 } f()`);
    const fresh = await Runtime.create();
    const value = fresh.eval("40 + 2");
    fresh.dispose();
    return { memory, stack, value };
  });
  assert.match(found.memory, /limits\.memory|engine is lost/);
  assert.match(found.stack, /stack|nested deeper|engine is lost/);
  assert.equal(found.value, 42);
});

test("runtimes on a page are independent, and gone when disposed of", async () => {
  const found = await inPage(async (Runtime) => {
    const [one, two] = await Promise.all([Runtime.create(), Runtime.create()]);
    one.eval("globalThis.a = 1; Array.prototype.extra = true");
    const apart = two.eval(`typeof a + " " + ("extra" in [])`);
    one.dispose();
    one.dispose();
    const code = await one.evalAsync("1").catch((error) => error.code);
    const still = two.eval("2");
    two.dispose();
    return { apart, code, still, disposed: one.isDisposed };
  });
  assert.deepEqual(found, { apart: "undefined false", code: "ERR_DISPOSED", still: 2, disposed: true });
});

test("nothing of the page is in a runtime", async () => {
  const found = await inPage(async (Runtime) => {
    const runtime = await Runtime.create();
    const found = runtime.eval(`["window", "document", "fetch", "localStorage", "process", "WebAssembly"].filter((name) => name in globalThis)`);
    runtime.dispose();
    return found;
  });
  assert.deepEqual(found, []);
});

test("in a worker every operation ends, and the page goes on", async () => {
  const found = await inPage(async (Runtime) => {
    const lines = [];
    // Where the first one is refused, the other takes as long.
    const long = "(() => { try { return Array(2 ** 31).join('') } catch { return /^(a+)+$/.test('a'.repeat(40) + 'b') } })()";
    const [runtime, other] = await Promise.all([Runtime.create({ worker: true, limits: { cpu: 200 }, stdout: (text) => lines.push(text) }), Runtime.create({ worker: true })]);
    await runtime.register("twice", (value) => 2 * value);
    const { twice } = await runtime.runModule(`console.log("here"); export const twice = await globalThis.twice(21);`);
    const thrown = await runtime.eval("throw Object.assign(new RangeError('far'), { code: 'E_FAR' })").catch(({ name, code }) => [name, code]);
    let answered = 0;
    const timer = setInterval(() => (answered += 1));
    const told = ({ code, message }) => `${code}: ${message}`;
    const ended = await Promise.all([runtime.eval(long).catch(told), runtime.eval("1").catch(told)]);
    clearInterval(timer);
    const goesOn = await other.eval("6 * 7");
    const waits = other.eval(long).catch(told);
    await other.dispose();
    return { lines, twice, thrown, ended, isOver: runtime.isDisposed, answered, goesOn, disposed: await waits };
  });
  assert.deepEqual(found.lines, ["here"]);
  assert.equal(found.twice, 42);
  assert.deepEqual(found.thrown, ["RangeError", "E_FAR"]);
  for (const said of found.ended) assert.match(said, /^ERR_LIMIT: the script computed for longer than `limits\.cpu = "200ms"` allows/);
  assert.equal(found.isOver, true);
  assert.ok(found.answered > 0, "the page's own timers fire meanwhile");
  assert.equal(found.goesOn, 42);
  assert.match(found.disposed, /^ERR_DISPOSED: /);
});

test("a worker that cannot start is said", async () => {
  const found = await inPage(async (Runtime) => {
    const said = (options) => Runtime.create(options).then(() => "made", (error) => `${error.name} ${error.code}: ${error.message}`);
    const taken = globalThis.Worker;
    globalThis.Worker = class extends taken {
      constructor() {
        super("/no-such-file.js", { type: "module" });
      }
    };
    const missing = await said({ worker: true });
    globalThis.Worker = taken;
    return { missing };
  });
  assert.match(found.missing, /^RuntimeError ERR_ENGINE_LOST: the engine is lost: its worker could not be started; make a new runtime$/);
});

test("a mistake in the options is said", async () => {
  const found = await inPage(async (Runtime) => {
    const said = (options) => Runtime.create(options).then(() => "made", (error) => `${error.name}: ${error.message}`);
    return [await said({ stdOut: () => {} }), await said({ stdout: "a" }), await said({ limits: { cpu: -1 } }), await said({ limits: { time: 1 } })];
  });
  assert.match(found[0], /TypeError: .*`stdOut`/);
  assert.match(found[1], /`stdout` must be a function/);
  assert.match(found[2], /`cpu` must be a number above 0/);
  assert.match(found[3], /no limit `time`/);
});
