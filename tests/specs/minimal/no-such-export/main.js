import { formatt } from "./text.js";
console.log(formatt);
