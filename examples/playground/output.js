// The output: lines wait for the next frame, so that the page is laid out once a frame, however many lines a script prints.

/** The most lines that are kept, and the most characters of each. */
const LINES = 1000;
const CHARACTERS = 10_000;

/** Lines in an element, which scrolls with them while its end is in view. */
export class Output {
  #element;
  #waiting = [];
  // Lines that were there and are no more.
  #dropped = 0;
  #note = document.createElement("p");
  #frame;

  constructor(element) {
    this.#element = element;
    this.#note.className = "dropped";
  }

  /** Adds a text of any number of lines, at the next frame. */
  print(kind, text) {
    for (const line of text.split("\n")) this.#waiting.push([kind, line]);
    // A page that is hidden shows no frames, and what waits must not grow.
    if (this.#waiting.length > 2 * LINES) this.#drop();
    this.#frame ??= requestAnimationFrame(() => this.flush());
  }

  /** Shows what waits. */
  flush() {
    cancelAnimationFrame(this.#frame);
    this.#frame = undefined;
    if (this.#waiting.length === 0) return;
    const element = this.#element;
    const isAtEnd = element.scrollTop + element.clientHeight >= element.scrollHeight - 8;
    this.#drop();
    this.#note.remove();
    while (element.childElementCount + this.#waiting.length > LINES) {
      element.firstChild.remove();
      this.#dropped += 1;
    }
    element.append(...this.#waiting.map(lineOf));
    this.#waiting = [];
    if (this.#dropped > 0) {
      this.#note.textContent = `… ${this.#dropped} earlier lines dropped`;
      element.prepend(this.#note);
    }
    if (isAtEnd) element.scrollTop = element.scrollHeight;
  }

  clear() {
    this.#waiting = [];
    this.#dropped = 0;
    this.#element.replaceChildren();
  }

  /** Of what waits, no more is kept than can be shown. */
  #drop() {
    const kept = this.#waiting.slice(-LINES);
    this.#dropped += this.#waiting.length - kept.length;
    this.#waiting = kept;
  }
}

function lineOf([kind, text]) {
  const line = document.createElement("p");
  line.className = kind;
  const more = text.length - CHARACTERS;
  line.textContent = more > 0 ? `${text.slice(0, CHARACTERS)} … ${more} more characters` : text;
  return line;
}
