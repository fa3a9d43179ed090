// The files that a page keeps from one runtime to the next and from one visit to the next, in a real browser.

import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";

import { open, served } from "./browser.mjs";

let browser, server;

before(async () => {
  server = await served();
  browser = await open();
});

beforeEach(async () => {
  await browser.goto(`${server.origin}/package.json`);
  await browser.run(async () => {
    Object.assign(globalThis, await import("/web/index.js"));
    globalThis.errors = [];
    globalThis.make = (fs) => Runtime.create({ fs, onError: (error) => errors.push(`${error.code}: ${error.message}`) });
    globalThis.guest = async (runtime, body) => (await runtime.runModule(`import * as fs from "runtime:fs"; export const result = await (async () => { ${body} })();`)).result;
    globalThis.said = (promise) => promise.then((value) => `no error: ${value}`, (error) => `${error.code}: ${error.message}`);
    globalThis.text = (bytes) => new TextDecoder().decode(bytes);
  });
});

after(async () => {
  await browser?.close();
  server?.close();
});

for (const kind of ["opfs", "indexeddb"]) {
  test(`${kind}: what a script writes is there in the next runtime`, async () => {
    const seen = await browser.run(async (kind) => {
      const store = await Store.open("kept", { kind });
      const first = await make({ store, tree: { "/start.txt": "1", "/gone.txt": "" } });
      await guest(first, `
        await fs.makeDir("/a/b", { recursive: true });
        await fs.writeText("/a/b/c.txt", "two ä");
        await fs.write("/a/bytes", new Uint8Array([0, 255]));
        await fs.remove("/gone.txt");
        await fs.remove("/app/page.txt");
        await fs.rename("/start.txt", "/moved.txt");`);
      const before = Array.from(first.fs.export(), ([path, bytes]) => [path, bytes && [...bytes]]);
      first.dispose();
      const second = await make({ store, tree: { "/start.txt": "not again" } });
      const after = Array.from(second.fs.export(), ([path, bytes]) => [path, bytes && [...bytes]]);
      const text = await guest(second, `await fs.remove("/a/bytes"); return fs.readText("/a/b/c.txt")`);
      second.dispose();
      await store.close();
      const again = await Store.open("kept");
      const third = await make({ store: again });
      const last = [...third.fs.export().keys()];
      third.dispose();
      await again.close();
      return { kind: again.kind, before, after, text, last, errors };
    }, kind);
    assert.equal(seen.kind, kind, "the one that has it is opened");
    assert.deepEqual(seen.after, seen.before);
    assert.deepEqual(seen.after.map(([path]) => path), ["/a", "/a/b", "/a/b/c.txt", "/a/bytes", "/app", "/moved.txt"]);
    assert.equal(seen.text, "two ä");
    assert.deepEqual(seen.last, ["/a", "/a/b", "/a/b/c.txt", "/app", "/moved.txt"]);
    assert.deepEqual(seen.errors, []);
    await browser.run(() => Store.delete("kept"));
  });

  test(`${kind}: what was flushed is there on the next visit`, async () => {
    await browser.run(async (kind) => {
      const runtime = await make({ store: await Store.open("visits", { kind }) });
      await guest(runtime, `await fs.writeText("/count", "1")`);
      await runtime.fs.flush();
    }, kind);
    await browser.goto(`${server.origin}/runtime.js`);
    const seen = await browser.run(async () => {
      const { Runtime, Store } = await import("/web/index.js");
      const store = await Store.open("visits");
      const runtime = await Runtime.create({ fs: { store } });
      const seen = [store.kind, new TextDecoder().decode(runtime.fs.read("/count"))];
      runtime.dispose();
      await store.close();
      await Store.delete("visits");
      return seen;
    });
    assert.deepEqual(seen, [kind, "1"]);
  });

  test(`${kind}: changes are saved by themselves`, async () => {
    const names = await browser.run(async (kind) => {
      const store = await Store.open("soon", { kind });
      const saved = new Promise((resolve) => {
        globalThis.spied = { load: () => store.load(), save: (change) => store.save(change).then(() => resolve(change.put.map(({ path }) => path))) };
      });
      const runtime = await make({ store: spied });
      await guest(runtime, `await fs.writeText("/soon", "1")`);
      const names = await saved;
      runtime.dispose();
      await store.close();
      await Store.delete("soon");
      return names;
    }, kind);
    assert.deepEqual(names, ["/soon"]);
  });

  test(`${kind}: a store that was deleted is empty`, async () => {
    const seen = await browser.run(async (kind) => {
      const store = await Store.open("brief", { kind });
      const runtime = await make({ store, tree: { "/x": "1" } });
      const open = await said(Store.delete("brief"));
      const twice = await said(Store.open("brief"));
      const used = await said(store.close());
      runtime.dispose();
      await store.close();
      const closed = await said(store.load());
      await store.close();
      const deleted = [await Store.delete("brief"), await Store.delete("brief")];
      const again = await Store.open("brief", { kind });
      const records = await again.load();
      await again.close();
      await Store.delete("brief");
      return { open, twice, used, closed, deleted, records, errors };
    }, kind);
    assert.match(seen.open, /^ERR_STORE_BUSY: Store\.delete: the store `brief` is open already/);
    assert.match(seen.twice, /^ERR_STORE_BUSY: Store\.open: the store `brief` is open already/);
    assert.match(seen.used, /^ERR_STORE_BUSY: the store is used by a runtime/);
    assert.match(seen.closed, /^ERR_STORE: the store `brief` was closed/);
    assert.deepEqual(seen.deleted, [true, false]);
    assert.deepEqual([seen.records, seen.errors], [[], []]);
  });

  test(`${kind}: names that mean something else to a file system are names`, async () => {
    const seen = await browser.run(async (kind) => {
      const seen = [];
      const names = ["..", ".", "a/b", "a%2Fb", "ä ü"];
      for (const name of names) {
        const store = await Store.open(name, { kind });
        await store.save({ removed: [], put: [{ path: "/name", kind: "file", bytes: new TextEncoder().encode(name), modified: 0, mode: 0o644 }] });
        await store.close();
      }
      for (const name of names) {
        const store = await Store.open(name);
        seen.push(text((await store.load())[0].bytes) === name);
        await store.close();
        await Store.delete(name);
      }
      return seen;
    }, kind);
    assert.deepEqual(seen, [true, true, true, true, true]);
  });
}

test("a folder takes what is beneath it along, and no neighbour", async () => {
  const rows = await browser.run(async () => {
    const rows = [];
    for (const kind of ["opfs", "indexeddb"]) {
      const store = await Store.open("neighbours", { kind });
      const put = ["/a", "/a-", "/a/b", "/a/b/c", "/a0", "/ab"].map((path) => ({ path, kind: "folder", modified: 0, mode: 0o755 }));
      await store.save({ removed: ["/"], put });
      await store.save({ removed: ["/a"], put: [] });
      const stayed = (await store.load()).map(({ path }) => path);
      await store.save({ removed: ["/"], put: [] });
      rows.push([stayed, await store.load()]);
      await store.close();
      await Store.delete("neighbours");
    }
    return rows;
  });
  assert.deepEqual(rows, Array(2).fill([["/a-", "/a0", "/ab"], []]));
});

test("a tree that came out goes in again", async () => {
  const same = await browser.run(async () => {
    const first = await make({ "/a/b": new Uint8Array([1, 2, 3]), "/empty": null });
    await guest(first, `await fs.writeText("/c", "from a script")`);
    const second = await make(first.fs.export());
    return JSON.stringify([...first.fs.export()].map(([path, bytes]) => [path, bytes && [...bytes]])) === JSON.stringify([...second.fs.export()].map(([path, bytes]) => [path, bytes && [...bytes]]));
  });
  assert.equal(same, true);
});

test("the quota holds, for the page and for scripts, and what fits is kept", async () => {
  const seen = await browser.run(async () => {
    const store = await Store.open("small");
    const runtime = await make({ store });
    const page = await said(Promise.resolve().then(() => runtime.fs.write("/large", new Uint8Array(300_000))));
    const script = await said(guest(runtime, `await fs.writeText("/fits", "1"); await fs.write("/large", new Uint8Array(300_000))`));
    runtime.dispose();
    const again = await make({ store });
    const names = [...again.fs.export().keys()];
    again.dispose();
    await store.close();
    await Store.delete("small");
    return { page, script, names, errors };
  });
  assert.match(seen.page, /^ENOSPC: ENOSPC: no space left on device, open '\/large'/);
  assert.match(seen.script, /^ENOSPC/);
  assert.deepEqual(seen.names, ["/app", "/app/page.txt", "/fits"]);
  assert.deepEqual(seen.errors, []);
});

test("a browser that has no more space is told of, by flush and to the page", async () => {
  const seen = await browser.run(async () => {
    const store = await Store.open("full", { kind: "opfs" });
    const runtime = await make({ store });
    const { createWritable } = FileSystemFileHandle.prototype;
    FileSystemFileHandle.prototype.createWritable = () => Promise.reject(new DOMException("the disk is full", "QuotaExceededError"));
    runtime.fs.write("/x", "1");
    const flushed = await said(runtime.fs.flush());
    runtime.fs.write("/y", "2");
    runtime.dispose();
    const disposed = await said(runtime.fs.flush());
    FileSystemFileHandle.prototype.createWritable = createWritable;
    await runtime.fs.flush();
    const names = (await store.load()).map(({ path }) => path);
    await store.close();
    await Store.delete("full");
    return { flushed, disposed, names, errors };
  });
  const words = /the files could not be saved: the store `full`: the disk is full/;
  assert.match(seen.flushed, words);
  assert.match(seen.disposed, words);
  assert.equal(seen.errors.length, 1);
  assert.match(seen.errors[0], words);
  assert.deepEqual(seen.names, ["/x", "/y"]);
});

test("a transaction that is aborted leaves what was there", async () => {
  const seen = await browser.run(async () => {
    const store = await Store.open("aborted", { kind: "indexeddb" });
    const runtime = await make({ store, tree: { "/x": "1" } });
    await runtime.fs.flush();
    const { put } = IDBObjectStore.prototype;
    IDBObjectStore.prototype.put = function (...args) {
      const request = put.apply(this, args);
      this.transaction.abort();
      IDBObjectStore.prototype.put = put;
      return request;
    };
    runtime.fs.write("/x", "2");
    const flushed = await said(runtime.fs.flush());
    const kept = text((await store.load())[0].bytes);
    await runtime.fs.flush();
    const then = text((await store.load())[0].bytes);
    runtime.dispose();
    await store.close();
    await Store.delete("aborted");
    return { flushed, kept, then };
  });
  assert.match(seen.flushed, /^ERR_STORE: the files could not be saved: the store `aborted`: /);
  assert.deepEqual([seen.kept, seen.then], ["1", "2"]);
});

test("what is damaged or newer is said to be", async () => {
  const seen = await browser.run(async () => {
    const seen = [];
    const folder = async (name) => (await (await navigator.storage.getDirectory()).getDirectoryHandle("tailor-files")).getDirectoryHandle(`tailor-files-${name}`);
    const rewrite = async (name, content) => {
      const writable = await (await (await folder(name)).getFileHandle("index.json", { create: true })).createWritable();
      await writable.write(content);
      await writable.close();
    };
    const store = await Store.open("broken", { kind: "opfs" });
    const runtime = await make({ store, tree: { "/x": "1" } });
    runtime.dispose();
    await store.close();
    const index = await (await (await (await folder("broken")).getFileHandle("index.json")).getFile()).text();
    for (const content of ["{", "null", `{ "version": 1 }`, `{ "version": 2 }`]) {
      await rewrite("broken", content);
      seen.push(await said(Store.open("broken")));
    }
    await rewrite("broken", index);
    await (await folder("broken")).removeEntry(JSON.parse(index).files["/x"].file);
    const without = await Store.open("broken");
    seen.push(await said(make({ store: without })));
    await without.close();
    await Store.delete("broken");
    await new Promise((resolve, reject) => {
      const request = indexedDB.open("tailor-files-newer", 2);
      request.onsuccess = () => resolve(request.result.close());
      request.onerror = () => reject(request.error);
    });
    seen.push(await said(Store.open("newer")));
    await Store.delete("newer");
    return seen;
  });
  const damaged = /^ERR_STORE: the store `broken`: it is damaged: .*Store\.delete/;
  for (const at of [0, 1, 2]) assert.match(seen[at], damaged);
  assert.match(seen[3], /^ERR_STORE: the store `broken`: it was written by a newer version/);
  assert.match(seen[4], /^ERR_STORE: the files could not be loaded: the store `broken`: it is damaged: the bytes of `\/x` are missing/);
  assert.match(seen[5], /^ERR_STORE: the store `newer`: it was written by a newer version/);
});

test("a save that did not end is swept away", async () => {
  const seen = await browser.run(async () => {
    const names = async () => {
      const folder = await (await (await navigator.storage.getDirectory()).getDirectoryHandle("tailor-files")).getDirectoryHandle("tailor-files-swept");
      const names = [];
      for await (const name of folder.keys()) names.push(name);
      return names.length;
    };
    const record = (path) => ({ path, kind: "file", bytes: new Uint8Array(1), modified: 0, mode: 0o644 });
    const store = await Store.open("swept", { kind: "opfs" });
    await store.save({ removed: [], put: [record("/x")] });
    const { createWritable } = FileSystemFileHandle.prototype;
    FileSystemFileHandle.prototype.createWritable = function (...args) {
      return this.name === "index.json" ? Promise.reject(new DOMException("no", "AbortError")) : createWritable.apply(this, args);
    };
    const failed = await said(store.save({ removed: ["/x"], put: [record("/x"), record("/y")] }));
    FileSystemFileHandle.prototype.createWritable = createWritable;
    const during = await names();
    const loaded = (await store.load()).map(({ path }) => path);
    await store.close();
    const again = await Store.open("swept");
    const after = await names();
    await again.close();
    await Store.delete("swept");
    return { failed, during, loaded, after };
  });
  assert.match(seen.failed, /^ERR_STORE: the store `swept`: no/);
  assert.deepEqual([seen.during, seen.loaded, seen.after], [4, ["/x"], 2]);
});
