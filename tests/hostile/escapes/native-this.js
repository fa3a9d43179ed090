// Natives called with another `this`.
// outcome: survives

import * as fs from "runtime:fs";

for (const value of [undefined, null, {}, globalThis, new Proxy({}, {})]) {
  for (const native of [console.log, setTimeout, clearTimeout, fs.readText, Promise.prototype.then, Map.prototype.get]) {
    try {
      await Reflect.apply(native, value, []);
    } catch (error) {
      if (!(error instanceof Error)) throw error;
    }
  }
}
console.log("survived");
