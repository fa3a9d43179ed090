import { append, stat, writeText } from "runtime:fs";
await writeText("work/a", "x".repeat(60));
await append("work/a", "x".repeat(60)).catch((error) => console.log(error.message));
await append("work/a", "x".repeat(40));
console.log((await stat("work/a")).size);
