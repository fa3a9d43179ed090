import { copy, readText, writeText } from "runtime:fs";
await writeText("work/a", "x");
await copy("work/a", "work/b").catch((error) => console.log(error.code));
for (let n = 0; n < 20; n++) await readText("work/a");
console.log(await readText("work/a"));
