// For Node.

import { readFile } from "node:fs/promises";

import { runtimeOf } from "../runtime.js";

export const Runtime = runtimeOf(async () => WebAssembly.compile(await readFile(new URL("../runtime.wasm", import.meta.url))));
