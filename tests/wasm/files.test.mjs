// The files of a runtime in Node: the page's own way to them, what scripts see of it, and what becomes of those that have no place.
// `PACKAGE` is the folder of the package that `files.toml` gives; `node --test` runs it.

import assert from "node:assert/strict";
import { test } from "node:test";

const { Runtime, Store } = await import(new URL(`file://${process.env.PACKAGE}/nodejs/index.js`));

const text = (bytes) => new TextDecoder().decode(bytes);

/** A tree in few words: a file with its text, a folder with `/`, what is gone with `-`. */
const words = (tree) => Array.from(tree, ([path, content]) => (content === null ? `${path}/` : content === undefined ? `${path}-` : `${path}=${text(content)}`));

const fails = (code, message = /./) => (error) => {
  assert.ok(error instanceof Error, String(error));
  assert.equal(error.code, code, error.message);
  assert.match(error.message, message);
  return true;
};

/** Runs a module with what `runtime:fs` has as `fs`, and gives what its body returns. */
const guest = async (runtime, body) => {
  const code = `import * as fs from "runtime:fs"; export const result = await (async () => { ${body} })();`;
  return (await runtime.runModule(code)).result;
};

/** A store in memory, which keeps what it is told and says no when told to. */
class Memory {
  records = new Map();
  saves = [];
  failing;

  async load() {
    return [...this.records.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
  }

  async save(change) {
    this.saves.push(change);
    if (this.failing) throw this.failing;
    for (const path of change.removed) {
      for (const at of this.records.keys()) if (at === path || at.startsWith(path === "/" ? path : `${path}/`)) this.records.delete(at);
    }
    for (const record of change.put) this.records.set(record.path, record);
  }
}

test("a tree goes in, scripts see it, and it comes out", async () => {
  const bytes = new Uint8Array([9, 0, 255, 9]);
  const tree = new Map([["/work/a/b.txt", "text ä"], ["work/./c/../bytes", bytes.subarray(1, 3)], ["/work/empty", null]]);
  const runtime = await Runtime.create({ fs: tree });
  const seen = await guest(runtime, `return [await fs.readText("/work/a/b.txt"), [...await fs.read("/work/bytes")], (await fs.readDir("/work")).map(({ name }) => name), (await fs.readDir("/work/empty")).length, (await fs.stat("/work/a")).isDirectory]`);
  assert.deepEqual(seen, ["text ä", [0, 255], ["a", "bytes", "empty"], 0, true]);
  const out = runtime.fs.export();
  assert.ok(out instanceof Map);
  assert.deepEqual([...out.keys()], ["/app", "/app/a.txt", "/app/folder", "/app/folder/b.txt", "/assets", "/assets/a.txt", "/assets/folder", "/assets/folder/b.txt", "/work", "/work/a", "/work/a/b.txt", "/work/bytes", "/work/empty"]);
  assert.deepEqual(out.get("/work/bytes"), new Uint8Array([0, 255]));
  assert.equal(out.get("/work/empty"), null);
  assert.equal(text(out.get("/assets/folder/b.txt")), "two");
});

test("what came out goes in again", async () => {
  const runtime = await Runtime.create({ fs: { "/work/a": "1", "/app/folder/b.txt": undefined } });
  await guest(runtime, `await fs.makeDir("/work/open/deep", { recursive: true }); await fs.writeText("/work/open/deep/x", "2")`);
  const changes = runtime.fs.changes();
  assert.deepEqual(words(changes), ["/work/a=1", "/work/open/", "/work/open/deep/", "/work/open/deep/x=2", "/app/folder/", "/app/folder/b.txt-"]);
  const again = await Runtime.create({ fs: changes });
  assert.deepEqual(again.fs.export(), runtime.fs.export());
  assert.deepEqual(words(again.fs.changes()), words(changes));
  const work = [...runtime.fs.export()].filter(([path]) => path.startsWith("/work"));
  const third = await Runtime.create();
  third.fs.import(work);
  third.fs.import(Object.fromEntries(work));
  assert.deepEqual([...third.fs.export()].filter(([path]) => path.startsWith("/work")), work);
});

test("single files are read, written, listed and removed, while scripts run and later", async () => {
  const runtime = await Runtime.create();
  runtime.fs.write("/work/a/b", "one");
  runtime.fs.write("/work/a/b", new Uint8Array([116, 119, 111]).buffer);
  runtime.fs.write("/work/a/c", new DataView(new Uint8Array([1, 2, 3]).buffer, 1));
  assert.equal(text(runtime.fs.read("work/a/b")), "two");
  assert.deepEqual(runtime.fs.read("/work/a/c"), new Uint8Array([2, 3]));
  assert.deepEqual(runtime.fs.list(), ["app", "assets", "work"].map((name) => ({ name, isFile: false, isDirectory: true })));
  assert.deepEqual(runtime.fs.list("/work/a"), ["b", "c"].map((name) => ({ name, isFile: true, isDirectory: false })));
  runtime.register("host", (path) => {
    runtime.fs.write(path, `${text(runtime.fs.read(path))} and more`);
  });
  assert.equal(await guest(runtime, `host("/work/a/b"); return fs.readText("/work/a/b")`), "two and more");
  runtime.fs.remove("/work/a");
  assert.deepEqual(runtime.fs.list("/work"), []);
  assert.equal(await guest(runtime, `return fs.exists("/work/a/b")`), false);
  // What was read is the page's own.
  const mine = runtime.fs.read("/app/a.txt");
  mine.fill(0);
  assert.equal(text(runtime.fs.read("/app/a.txt")), "one");
});

test("a megabyte crosses whole", async () => {
  const bytes = new Uint8Array(1_000_000).map((_, at) => at * 7);
  const runtime = await Runtime.create({ fs: { "/work/large": bytes } });
  assert.deepEqual(runtime.fs.read("/work/large"), bytes);
  assert.equal(await guest(runtime, `const bytes = await fs.read("/work/large"); return bytes.length + bytes[999]`), 1_000_000 + bytes[999]);
});

test("the permissions of scripts are theirs", async () => {
  const runtime = await Runtime.create({ fs: { "/work/mine": "1" } });
  const refused = (body) => guest(runtime, `try { ${body} } catch (error) { return error.code } return "done"`);
  assert.equal(await refused(`await fs.readText("/work/mine")`), "done");
  assert.equal(await refused(`await fs.writeText("/work/mine", "2")`), "ERR_NOT_ALLOWED");
  assert.equal(await refused(`await fs.makeDir("/work/open", { recursive: true }); await fs.writeText("/work/open/x", "2")`), "done");
  assert.equal(await refused(`await fs.writeText("/assets/a.txt", "2")`), "EROFS");
  assert.equal(await refused(`await fs.writeText("/app/a.txt", "2")`), "done");
  runtime.fs.write("/work/mine", "the page may");
  const denied = await Runtime.create({ fs: { "/work/mine": "1" }, deny: ["read", "write"] });
  await assert.rejects(guest(denied, `return fs.readText("/work/mine")`), fails("ERR_NOT_ALLOWED"));
  assert.equal(text(denied.fs.read("/work/mine")), "1");
});

test("what does not fit is told, and what is there stays", async () => {
  const runtime = await Runtime.create({ fs: { "/work/kept": "kept" } });
  const full = fails("ENOSPC", /no space left on device, open '\/work\/large'/);
  assert.throws(() => runtime.fs.write("/work/large", new Uint8Array(2 << 20)), full);
  assert.throws(() => runtime.fs.write("/work/large", new Uint8Array(1 << 20)), full);
  assert.throws(() => runtime.fs.import([["/work/first", "1"], ["/work/large", new Uint8Array(1 << 20)], ["/work/last", "1"]]), full);
  assert.deepEqual(words(runtime.fs.changes()), ["/work/first=1", "/work/kept=kept"]);
  await assert.rejects(Runtime.create({ fs: { "/work/large": new Uint8Array(1 << 20) } }), full);
  await assert.rejects(guest(runtime, `return fs.write("/work/open", new Uint8Array(1 << 20))`), fails("ENOSPC"));
  runtime.fs.write("/work/small", "it goes on");
});

test("what has no place is refused by name", async () => {
  const runtime = await Runtime.create({ fs: { "/work/file": "" } });
  const rows = [
    [() => runtime.fs.read("/work/none"), "ENOENT", /'\/work\/none'/],
    [() => runtime.fs.read("/work"), "EISDIR", /'\/work'/],
    [() => runtime.fs.list("/work/file"), "ENOTDIR", /scandir/],
    [() => runtime.fs.list("/none"), "ENOENT", /'\/none'/],
    [() => runtime.fs.remove("/work/none"), "ENOENT", /rm/],
    [() => runtime.fs.remove("/work"), "EBUSY", /rm/],
    [() => runtime.fs.remove("/assets/a.txt"), "EROFS", /read-only/],
    [() => runtime.fs.write("/assets/a.txt", ""), "EROFS", /read-only/],
    [() => runtime.fs.write("/none/x", ""), "ENOENT", /'\/none\/x'/],
    [() => runtime.fs.write("/work", ""), "EISDIR", /'\/work'/],
    [() => runtime.fs.write("/work/file/x", ""), "ENOTDIR", /'\/work\/file\/x'/],
    [() => runtime.fs.write(`/work/${"x".repeat(256)}`, ""), "ENAMETOOLONG", /name too long/],
    [() => runtime.fs.write(`/work/${"x/".repeat(600)}x`, ""), "ENAMETOOLONG", /name too long/],
    [() => runtime.fs.import({ "/work": undefined }), "EBUSY", /'\/work'/],
  ];
  for (const [act, code, message] of rows) assert.throws(act, fails(code, message));
});

test("arguments that mean nothing are refused before anything is done", async () => {
  const runtime = await Runtime.create();
  const refused = (act, message) => assert.throws(act, (error) => error instanceof TypeError && message.test(error.message));
  refused(() => runtime.fs.write("/work/x", 1), /content of `\/work\/x` must be a string or bytes/);
  refused(() => runtime.fs.write("/work/x", null), /must be a string or bytes/);
  refused(() => runtime.fs.write("/work/x"), /must be a string or bytes/);
  refused(() => runtime.fs.write("/work/x\0y", ""), /NUL/);
  refused(() => runtime.fs.read(""), /a path must be a string/);
  refused(() => runtime.fs.read(1), /a path must be a string/);
  refused(() => runtime.fs.import("/work/x"), /import: a tree of files must be a map or an object/);
  refused(() => runtime.fs.import(new Uint8Array(3)), /a tree of files/);
  refused(() => runtime.fs.import(["/work/x"]), /pairs/);
  refused(() => runtime.fs.import({ "/work/first": "", "/work/x": [] }), /content of `\/work\/x`/);
  assert.deepEqual(runtime.fs.list("/work"), []);
  const create = (fs, message) => assert.rejects(Runtime.create({ fs }), (error) => error instanceof TypeError && message.test(error.message));
  await create("/work", /`fs`: a tree of files must be/);
  await create({ "/work/x": 1 }, /content of `\/work\/x`/);
  await create({ store: Promise.resolve(new Memory()) }, /await Store\.open/);
  await create({ store: new Memory(), files: {} }, /no option `fs\.files`; there are store, tree/);
  await create({ store: new Memory(), tree: 1 }, /`fs\.tree`: a tree of files must be/);
  const named = await Runtime.create({ fs: { store: "a file like others" } }).catch((error) => error);
  assert.ok(fails("ENOENT", /'store'/)(named));
});

test("after dispose the files are gone", async () => {
  const runtime = await Runtime.create({ fs: { "/work/x": "" } });
  const { fs } = runtime;
  runtime.dispose();
  for (const act of [() => fs.read("/work/x"), () => fs.write("/work/x", ""), () => fs.list(), () => fs.export(), () => fs.changes()]) assert.throws(act, fails("ERR_DISPOSED"));
  await fs.flush();
});

test("a store of one's own keeps what changed, and only that", async () => {
  const store = new Memory();
  const first = await Runtime.create({ fs: { store, tree: { "/work/open/start": "1" } } });
  await guest(first, `await fs.writeText("/work/open/a", "a"); await fs.makeDir("/work/open/b/c", { recursive: true }); await fs.rename("/work/open/start", "/work/open/b/moved")`);
  first.fs.remove("/app/folder");
  first.fs.write("/app/folder/new", "hides what was inside");
  await first.fs.flush();
  const saves = store.saves.length;
  await first.fs.flush();
  assert.equal(store.saves.length, saves, "nothing changed");
  await guest(first, `await fs.append("/work/open/a", "b")`);
  first.dispose();
  await first.fs.flush();
  assert.deepEqual(store.saves[saves].removed, ["/work/open/a"]);
  assert.deepEqual(store.saves[saves].put.map(({ path }) => path), ["/work/open", "/work/open/a"]);
  const second = await Runtime.create({ fs: { store, tree: { "/work/open/start": "not again" } } });
  const expected = ["/work/open/", "/work/open/a=ab", "/work/open/b/", "/work/open/b/c/", "/work/open/b/moved=1", "/app/folder-", "/app/folder/", "/app/folder/new=hides what was inside"];
  assert.deepEqual(words(second.fs.changes()), expected);
  assert.deepEqual(second.fs.list("/app/folder").map(({ name }) => name), ["new"]);
  second.dispose();
  await second.fs.flush();
  assert.equal(store.saves.length, saves + 1, "nothing changed");
});

test("a store keeps when and how a file was changed", async () => {
  const store = new Memory();
  const first = await Runtime.create({ fs: { store } });
  const stat = `const { modified, mode } = await fs.stat("/work/open/x"); return [modified.getTime(), mode]`;
  await guest(first, `await fs.makeDir("/work/open", { recursive: true }); await fs.write("/work/open/x", new Uint8Array(3), { mode: 0o600 })`);
  const before = await guest(first, stat);
  first.dispose();
  const second = await Runtime.create({ fs: { store } });
  assert.deepEqual(await guest(second, stat), before);
  second.dispose();
});

test("one runtime uses a store at a time, and the next waits for what the one before left", async () => {
  const store = new Memory();
  const first = await Runtime.create({ fs: { store } });
  await assert.rejects(Runtime.create({ fs: { store } }), fails("ERR_STORE_BUSY", /another runtime/));
  first.fs.write("/work/x", "late");
  first.dispose();
  const second = await Runtime.create({ fs: { store } });
  assert.equal(text(second.fs.read("/work/x")), "late");
  second.dispose();
});

test("a store that fails is told of, and what it did not take is tried again", async () => {
  const store = new Memory();
  const errors = [];
  const onError = (error, report) => errors.push([error, report]);
  const runtime = await Runtime.create({ fs: { store }, onError });
  store.failing = Object.assign(new Error("the disk is full"), { code: "ENOSPC" });
  runtime.fs.write("/work/x", "1");
  await assert.rejects(runtime.fs.flush(), fails("ERR_STORE", /the files could not be saved: the disk is full/));
  assert.deepEqual(errors, []);
  runtime.fs.write("/work/y", "2");
  runtime.dispose();
  await assert.rejects(runtime.fs.flush(), fails("ERR_STORE"));
  assert.equal(errors.length, 1);
  assert.ok(fails("ERR_STORE", /could not be saved/)(errors[0][0]));
  assert.match(errors[0][1], /^Error: the files could not be saved/);
  store.failing = undefined;
  await runtime.fs.flush();
  assert.deepEqual([...store.records.keys()].sort(), ["/work/x", "/work/y"]);
});

test("a store that cannot be loaded, or has what has no place, is told of", async () => {
  const broken = { load: () => Promise.reject(new Error("no such disk")), save() {} };
  await assert.rejects(Runtime.create({ fs: { store: broken } }), fails("ERR_STORE", /could not be loaded: no such disk/));
  const record = { path: "/elsewhere/x", kind: "file", bytes: new Uint8Array(1), modified: 0, mode: 0o644 };
  const store = { load: () => [record], save() {} };
  await assert.rejects(Runtime.create({ fs: { store } }), fails("ENOENT", /the store has `\/elsewhere\/x`/));
  // It is free again.
  record.path = "/work/x";
  const runtime = await Runtime.create({ fs: { store } });
  runtime.dispose();
});

test("what a runtime wrote before a limit ended it is saved", async () => {
  const store = new Memory();
  const runtime = await Runtime.create({ fs: { store }, limits: { cpu: 100 } });
  await guest(runtime, `await fs.makeDir("/work/open", { recursive: true }); await fs.writeText("/work/open/x", "1")`);
  assert.throws(() => runtime.eval("for (;;) {}"), /limits\.cpu/);
  await runtime.fs.flush();
  assert.deepEqual([...store.records.keys()], ["/work/open", "/work/open/x"]);
});

test("what a lost engine had not saved is said to be lost, and the store is free", async () => {
  const store = new Memory();
  const { instantiate } = WebAssembly;
  WebAssembly.instantiate = async (...args) => {
    const { exports } = await instantiate.apply(WebAssembly, args);
    const trap = () => {
      throw new WebAssembly.RuntimeError("unreachable");
    };
    return { exports: { ...exports, wasmruntime_eval: trap } };
  };
  const runtime = await Runtime.create({ fs: { store, tree: { "/work/kept": "1" } } }).finally(() => (WebAssembly.instantiate = instantiate));
  await runtime.fs.flush();
  runtime.fs.write("/work/late", "2");
  assert.throws(() => runtime.eval("1"), fails("ERR_ENGINE_LOST"));
  await assert.rejects(runtime.fs.flush(), fails("ERR_STORE", /what changed in \/work\/late was not saved: the engine is lost/));
  const next = await Runtime.create({ fs: { store } });
  assert.deepEqual(words(next.fs.changes()), ["/work/kept=1"]);
  next.dispose();
});

test("there is no store of a browser's here, in words", async () => {
  await assert.rejects(Store.open("name"), fails("ERR_STORE_UNSUPPORTED", /there is no opfs and no indexeddb here: .*runtime\.fs\.export/));
  await assert.rejects(Store.open("name", { kind: "indexeddb" }), fails("ERR_STORE_UNSUPPORTED", /no indexeddb here/));
  await assert.rejects(Store.open(""), TypeError);
  await assert.rejects(Store.open("name", { kind: "cookie" }), /one of opfs, indexeddb/);
  assert.throws(() => new Store(), /Store\.open/);
});

test("a runtime in a worker has the same files, by promises", async () => {
  const tree = new Map([["/work/a/b.txt", "text ä"], ["/work/bytes", new Uint8Array([9, 0, 255, 9]).subarray(1, 3)], ["/work/empty", null], ["/work/open", null]]);
  const runtime = await Runtime.create({ worker: true, fs: tree });
  const seen = await guest(runtime, `await fs.writeText("/work/open/new", "by a script"); return [await fs.readText("/work/a/b.txt"), [...await fs.read("/work/bytes")]]`);
  assert.deepEqual(seen, ["text ä", [0, 255]]);
  assert.equal(text(await runtime.fs.read("/work/open/new")), "by a script");
  await runtime.fs.write("/work/c", new Uint8Array([1, 2, 3]).buffer);
  await runtime.fs.import({ "/work/d": "in" });
  assert.deepEqual((await runtime.fs.list("/work")).map(({ name }) => name), ["a", "bytes", "c", "d", "empty", "open"]);
  await runtime.fs.remove("/work/c");
  await assert.rejects(runtime.fs.read("/work/c"), fails("ENOENT", /\/work\/c/));
  await assert.rejects(runtime.fs.write("/work/c", 1), fails(undefined, /must be a string or bytes/));
  const out = await runtime.fs.export();
  assert.ok(out instanceof Map);
  assert.equal(text(out.get("/work/d")), "in");
  assert.ok(words(await runtime.fs.changes()).includes("/work/d=in"));
  await runtime.fs.flush();
  await runtime.dispose();
  await runtime.fs.flush();
  await assert.rejects(runtime.fs.read("/work/d"), fails("ERR_DISPOSED"));
});

test("a store outside keeps what a script in a worker changes", async () => {
  const store = new Memory();
  const first = await Runtime.create({ worker: true, fs: { store, tree: { "/work/open/start": "1" } } });
  await assert.rejects(Runtime.create({ worker: true, fs: { store } }), fails("ERR_STORE_BUSY"));
  await guest(first, `await fs.writeText("/work/open/kept", "yes")`);
  // The next one waits for what this one leaves.
  const gone = first.dispose();
  const second = await Runtime.create({ worker: true, fs: { store, tree: { "/work/open/start": "not again" } } });
  await gone;
  await first.fs.flush();
  assert.equal(await guest(second, `return (await fs.readText("/work/open/start")) + (await fs.readText("/work/open/kept"))`), "1yes");
  await second.dispose();
  store.failing = Object.assign(new Error("the disk is full"), { code: "ENOSPC" });
  const errors = [];
  const third = await Runtime.create({ worker: true, fs: { store }, onError: (error) => errors.push(error) });
  await guest(third, `await fs.writeText("/work/open/late", "no")`);
  await assert.rejects(third.fs.flush(), fails("ERR_STORE", /the disk is full/));
  await third.dispose();
  await assert.rejects(third.fs.flush(), fails("ERR_STORE", /the disk is full/));
  assert.ok(errors.every(fails("ERR_STORE")) && errors.length > 0);
});

test("a worker that is ended from outside says that files may not be saved", async () => {
  const store = new Memory();
  const errors = [];
  const runtime = await Runtime.create({ worker: true, fs: { store, tree: { "/work/open": null } }, limits: { cpu: 100 }, onError: (error) => errors.push(error) });
  const code = `import { writeText } from "runtime:fs"; await writeText("/work/open/a", "1"); Array(2 ** 31).join("")`;
  await assert.rejects(runtime.runModule(code), fails("ERR_LIMIT", /limits\.cpu/));
  await assert.rejects(runtime.fs.flush(), fails("ERR_STORE", /may not be saved: the script computed for longer/));
  assert.deepEqual(errors.map(({ code }) => code), ["ERR_STORE"]);
  const next = await Runtime.create({ worker: true, fs: { store } });
  await next.dispose();
});
