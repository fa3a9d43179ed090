import { readText } from "runtime:fs";
await readText("/etc/passwd");
