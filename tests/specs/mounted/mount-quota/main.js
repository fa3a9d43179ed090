import * as fs from "runtime:fs";
const attempt = (what, work) => work().then(() => console.log(what, "worked"), (error) => console.log(what, error.code));
await attempt("too much", () => fs.write("/app/large", new Uint8Array(5000)));
console.log("not at all", await fs.exists("/app/large"));
await attempt("many small ones", async () => {
  for (let n = 0; ; n++) await fs.writeText(`/app/${n}`, "");
});
await fs.remove("/app/0");
await attempt("after that", () => fs.writeText("/app/again", ""));
