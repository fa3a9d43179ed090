for (const name of ["setTimeout", "queueMicrotask", "fetch", "process", "require", "Deno", "fs"]) {
  console.log(name, typeof globalThis[name]);
}
