for (const specifier of ["https://example.org/a.js", "node:fs", "fs", "util.js", "./util", "./lib", "./data.json"]) {
  try {
    await import(specifier);
  } catch (error) {
    console.log(error.message.replaceAll(import.meta.dirname, "~"));
  }
}
require("fs");
