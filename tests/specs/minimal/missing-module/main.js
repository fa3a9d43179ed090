import { readText } from "runtime:fs";
console.log(readText);
