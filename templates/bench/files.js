// Writes a small file again and again, and opens it to read it: microseconds for each time.
import { readText, writeText } from "runtime:fs";

const TIMES = 1000;

await writeText("scratch.txt", "");
const start = Date.now();
for (let i = 0; i < TIMES; i++) {
  await writeText("scratch.txt", "a small file");
  await readText("scratch.txt");
}
console.log(String(((Date.now() - start) / TIMES) * 1e3));
