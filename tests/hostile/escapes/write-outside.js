// Writing outside of the granted folder.
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

await refused(() => fs.writeText("secret.txt", "x"));
await refused(() => fs.writeText("work/../new.txt", "x"));
await refused(() => fs.writeText("/tmp/hostile-escape", "x"));
console.log("survived");
