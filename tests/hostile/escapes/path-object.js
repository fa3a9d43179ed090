// A path that is another one each time it is looked at.
// outcome: survives

import * as fs from "runtime:fs";

const refused = async (work) => {
  try {
    await work();
  } catch (error) {
    if (error.name === "NotAllowed" || ["ENOENT", "EINVAL", "ENOTDIR", "ELOOP", "EACCES"].includes(error.code) || error instanceof TypeError || error instanceof RangeError) return;
    throw new Error(`ESCAPED by ${error.name} ${error.code}: ${error.message}`);
  }
  throw new Error("ESCAPED");
};

let turn = 0;
const path = { toString: () => (turn++ ? "secret.txt" : "work/ok.txt") };
await refused(() => fs.readText(path));
await refused(() => fs.readText(["work/ok.txt", "../secret.txt"]));
console.log("survived");
