import data from "./data.json" with { type: "json" };
import * as one from "./one.js";
import * as again from "././one.js";
const two = await import("./two.js");
console.log(data.list.length, one === again, two.default, /^(file|app):\/\/\//.test(import.meta.url));
