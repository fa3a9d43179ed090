import * as fs from "runtime:fs";
const attempt = async (what, work) => {
  try {
    console.log(what, await work());
  } catch (error) {
    console.log(what, error.name);
  }
};
await attempt("granted", () => fs.readText("data/ok.txt"));
await attempt("absolute", () => fs.readText("/etc/passwd"));
await attempt("dots", () => fs.readText("data/../secret.txt"));
await attempt("dots in disguise", () => fs.readText("data/./x/../../secret.txt"));
await attempt("sibling prefix", () => fs.readText("database.txt"));
await attempt("link to a file", () => fs.readText("data/link.txt"));
await attempt("link to a folder", () => fs.readText("data/out/secret.txt"));
await attempt("write where only read", () => fs.writeText("data/new.txt", "x"));
await attempt("copy out", () => fs.copy("data/ok.txt", "copy.txt"));
await attempt("rename out", () => fs.rename("work", "gone"));
await attempt("list the parent", () => fs.readDir("."));
await attempt("exists outside", () => fs.exists("/etc/passwd"));
await attempt("stat outside", () => fs.stat("/etc/passwd"));
