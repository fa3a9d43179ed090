// Runs a plug-in in a runtime of its own: it can call `price`, and nothing else of Node's.

import { Runtime } from "./dist/plugins/wasm/nodejs/index.js";

const PLUGIN = `
  export async function total(items) {
    let sum = 0;
    for (const item of items) sum += await price(item);
    return sum;
  }
  console.log("total", await total(["apple", "pear"]));
`;

const prices = new Map([["apple", 30], ["pear", 45]]);

const runtime = await Runtime.create({ stdout: (text) => console.log("plug-in:", text) });
runtime.register("price", async (item) => {
  if (!prices.has(item)) throw new RangeError(`nobody sells ${item}`);
  return prices.get(item);
});
await runtime.runModule(PLUGIN, "plugin.js");

// What it throws is an error here, with its stack.
await runtime.runModule(`await price("unicorn")`).catch((error) => console.log(`${error.name}: ${error.message}`));

// A loop that never ends is ended, and the runtime with it.
try {
  runtime.eval("for (;;);");
} catch (error) {
  console.log(error.message);
}
runtime.dispose();
