// A device that never ends is no file to read.
// outcome: survives

import { readText } from "runtime:fs";
let said = "";
try {
  await readText("/dev/zero");
} catch (error) {
  said = error.name;
}
if (said !== "NotAllowed") throw new Error(`ESCAPED ${said}`);
console.log("survived");
