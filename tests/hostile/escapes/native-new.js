// Natives called with `new`.
// outcome: survives

import * as fs from "runtime:fs";

for (const native of [console.log, setTimeout, fs.readText]) {
  try {
    new native("work/ok.txt");
    console.log("ESCAPED");
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
  }
}
console.log("survived");
