// The example page, used as a person does: by click and by key.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { KEYS, open, served } from "./browser.mjs";

let browser, server;

before(async () => {
  server = await served();
  browser = await open();
  await browser.goto(`${server.origin}/`);
});

after(async () => {
  await browser?.close();
  server?.close();
});

/** What the page shows once its state is one of these. */
const shown = (...states) =>
  browser.run(async (states) => {
    const status = document.getElementById("status");
    const reached = () => states.some((state) => status.textContent.startsWith(state));
    if (!reached()) {
      await new Promise((resolve) => {
        const observer = new MutationObserver(() => reached() && resolve(observer.disconnect()));
        observer.observe(status, { childList: true, characterData: true, subtree: true });
      });
    }
    const lines = [...document.querySelectorAll("#output p")];
    return { status: status.textContent, out: lines.filter((line) => line.className === "out").map((line) => line.textContent), err: lines.filter((line) => line.className === "err").map((line) => line.textContent).join("\n") };
  }, states);

const write = (script) =>
  browser.run((script) => {
    const editor = document.getElementById("editor");
    editor.value = script;
    editor.focus();
  }, script);

test("a click runs what is written", async () => {
  await browser.click("#run");
  const { out, status } = await shown("done", "failed");
  assert.match(status, /^done in \d+ ms$/);
  assert.equal(out[0], "Hello from a runtime of its own");
});

test("keys run it, too", async () => {
  await write("");
  await browser.type("#editor", "console.log(6 * 7)");
  await browser.press(KEYS.control, KEYS.enter);
  assert.deepEqual((await shown("done", "failed")).out, ["42"]);
});

test("an error is shown with its place", async () => {
  await write("const a = 1;\nfunction f() { throw new RangeError('too far') }\nf();");
  await browser.press(KEYS.control, KEYS.enter);
  const { err, status } = await shown("done", "failed");
  assert.equal(status, "failed");
  assert.match(err, /RangeError: too far/);
  assert.match(err, /script\.js:2/);
});

test("a script that loops for ever is ended by its limit", async () => {
  await write("for (;;);");
  await browser.press(KEYS.control, KEYS.enter);
  const { err } = await shown("failed");
  assert.match(err, /limits\.cpu = "2s"/);
});

test("a single long operation is ended, and the page answers meanwhile", async () => {
  await write("console.log('on'); Array(2 ** 31).join('')");
  await browser.press(KEYS.control, KEYS.enter);
  await shown("running");
  await browser.run(() => {
    document.getElementById("clear").addEventListener("click", () => document.body.dataset.answered = document.getElementById("status").textContent, { once: true });
  });
  await browser.click("#clear");
  assert.equal(await browser.run(() => document.body.dataset.answered), "running");
  const { err } = await shown("failed");
  assert.match(err, /limits\.cpu = "2s"/);
});

test("many lines are shown once a frame, and the last of them are kept", async () => {
  await browser.run(() => {
    const output = document.getElementById("output");
    const seen = (globalThis.seen = { frames: 0, changes: 0, layouts: 0 });
    const frame = () => {
      seen.frames += 1;
      requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
    new MutationObserver(() => (seen.changes += 1)).observe(output, { childList: true });
    const { get } = Object.getOwnPropertyDescriptor(Element.prototype, "scrollHeight");
    // Asking for it lays the page out.
    Object.defineProperty(output, "scrollHeight", {
      get() {
        seen.layouts += 1;
        return get.call(this);
      },
    });
  });
  await write("for (let i = 0; i < 5000; i++) console.log(i); console.log('x'.repeat(20_000))");
  await browser.press(KEYS.control, KEYS.enter);
  const { out, status } = await shown("done", "failed");
  assert.match(status, /^done/);
  assert.equal(out.length, 1000);
  assert.deepEqual([out[0], out[998]], ["4001", "4999"]);
  assert.match(out[999], /^x{10000} … 10000 more characters$/);
  assert.equal(await browser.run(() => document.querySelector("#output .dropped").textContent), "… 4001 earlier lines dropped");
  const { frames, changes, layouts } = await browser.run(() => seen);
  // One more to clear the output, and one when the script is done.
  assert.ok(changes <= frames + 2, `${changes} changes in ${frames} frames`);
  assert.ok(layouts <= 2 * (frames + 2), `${layouts} layouts in ${frames} frames`);
});

test("escape stops a script, and the next one runs", async () => {
  await write("console.log('on'); setTimeout(() => {}, 3_600_000); await new Promise(() => {})");
  await browser.press(KEYS.control, KEYS.enter);
  await shown("running");
  await browser.press(KEYS.escape);
  assert.equal((await shown("stopped")).status, "stopped");
  await write("console.log('again')");
  await browser.click("#run");
  assert.deepEqual((await shown("done", "failed")).out, ["again"]);
});

test("every control can be reached by the keyboard", async () => {
  await write("");
  const reached = new Set();
  for (let i = 0; i < 8; i++) {
    await browser.press(KEYS.tab);
    reached.add(await browser.run(() => document.activeElement.id));
  }
  for (const id of ["run", "output", "clear"]) assert.ok(reached.has(id), `${id} of ${[...reached]}`);
});

test("an example is chosen from the list", async () => {
  await browser.run(() => {
    const examples = document.getElementById("examples");
    examples.value = "An error";
    examples.dispatchEvent(new Event("change"));
  });
  await browser.click("#run");
  const { err, out } = await shown("done", "failed");
  assert.deepEqual(out, ["2"]);
  assert.match(err, /3 is odd/);
});
