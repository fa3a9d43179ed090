import { name } from "./app.js";
console.log(name);
