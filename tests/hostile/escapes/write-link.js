// Writing through a symbolic link.
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

await refused(() => fs.writeText("work/passwd", "x"));
await refused(() => fs.writeText("work/link/new.txt", "x"));
console.log("survived");
