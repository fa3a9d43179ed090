// Arrays are not iterable.
// outcome: survives

import { readText } from "runtime:fs";

const shown = [{ a: [1, "two"] }, new Map([[1, 2]]), new Set([3])];
delete Array.prototype[Symbol.iterator];
delete Map.prototype[Symbol.iterator];
delete Set.prototype[Symbol.iterator];

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
