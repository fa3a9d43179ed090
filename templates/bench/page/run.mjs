// `node run.mjs HOST ROUNDS`: measures every side in turns, each time in a host that is fresh, and prints the figures of each as JSON.
// HOST is `node` or `browser`; the browser's driver is the one of the tests, which DRIVER names.

import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";

import { measure } from "./measure.js";

const PEER = ["peer", ["quickjs-emscripten-core", "@jitl/quickjs-wasmfile-release-sync"]];
const sides = (flavour) => ({
  boa: ["ours", [`./boa/${flavour}/index.js`]],
  quickjs: ["ours", [`./quickjs/${flavour}/index.js`]],
  peer: PEER,
});

/** Rounds of every side in turns, the first of which count for nothing. */
async function inTurns(rounds, flavour, one) {
  const figures = {};
  for (let round = 0; round <= rounds; round++) {
    for (const [name, side] of Object.entries(sides(flavour))) {
      const measured = await one(...side);
      if (round > 0) (figures[name] ??= []).push(measured);
    }
  }
  return figures;
}

const HOSTS = {
  async node(rounds) {
    const self = fileURLToPath(import.meta.url);
    const one = (side, addresses) => JSON.parse(execFileSync(process.execPath, [self, "one", side, ...addresses], { encoding: "utf8" }));
    return { host: `Node ${process.version}`, figures: await inTurns(rounds, "nodejs", one) };
  },
  async browser(rounds) {
    const { open, served } = await import(process.env.DRIVER);
    const server = await served();
    const browser = await open();
    const one = async (side, addresses) => {
      await browser.goto(`${server.origin}/index.html`);
      return browser.run(`async (side, addresses) => (await import("/measure.js")).measure(side, addresses)`, side, addresses);
    };
    const host = await browser.run(() => /(\w*Chrome)\/([\d.]+)/.exec(navigator.userAgent).slice(1).join(" "));
    const figures = await inTurns(rounds, "web", one);
    await browser.close();
    server.close();
    return { host, figures };
  },
  /** One side in this process. */
  one: (side, ...addresses) => measure(side, addresses),
};

const [host, ...rest] = process.argv.slice(2);
console.log(JSON.stringify(await HOSTS[host](...rest)));
// Timers of a side may wait still.
process.exit();
