// Links that are swapped while they are judged: what is read is what was judged.
// outcome: survives

import * as fs from "runtime:fs";

let read = 0;
for (let i = 0; i < 300; i++) {
  try {
    const text = await fs.readText("work/race/file.txt");
    if (text.includes("secret")) console.log("ESCAPED");
    read++;
  } catch (error) {
    if (error.name !== "NotAllowed" && error.code === undefined) throw error;
  }
}
console.log("survived");
