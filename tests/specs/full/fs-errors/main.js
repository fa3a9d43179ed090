import * as fs from "runtime:fs";
const attempt = async (what, work) => {
  try {
    await work();
    console.log(what, "worked");
  } catch (error) {
    console.log(what, error instanceof Error, error.code);
  }
};
await fs.writeText("work/file", "x");
await fs.makeDir("work/full/inner", { recursive: true });
await attempt("missing", () => fs.readText("work/gone"));
await attempt("folder as file", () => fs.readText("work/full"));
await attempt("file as folder", () => fs.readDir("work/file"));
await attempt("exists", () => fs.makeDir("work/full"));
await attempt("not empty", () => fs.remove("work/full"));
await attempt("not a folder", () => fs.readText("work/file/x"));
await attempt("wrong type", () => fs.readText(5));
