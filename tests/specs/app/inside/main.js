// What the binary runs; the cases choose by the first argument.
import greeting, { fail } from "./lib/greet.mjs";
import data from "./data.json" with { type: "json" };

const [what, ...rest] = import.meta.args;
const acts = {
  greet: () => console.log(greeting(rest.join(" "))),
  meta: () => console.log(import.meta.url, import.meta.main, import.meta.filename),
  data: () => console.log(data.list),
  source: () => console.log(fail.toString()),
  dynamic: async () => console.log((await import("./lib/late.js")).late),
  missing: () => import("./lib/none.js"),
  outside: () => import("../../outside.js"),
  throws: () => fail(),
};
await (acts[what] ?? (() => console.log(import.meta.args)))();
