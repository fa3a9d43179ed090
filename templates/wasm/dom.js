// The page as a runtime sees it: a part of it, by numbers. Nothing that the runtime says can run code in the page.

/** Elements that load or run code, or change what the page's own addresses mean. */
const REFUSED = new Set(["script", "iframe", "frame", "object", "embed", "link", "meta", "base", "style", "template", "portal", "fencedframe"]);

/** Attributes that hold an address, and what an address may begin with. */
const ADDRESSES = new Set(["href", "src", "action", "formaction", "poster", "background", "cite", "data", "srcset", "xlink:href", "ping"]);
const SCHEMES = /^(https?:|mailto:|tel:|blob:|data:image\/(png|jpeg|gif|webp|avif)[;,]|[^:]*([/?#]|$))/i;

/** A part of a page for one runtime: what it was given, and what it holds of it. */
export class Page {
  #root;
  #nodes = new Map();
  #last = 0;
  #listening = new Map();
  #fire = () => {};

  /** `fire` is called with the number of a listener and what happened. */
  constructor(part) {
    this.#root = part.nodeType === 9 ? part.documentElement : part;
    /** Which permission it takes. */
    this.part = part.nodeType === 9 ? "document" : "root";
  }

  onFire(fire) {
    this.#fire = fire;
  }

  /** Does `what` with the node of that number. */
  ask(what, number, args) {
    if (!this.#root) throw new TypeError("this runtime was disposed of");
    const act = ACTS[what];
    if (!act) throw new TypeError(`nothing of a page is called ${what}`);
    return act.call(this, number === 0 ? undefined : this.node(number), ...args);
  }

  release(number) {
    this.#nodes.delete(number);
  }

  /** Forgets everything: no number means anything from now on, and nothing is listened to. */
  revoke() {
    for (const stop of this.#listening.values()) stop();
    this.#listening.clear();
    this.#nodes.clear();
    this.#root = undefined;
    this.#fire = () => {};
  }

  get root() {
    return this.#root;
  }

  node(number) {
    const node = this.#nodes.get(number);
    if (!node) throw new TypeError("this element is not one of this runtime's");
    return node;
  }

  /** A number for a node; of nothing, none. */
  hold(node) {
    if (!node) return undefined;
    this.#nodes.set(++this.#last, node);
    return this.#last;
  }

  /** Whether a node is the part that was given, or beneath it. */
  contains(node) {
    return this.#root.contains(node);
  }

  listen(node, kind, listener, preventsDefault, once) {
    const heard = (event) => {
      if (preventsDefault) event.preventDefault();
      if (once) this.#listening.delete(listener);
      if (!this.#root) return;
      this.#fire(listener, this.#told(event));
    };
    node.addEventListener(kind, heard, { once });
    this.#listening.set(listener, () => node.removeEventListener(kind, heard));
  }

  unlisten(listener) {
    this.#listening.get(listener)?.();
    this.#listening.delete(listener);
  }

  /** What a script hears of an event. */
  #told(event) {
    const target = event.target?.nodeType === 1 ? event.target : undefined;
    const told = { type: event.type, target: target && (this.contains(target) ? this.hold(target) : undefined) };
    if (typeof event.key === "string") told.key = event.key;
    if (typeof target?.value === "string") told.value = target.value;
    if (typeof target?.checked === "boolean") told.checked = target.checked;
    if (typeof event.clientX === "number") Object.assign(told, { x: event.clientX, y: event.clientY });
    return told;
  }
}

/** What can be done, by name; `this` is the page, and what it gives is plain, or the number of a node. */
const ACTS = {
  root() {
    return this.hold(this.root);
  },
  create(_, tag) {
    if (REFUSED.has(tag.toLowerCase())) throw new TypeError(`an element \`${tag}\` could run code in the page`);
    return this.hold(this.root.ownerDocument.createElement(tag));
  },
  tag: (node) => node.localName,
  text: (node) => node.textContent,
  setText(node, text) {
    changeable(node).textContent = text;
  },
  value: (node) => (typeof node.value === "string" ? node.value : ""),
  setValue(node, value) {
    changeable(node).value = value;
  },
  attribute: (node, name) => node.getAttribute(name) ?? undefined,
  setAttribute(node, name, value) {
    const key = name.toLowerCase();
    if (key.startsWith("on") || key === "srcdoc" || key === "style") throw new TypeError(`the attribute \`${name}\` could run code in the page`);
    // Blanks and control characters in an address are skipped by browsers, so they are skipped here.
    if (ADDRESSES.has(key) && !SCHEMES.test(value.replace(/[\u0000-\u0020]/g, ""))) throw new TypeError(`\`${name}\` cannot be \`${value}\`: such an address could run code in the page`);
    changeable(node).setAttribute(name, value);
  },
  removeAttribute: (node, name) => void node.removeAttribute(name),
  style(node, name, value) {
    if (/url\s*\(|expression\s*\(|@import/i.test(value)) throw new TypeError(`the style \`${name}\` cannot be \`${value}\`: it would load something`);
    node.style.setProperty(name, value);
  },
  toggleClass: (node, name, on) => node.classList.toggle(name, on),
  find(node, selector) {
    return this.hold(node.querySelector(selector));
  },
  findAll(node, selector) {
    return [...node.querySelectorAll(selector)].map((found) => this.hold(found));
  },
  children(node) {
    return [...node.children].map((child) => this.hold(child));
  },
  parent(node) {
    const parent = node === this.root ? undefined : node.parentElement;
    // What is nowhere yet has parents of the script's own making.
    return this.hold(parent && (this.contains(parent) || !parent.isConnected) ? parent : undefined);
  },
  append(node, child) {
    changeable(node).append(movable(this, this.node(child)));
  },
  insertBefore(node, child, next) {
    changeable(node).insertBefore(movable(this, this.node(child)), this.node(next));
  },
  remove(node) {
    movable(this, node).remove();
  },
  focus: (node) => node.focus(),
  isSame(node, other) {
    return node === this.node(other);
  },
  listen(node, kind, listener, preventsDefault, once) {
    this.listen(node, kind, listener, preventsDefault, once);
  },
  unlisten(_, listener) {
    this.unlisten(listener);
  },
};

/** A node that may be changed: what is in a script is code. */
function changeable(node) {
  if (REFUSED.has(node.localName)) throw new TypeError(`an element \`${node.localName}\` cannot be changed: that could run code in the page`);
  return node;
}

/** A node that may be put elsewhere: the part itself belongs to the page. */
function movable(page, node) {
  if (node === page.root) throw new TypeError("the element that was given stays where the page put it");
  return node;
}
