import * as fs from "runtime:fs";
const names = async (path) => (await fs.readDir(path)).map((entry) => entry.name).join(" ");
const attempt = (what, work) => work().then(() => console.log(what, "worked"), (error) => console.log(what, error.code));

console.log(await fs.readText("/assets/index.html"));
console.log(await fs.read("assets/icons/logo.png"));
console.log(await names("/assets"));
await attempt("write to what ships", () => fs.writeText("/assets/index.html", ""));
await attempt("remove from what ships", () => fs.remove("/assets/icons", { recursive: true }));

await fs.writeText("/app/index.html", "changed");
console.log(await fs.readText("/app/index.html"));
console.log(await fs.readText("/assets/index.html"));
await fs.remove("/app/index.html");
console.log(await names("/app"));

await fs.append("/data/note.txt", ", and more");
console.log(await fs.readText("data/note.txt"));

await attempt("from one to another", () => fs.rename("/data/note.txt", "/work/note.txt"));
await fs.copy("/assets/index.html", "/work/index.html");
console.log(await fs.readText("/work/index.html"));
await attempt("nowhere", () => fs.readText("/work/none/x"));
