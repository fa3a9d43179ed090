// Where a browser keeps the files of runtimes from one visit to the next: its private file system (OPFS), or a database (IndexedDB).

import { freed } from "./files.js";

/** The version of what is written; another one is not read. */
const VERSION = 1;

const PREFIX = "tailor-files";

/** A named store, which one page has at a time. */
export class Store {
  #name;
  #backend;
  #release;
  // One thing is done after another.
  #last = Promise.resolve();

  constructor(secret, name, backend, release) {
    if (secret !== Backends) throw new TypeError("open a store with `await Store.open(name)`");
    this.#name = name;
    this.#backend = backend;
    this.#release = release;
  }

  static async open(name, options = {}) {
    const kinds = allowed("Store.open", name, options);
    const release = await locked("Store.open", name);
    try {
      const kind = await chosen(name, kinds);
      return new Store(Backends, name, await named(name, () => Backends[kind].open(name)), release);
    } catch (error) {
      release();
      throw error;
    }
  }

  /** Deletes all that is kept under a name; whether there was anything. */
  static async delete(name) {
    const kinds = allowed("Store.delete", name, {});
    const release = await locked("Store.delete", name);
    try {
      let found = false;
      for (const kind of kinds) {
        if (!(await Backends[kind].has(name))) continue;
        found = true;
        await named(name, () => Backends[kind].delete(name));
      }
      return found;
    } finally {
      release();
    }
  }

  get name() {
    return this.#name;
  }

  get kind() {
    return this.#backend.kind;
  }

  load() {
    return this.#next((backend) => backend.load());
  }

  save(change) {
    return this.#next((backend) => backend.save(change));
  }

  /** Closes it when everything is saved, so that it can be opened elsewhere. */
  async close() {
    await freed(this);
    if (!this.#release) return;
    await this.#next((backend) => {
      backend.close();
      this.#release();
      this.#release = undefined;
    });
  }

  #next(work) {
    const done = this.#last.then(() => {
      if (!this.#release) throw coded(`the store \`${this.#name}\` was closed`, "ERR_STORE");
      return named(this.#name, () => work(this.#backend));
    });
    this.#last = done.catch(() => {});
    return done;
  }
}

/** Files in the browser's private file system: an index, which is replaced as a whole when everything that it names is written. */
class Opfs {
  static kind = "opfs";
  kind = Opfs.kind;
  #folder;
  // Of each path what is known of it, and the name of the file with its bytes.
  #index;
  #next;

  constructor(folder, { files, next }) {
    this.#folder = folder;
    this.#index = new Map(Object.entries(files));
    this.#next = next;
  }

  static async works() {
    if (!globalThis.navigator?.storage?.getDirectory || !globalThis.FileSystemFileHandle?.prototype.createWritable) return false;
    return navigator.storage.getDirectory().then(() => true, () => false);
  }

  static async has(name) {
    return (await this.works()) && (await exists(top().then((all) => all.getDirectoryHandle(folderOf(name)))));
  }

  static async open(name) {
    const folder = await (await top()).getDirectoryHandle(folderOf(name), { create: true });
    const file = await folder.getFileHandle("index.json").then((handle) => handle.getFile(), absent);
    const index = file ? understood(await file.text()) : { version: VERSION, next: 0, files: {} };
    const opened = new Opfs(folder, index);
    await opened.#sweep();
    return opened;
  }

  static async delete(name) {
    await (await top()).removeEntry(folderOf(name), { recursive: true });
  }

  load() {
    const entries = [...this.#index].sort(([a], [b]) => (a < b ? -1 : 1));
    return Promise.all(
      entries.map(async ([path, { file, ...rest }]) => {
        if (file === undefined) return { path, ...rest };
        const handle = await this.#folder.getFileHandle(file).catch((cause) => {
          throw damaged(`the bytes of \`${path}\` are missing`, cause);
        });
        return { path, ...rest, bytes: new Uint8Array(await (await handle.getFile()).arrayBuffer()) };
      }),
    );
  }

  async save({ removed, put }) {
    const index = new Map(this.#index);
    for (const path of index.keys()) if (removed.some((other) => isWithin(path, other))) index.delete(path);
    const writing = put.map(async ({ path, bytes, ...rest }) => {
      const file = bytes && String(this.#next++);
      index.set(path, bytes ? { ...rest, file } : rest);
      if (bytes) await this.#write(file, bytes);
    });
    const written = await Promise.allSettled(writing);
    const failed = written.find(({ status }) => status === "rejected");
    if (failed) throw failed.reason;
    await this.#write("index.json", JSON.stringify({ version: VERSION, next: this.#next, files: Object.fromEntries(index) }));
    this.#index = index;
    await this.#sweep();
  }

  close() {}

  async #write(name, content) {
    const handle = await this.#folder.getFileHandle(name, { create: true });
    const writable = await handle.createWritable();
    await writable.write(content);
    await writable.close();
  }

  /** Removes what the index does not name: what was replaced, or left by a save that did not end. */
  async #sweep() {
    const named = new Set(["index.json", ...[...this.#index.values()].map(({ file }) => file)]);
    const rest = [];
    for await (const name of this.#folder.keys()) if (!named.has(name)) rest.push(name);
    // It takes space and does no harm: the next time it is tried again.
    await Promise.all(rest.map((name) => this.#folder.removeEntry(name).catch(() => {})));
  }
}

/** Files in a database: a row for each, all of a save in one transaction. */
class IndexedDb {
  static kind = "indexeddb";
  kind = IndexedDb.kind;
  #database;

  constructor(database) {
    this.#database = database;
    // Another page deletes it.
    database.onversionchange = () => database.close();
  }

  static async works() {
    return Boolean(globalThis.indexedDB);
  }

  static async has(name) {
    if (!(await this.works())) return false;
    const all = await indexedDB.databases();
    return all.some((database) => database.name === folderOf(name));
  }

  static async open(name) {
    const request = indexedDB.open(folderOf(name), VERSION);
    request.onupgradeneeded = () => request.result.createObjectStore("files", { keyPath: "path" });
    return new IndexedDb(
      await answered(request).catch((error) => {
        throw error.name === "VersionError" ? newer() : error;
      }),
    );
  }

  static async delete(name) {
    await answered(indexedDB.deleteDatabase(folderOf(name)));
  }

  load() {
    return answered(this.#database.transaction("files").objectStore("files").getAll());
  }

  save({ removed, put }) {
    const transaction = this.#database.transaction("files", "readwrite");
    const files = transaction.objectStore("files");
    for (const path of removed) {
      files.delete(path);
      const folder = path === "/" ? "/" : `${path}/`;
      // All that begins so: `0` comes right after `/`.
      files.delete(IDBKeyRange.bound(folder, `${folder.slice(0, -1)}0`, false, true));
    }
    for (const record of put) files.put(record);
    return new Promise((resolve, reject) => {
      transaction.oncomplete = () => resolve();
      transaction.onabort = () => reject(transaction.error);
    });
  }

  close() {
    this.#database.close();
  }
}

/** In the order in which they are tried. */
const Backends = { [Opfs.kind]: Opfs, [IndexedDb.kind]: IndexedDb };

/** The kinds that may be used for a name. */
function allowed(who, name, options) {
  if (typeof name !== "string" || name === "") throw new TypeError(`${who}: a store's name must be a string that is not empty`);
  if (!isObject(options)) throw new TypeError(`${who}: the options must be an object`);
  const kinds = Object.keys(Backends);
  const [unknown] = Object.keys(options).filter((key) => key !== "kind");
  if (unknown !== undefined) throw new TypeError(`${who}: there is no option \`${unknown}\`; there is kind`);
  if (options.kind !== undefined && !kinds.includes(options.kind)) throw new TypeError(`${who}: \`kind\` must be one of ${kinds.join(", ")}`);
  return options.kind === undefined ? kinds : [options.kind];
}

/** The kind that has the name already, or the first one that works here. */
async function chosen(name, kinds) {
  for (const kind of kinds) if (await Backends[kind].has(name)) return kind;
  for (const kind of kinds) if (await Backends[kind].works()) return kind;
  const own = "elsewhere keep what `runtime.fs.export()` gives, or pass an object of your own with `load` and `save`";
  throw coded(`Store.open: there is no ${kinds.join(" and no ")} here: a store is for pages in a browser; ${own}`, "ERR_STORE_UNSUPPORTED");
}

/** Keeps other pages away from a name until what this gives is called. Where a browser cannot do that, nothing does. */
function locked(who, name) {
  if (!globalThis.navigator?.locks) return Promise.resolve(() => {});
  return new Promise((resolve, reject) => {
    const hold = (lock) => {
      if (!lock) throw coded(`${who}: the store \`${name}\` is open already, here or in another page; \`close\` it there`, "ERR_STORE_BUSY");
      return new Promise((release) => resolve(release));
    };
    navigator.locks.request(folderOf(name), { ifAvailable: true }, hold).catch(reject);
  });
}

/** Does it; an error says which store it was. */
async function named(name, work) {
  try {
    return await work();
  } catch (cause) {
    const words = cause instanceof Error || cause instanceof DOMException ? cause.message || cause.name : String(cause);
    throw coded(`the store \`${name}\`: ${words}`, cause?.code === "ERR_STORE" ? cause.code : codeOf(cause), cause);
  }
}

/** No space is told as a runtime tells it. */
function codeOf(cause) {
  return cause?.name === "QuotaExceededError" ? "ENOSPC" : "ERR_STORE";
}

function understood(text) {
  let index;
  try {
    index = JSON.parse(text);
  } catch (cause) {
    throw damaged("its index is no JSON", cause);
  }
  if (index?.version > VERSION) throw newer();
  if (index?.version !== VERSION || !isObject(index.files) || !Number.isSafeInteger(index.next)) throw damaged("its index has not what it must have");
  return index;
}

function damaged(what, cause) {
  return coded(`it is damaged: ${what}; \`await Store.delete(name)\` gives it up`, "ERR_STORE", cause);
}

function newer() {
  return coded("it was written by a newer version of this package, which must read it", "ERR_STORE");
}

async function top() {
  return (await navigator.storage.getDirectory()).getDirectoryHandle(PREFIX, { create: true });
}

/** A name that every backend takes; `.` and `..` mean something else as a folder's. */
function folderOf(name) {
  return `${PREFIX}-${encodeURIComponent(name).replaceAll(".", "%2E")}`;
}

function exists(promise) {
  return promise.then(() => true, absent).then((found) => found === true);
}

/** Nothing, where an error says that there is nothing. */
function absent(error) {
  if (error?.name === "NotFoundError") return undefined;
  throw error;
}

function answered(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

function isWithin(path, folder) {
  return folder === "/" || path === folder || path.startsWith(`${folder}/`);
}

function isObject(value) {
  return value !== null && typeof value === "object";
}

function coded(message, code, cause) {
  return Object.assign(new Error(message, cause && { cause }), { code });
}
