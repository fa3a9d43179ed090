// For a page that loads this package itself, and for bundlers, which know this way to name a file.

import { runtimeOf } from "../runtime.js";

const url = new URL("../runtime.wasm", import.meta.url);

export const Runtime = runtimeOf(async () => {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`cannot load ${url}: ${response.status} ${response.statusText}`);
  // A server that does not know the type of the file still serves its bytes.
  return response.headers.get("content-type")?.startsWith("application/wasm")
    ? WebAssembly.compileStreaming(response)
    : WebAssembly.compile(await response.arrayBuffer());
});
