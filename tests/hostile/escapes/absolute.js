// Absolute paths.
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

for (const path of ["/etc/passwd", "//etc/passwd", "/./etc/passwd", "/proc/self/environ", "/proc/self/root/etc/passwd", "/dev/fd/0", "/proc/self/fd/0", "/proc/self/cwd/secret.txt"]) await refused(() => fs.readText(path));
console.log("survived");
