import { word } from "./lib/word.js";
export const said = word;
export const args = import.meta.args;
