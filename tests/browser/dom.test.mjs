// The module `dom` in a page: what a script can do with the elements that it is given, and what it cannot.

import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";

import { KEYS, open, served } from "./browser.mjs";

let browser, server;

before(async () => {
  server = await served();
  browser = await open();
});

beforeEach(async () => {
  await browser.goto(`${server.origin}/package.json`);
  await browser.run(async () => {
    document.body.innerHTML = `<p id="outside">outside</p><main id="root"><form><input id="name"><button id="go">go</button></form><ul><li>one</li></ul></main>`;
    const { Runtime } = await import("/web/index.js");
    globalThis.lines = [];
    globalThis.make = async () => {
      globalThis.runtime = await Runtime.create({ dom: document.getElementById("root"), stdout: (text) => lines.push(text), onError: (error) => lines.push(error.message) });
      return runtime;
    };
    globalThis.Runtime = Runtime;
    await make();
  });
});

after(async () => {
  await browser?.close();
  server?.close();
});

/** Runs a module of the guest's, and gives its export `result`, or the message of what it throws. */
const guest = (code) => browser.run((code) => runtime.runModule(`import { create, root, Element } from "runtime:dom";\n${code}`).then(({ result }) => result, (error) => `${error.name}: ${error.message}`), code);

test("elements are found, made and changed", async () => {
  const result = await guest(`
    const list = root().find("ul");
    const item = create("li");
    item.text = "two";
    item.setAttribute("title", "second");
    item.style("color", "red");
    item.toggleClass("new");
    list.append(item);
    list.insertBefore(create("li"), item);
    export const result = [root().tag, list.children.length, item.parent.isSame(list), root().findAll("li").map((li) => li.text), root().parent === undefined, item instanceof Element];`);
  assert.deepEqual(result, ["main", 3, true, ["one", "", "two"], true, true]);
  const html = await browser.run(() => document.querySelector("li:last-child").outerHTML);
  assert.equal(html, `<li title="second" class="new" style="color: red;">two</li>`);
});

test("a worker has no page to be given", async () => {
  const said = await browser.run(() => Runtime.create({ worker: true, dom: document }).then(() => "made", ({ name, message }) => `${name}: ${message}`));
  assert.equal(said, "TypeError: Runtime.create: `dom` cannot be given with `worker`: a worker has no page");
});

test("clicks and keys are heard, until a script stops listening", async () => {
  await guest(`
    const button = root().find("#go");
    button.listen("click", ({ type, target }) => { console.log(type, target.text); create("li") }, { preventDefault: true });
    const input = root().find("#name");
    const number = input.listen("keydown", ({ key }) => { console.log(key); if (key === "b") input.unlisten(number) });
    input.listen("input", ({ value }) => console.log("value", value), { once: true });
    input.focus();`);
  await browser.click("#go");
  await browser.type("#name", "abc");
  await browser.click("#go");
  const lines = await browser.run(async () => {
    await runtime.evalAsync("1");
    return lines;
  });
  assert.deepEqual(lines, ["click go", "a", "value a", "b", "click go"]);
  assert.match(await browser.run(() => location.href), /package\.json$/);
});

test("what would run code in the page is refused", async () => {
  const refused = (code, words) => guest(code).then((said) => assert.match(said, words, code));
  await refused(`create("script")`, /TypeError: .*script/);
  await refused(`create("IFRAME")`, /TypeError: .*IFRAME/);
  await refused(`root().setAttribute("onclick", "alert(1)")`, /TypeError: .*onclick/);
  await refused(`root().setAttribute("ONerror", "alert(1)")`, /TypeError/);
  await refused(`create("a").setAttribute("href", "javascript:alert(1)")`, /TypeError: .*href/);
  await refused(`create("a").setAttribute("href", " java\\nscript:alert(1)")`, /TypeError/);
  await refused(`create("button").setAttribute("formaction", "data:text/html,x")`, /TypeError/);
  await refused(`root().style("background", "url(//elsewhere/x)")`, /TypeError/);
  assert.equal(await guest(`const a = create("a"); a.setAttribute("href", "/docs?q=a:b"); export const result = a.attribute("href")`), "/docs?q=a:b");
  const text = await guest(`root().text = "<img src=x onerror=alert(1)>"; export const result = root().children.length`);
  assert.equal(text, 0);
});

test("nothing outside of what was given can be reached", async () => {
  const result = await guest(`
    const found = [root().find("#outside"), root().find("body"), root().find("html"), root().parent, root().find("li").parent.parent.parent];
    export const result = found.map((element) => element === undefined);`);
  assert.deepEqual(result, [true, true, true, true, true]);
  assert.match(await guest(`root().remove()`), /TypeError: .*stays where the page put it/);
  assert.match(await guest(`create("div").append(root())`), /TypeError/);
  assert.match(await guest(`root().find("li[")`), /SyntaxError|Error/);
  const said = await browser.run(() => Runtime.create({ dom: document }).then(() => "made", (error) => error.message));
  assert.match(said, /`document` is not allowed/);
});

test("after dispose nothing is left", async () => {
  await guest(`root().find("#go").listen("click", () => console.log("heard"), { preventDefault: true }); globalThis.kept = root()`);
  const lines = await browser.run(async () => {
    document.querySelector("#go").addEventListener("click", (event) => event.preventDefault());
    runtime.dispose();
    document.querySelector("#go").click();
    await new Promise((done) => setTimeout(done, 0));
    const other = await make();
    const code = other.eval("typeof kept");
    return [lines, code];
  });
  assert.deepEqual(lines, [[], "undefined"]);
});

test("a runtime without a page says so, and one without the permission does not get it", async () => {
  const said = await browser.run(async () => {
    const runtime = await Runtime.create();
    const none = await runtime.runModule(`import { root } from "runtime:dom"; root()`).catch((error) => error.message);
    const denied = await Runtime.create({ dom: document.body, deny: ["dom"] }).catch((error) => error.message);
    const wrong = await Runtime.create({ dom: "body" }).catch((error) => error.message);
    return { none, denied, wrong };
  });
  assert.match(said.none, /given no element/);
  assert.match(said.denied, /`root` was denied/);
  assert.match(said.wrong, /an element, or the document/);
});

test("a page's own listener that a script sets off may use the runtime later, not at once", async () => {
  const said = await browser.run(async () => {
    const said = [];
    document.querySelector("#name").addEventListener("focus", () => {
      try {
        runtime.eval("1");
      } catch (error) {
        said.push(error.code);
      }
      runtime.evalAsync("40 + 2").then((value) => said.push(value));
    });
    await runtime.runModule(`import { root } from "runtime:dom"; root().find("#name").focus()`);
    await runtime.evalAsync("1");
    return said;
  });
  assert.deepEqual(said, ["ERR_BUSY", 42]);
});
