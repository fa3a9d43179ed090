// A proxy as an argument of a native function.
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

const proxy = new Proxy({}, { get: () => "secret.txt" });
await refused(() => fs.readText(proxy));
await refused(() => fs.readText("work/ok.txt", proxy).then(() => { throw new TypeError("read what was granted"); }));
console.log("survived");
