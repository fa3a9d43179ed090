import * as fs from "runtime:fs";
const attempt = async (what, work) => {
  try {
    console.log(what, await work());
  } catch (error) {
    console.log(what, error.name, error.code);
  }
};
await attempt("granted", () => fs.readText("/data/ok.txt"));
await attempt("beside it", () => fs.readText("/secret.txt"));
await attempt("by dots", () => fs.readText("/work/../secret.txt"));
await attempt("above the root", () => fs.readText("/../../secret.txt"));
await attempt("the machine's", () => fs.readText("/etc/passwd"));
await attempt("through a link", () => fs.readText("/data/link.txt"));
await attempt("a mount itself", () => fs.remove("/work", { recursive: true }));
