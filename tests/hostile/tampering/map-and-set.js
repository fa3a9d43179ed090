// Maps and sets are others.
// outcome: survives

import { readText } from "runtime:fs";

const shown = [{ a: [1, "two"] }, new Map([[1, 2]]), new Set([3])];
for (const of of [Map, Set, WeakMap]) {
  for (const name of Object.getOwnPropertyNames(of.prototype)) {
    if (name !== "constructor" && name !== "size") of.prototype[name] = () => { throw new Error("tampered"); };
  }
}

console.log(shown[0], shown[1], shown[2]);
await new Promise((resolve) => setTimeout(resolve, 1));
let refused = "";
try {
  await readText("/etc/passwd");
} catch (error) {
  refused = error.name;
}
if (refused !== "NotAllowed") throw new Error(`ESCAPED ${refused}`);
console.log("survived");
