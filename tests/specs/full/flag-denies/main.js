import { readText } from "runtime:fs";
try { await readText("data/ok.txt"); } catch (error) { console.log(error.name, error.message.includes("--deny-read")); }
