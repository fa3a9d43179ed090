// The files of a runtime for the page: reached by their paths, taken out and put in as a tree, and kept in a store where there is one.

import { bytesOf } from "./plain.js";

/** How long a change waits for others before they are saved, in milliseconds. */
const PATIENCE = 200;

const FILE_MODE = 0o644;
const FOLDER_MODE = 0o755;

/** What is being done with each store that was ever given: whether a runtime uses it, and what is being saved to it. */
const uses = new WeakMap();

/** Settles when a store has what runtimes that are over left to save; refused while one uses it. */
export async function freed(store) {
  const use = uses.get(store);
  if (use?.isUsed) throw coded("the store is used by a runtime; dispose of that first", "ERR_STORE_BUSY");
  await use?.saved.catch(() => {});
}

/**
 * Takes a store for a runtime, once what one before left is saved. Gives what gives the store up;
 * a promise says when everything is saved.
 */
export async function taken(store) {
  const use = uses.get(store) ?? { saved: Promise.resolve() };
  if (use.isUsed) throw coded("Runtime.create: the store is used by another runtime; dispose of that first", "ERR_STORE_BUSY");
  uses.set(store, use);
  use.isUsed = true;
  await use.saved.catch(() => {});
  let isGiven = false;
  return (saved = Promise.resolve()) => {
    if (isGiven) return;
    isGiven = true;
    use.saved = saved;
    use.isUsed = false;
  };
}

/** The arguments of each method of `runtime.fs`, checked and ready to be posted to a worker. */
export const ARGUMENTS = {
  read: (path) => [checked("read", path)],
  write: (path, content) => [checked("write", path), bytesOf(contentOf("write", path, content))],
  list: (path = "/") => [checked("list", path)],
  remove: (path) => [checked("remove", path)],
  import: (tree) => [postable(entriesOf("import", tree))],
  export: () => [],
  changes: () => [],
  flush: () => [],
};

/** `runtime.fs`. */
class Files {
  #run;
  #kept;

  constructor(run, kept) {
    this.#run = run;
    this.#kept = kept;
  }

  read(path) {
    const at = checked("read", path);
    return this.#run((inner) => inner.readFile(at));
  }

  write(path, content) {
    this.#put([[checked("write", path), contentOf("write", path, content)]]);
  }

  list(path = "/") {
    const at = checked("list", path);
    const entries = this.#run((inner) => inner.listFolder(at));
    return entries.map(([name, kind]) => ({ name, isFile: kind === "file", isDirectory: kind === "folder" }));
  }

  remove(path) {
    const at = checked("remove", path);
    this.#run((inner) => inner.removeFile(at));
    this.#kept.changed(at);
  }

  import(tree) {
    this.#put(entriesOf("import", tree));
  }

  export() {
    const tree = new Map();
    const collect = (inner, folder) => {
      for (const [name, kind] of inner.listFolder(folder)) {
        const path = folder === "/" ? `/${name}` : `${folder}/${name}`;
        tree.set(path, kind === "file" ? inner.readFile(path) : null);
        if (kind === "folder") collect(inner, path);
      }
    };
    this.#run((inner) => collect(inner, "/"));
    return tree;
  }

  changes() {
    const changed = this.#run((inner) => inner.changedFiles("/"));
    return changed.map(([path, kind, bytes]) => [path, kind === "folder" ? null : bytes]);
  }

  async flush() {
    await this.#kept.flush();
  }

  #put(entries) {
    this.#run((inner) => {
      for (const [path, content] of entries) {
        // Some of what is put in may be there whatever becomes of the rest.
        this.#kept.changed(path);
        put(inner, path, content);
      }
    });
  }
}

/** What a runtime was given as its files, and what keeps them. */
export class Part {
  #entries;
  #store;
  // Gives the store up, while it is this runtime's to use.
  #release;
  #records = [];
  #inner;
  #onError;
  // Paths whose files differ from what the store has, each with all beneath it.
  #dirty = new Set();
  #timer;
  // What could not be saved of a runtime that is over.
  #unsaved;
  // Why what was not saved is lost, if it is.
  #lost;
  #saving = Promise.resolve();
  #hide = () => {
    if (document.visibilityState === "hidden") this.#saveNow();
  };

  /** From the option `fs`: a tree, or a store. */
  constructor(option = {}) {
    const store = isObject(option) ? option.store : undefined;
    if (isObject(store) && typeof store.then === "function") throw new TypeError("Runtime.create: `fs.store` is a promise; write `store: await Store.open(…)`");
    const isStore = isObject(store) && typeof store.load === "function" && typeof store.save === "function";
    if (!isStore) {
      this.#entries = entriesOf("Runtime.create: `fs`", option);
      return;
    }
    const { store: _, tree, ...rest } = option;
    const [unknown] = Object.keys(rest);
    if (unknown !== undefined) throw new TypeError(`Runtime.create: there is no option \`fs.${unknown}\`; there are store, tree`);
    this.#store = store;
    this.#entries = entriesOf("Runtime.create: `fs.tree`", tree ?? {});
  }

  get store() {
    return this.#store;
  }

  /** The files of the option, ready to be posted to a worker. */
  get entries() {
    return postable(this.#entries);
  }

  /** Takes the store and loads what it has. */
  async open() {
    const store = this.#store;
    if (!store) return;
    this.#release = await taken(store);
    try {
      this.#records = await store.load();
    } catch (cause) {
      throw coded(`the files could not be loaded: ${said(cause)}`, "ERR_STORE", cause);
    }
  }

  /** Gives up the store, when no runtime came of it. */
  close() {
    clearTimeout(this.#timer);
    this.#release?.();
  }

  /** Puts the files in; `run` does something with the inner runtime, from then on for the page. */
  start(inner, run, onError) {
    this.#inner = inner;
    this.#onError = onError;
    for (const { path, kind, bytes, modified, mode, hides } of this.#records) {
      try {
        if (hides) inner.putFile(path, "gone", undefined, 0, 0);
        inner.putFile(path, kind, bytes, modified, mode);
      } catch (cause) {
        throw coded(`the store has \`${path}\`, which has no place here: ${said(cause)}`, cause.code ?? "ERR_STORE", cause);
      }
    }
    // The tree is what a store begins with.
    if (this.#records.length === 0) {
      for (const [path, content] of this.#entries) {
        this.changed(path);
        put(inner, path, content);
      }
    }
    this.#records = this.#entries = [];
    if (this.#store) {
      inner.watchFiles((path) => this.changed(path));
      globalThis.document?.addEventListener("visibilitychange", this.#hide);
    }
    return Object.freeze(new Files(run, this));
  }

  /** Notes that what is at a path changed, and saves it soon. */
  changed(path) {
    if (!this.#store) return;
    this.#dirty.add(plain(path));
    this.#timer ??= setTimeout(() => this.#saveNow(), PATIENCE);
  }

  /** Saves everything, or says why that cannot be. */
  async flush() {
    if (!this.#store) return;
    await this.#saveDirty();
    if (this.#lost) throw this.#lost;
  }

  /** The runtime is over, for a reason: what it has is taken now, if that can be, and saved. */
  end(reason) {
    const inner = this.#inner;
    if (!inner) return;
    this.#inner = undefined;
    if (!this.#store) return;
    globalThis.document?.removeEventListener("visibilitychange", this.#hide);
    if (this.#dirty.size > 0 && reason.code === "ERR_ENGINE_LOST") {
      this.#lost = coded(`what changed in ${[...this.#dirty].join(", ")} was not saved: ${reason.message}`, "ERR_STORE", reason);
    } else if (this.#dirty.size > 0) {
      this.#unsaved = this.#take(inner);
    }
    this.#dirty.clear();
    this.#release(this.#saveNow());
  }

  /** Saves in the background: the page hears of what goes wrong. */
  async #saveNow() {
    try {
      await this.#saveDirty();
    } catch (error) {
      this.#onError(error, `Error: ${error.message}`);
    }
  }

  /** Saves what differs, after what is being saved. */
  #saveDirty() {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const saved = this.#saving.then(() => this.#save());
    this.#saving = saved.catch(() => {});
    return saved;
  }

  async #save() {
    const paths = [...this.#dirty];
    const change = this.#unsaved ?? (paths.length > 0 && this.#inner ? this.#take(this.#inner) : undefined);
    if (!change) return;
    try {
      await this.#store.save(change);
      // The runtime may have ended meanwhile, and left more.
      if (this.#unsaved === change) this.#unsaved = undefined;
    } catch (cause) {
      // The next save has it, too.
      if (this.#inner) for (const path of paths) this.#dirty.add(path);
      else this.#unsaved = merged(change, this.#unsaved);
      throw coded(`the files could not be saved: ${said(cause)}`, "ERR_STORE", cause);
    }
  }

  /** What differs from what the store has. */
  #take(inner) {
    const paths = [...this.#dirty];
    this.#dirty.clear();
    const isBeneath = (path) => paths.some((other) => other !== path && isWithin(path, other));
    const removed = paths.filter((path) => !isBeneath(path));
    const records = new Map();
    for (const within of removed) {
      for (const [path, kind, bytes, modified, mode] of inner.changedFiles(within)) {
        // A folder that came in the place of another is said to be gone first.
        const hides = kind === "folder" && (records.get(path)?.kind === "gone" || records.get(path)?.hides);
        records.set(path, { path, kind, modified, mode, ...(bytes && { bytes }), ...(hides && { hides }) });
      }
    }
    return { removed, put: [...records.values()] };
  }
}

/** One change to a store after another, as one. */
function merged(first, second) {
  if (!second || first === second) return first;
  const stays = first.put.filter(({ path }) => !second.removed.some((other) => isWithin(path, other)));
  const put = new Map([...stays, ...second.put].map((record) => [record.path, record]));
  return { removed: [...new Set([...first.removed, ...second.removed])], put: [...put.values()] };
}

function put(inner, path, content) {
  const now = Date.now();
  if (content === null) inner.putFile(path, "folder", undefined, now, FOLDER_MODE);
  else if (content === undefined) inner.putFile(path, "gone", undefined, now, 0);
  else inner.putFile(path, "file", content, now, FILE_MODE);
}

/** The pairs of a tree, checked: a map, pairs, or an object. */
function entriesOf(who, tree) {
  if (!isObject(tree) || ArrayBuffer.isView(tree) || tree instanceof ArrayBuffer) throw new TypeError(`${who}: a tree of files must be a map or an object`);
  const entries = typeof tree[Symbol.iterator] === "function" ? [...tree] : Object.entries(tree);
  return entries.map((entry) => {
    if (!Array.isArray(entry)) throw new TypeError(`${who}: a tree of files must be a map, an object, or pairs of a path and a content`);
    const [path, content] = entry;
    return [checked(who, path), content === null || content === undefined ? content : contentOf(who, path, content)];
  });
}

/** The pairs of a tree, each with a copy of its bytes: only what a view shows is posted. */
function postable(entries) {
  return entries.map(([path, content]) => [path, content && bytesOf(content)]);
}

/** A file's bytes; no copy of them, where they are some already. */
function contentOf(who, path, content) {
  if (typeof content === "string") return new TextEncoder().encode(content);
  if (content instanceof ArrayBuffer) return new Uint8Array(content);
  if (ArrayBuffer.isView(content)) return new Uint8Array(content.buffer, content.byteOffset, content.byteLength);
  throw new TypeError(`${who}: the content of \`${path}\` must be a string or bytes`);
}

function checked(who, path) {
  if (typeof path !== "string" || path === "") throw new TypeError(`${who}: a path must be a string that is not empty`);
  if (path.includes("\0")) throw Object.assign(new TypeError(`${who}: a path cannot contain a NUL character`), { code: "ERR_INVALID_ARG_VALUE" });
  return path;
}

/** A path as the runtime says it: from `/`, without `.` and `..`. */
function plain(path) {
  const names = [];
  for (const name of path.split("/")) {
    if (name === "..") names.pop();
    else if (name !== "" && name !== ".") names.push(name);
  }
  return `/${names.join("/")}`;
}

function isWithin(path, folder) {
  return folder === "/" || path === folder || path.startsWith(`${folder}/`);
}

function isObject(value) {
  return value !== null && typeof value === "object";
}

function said(cause) {
  return cause instanceof Error ? cause.message : String(cause);
}

function coded(message, code, cause) {
  return Object.assign(new Error(message, cause && { cause }), { code });
}
