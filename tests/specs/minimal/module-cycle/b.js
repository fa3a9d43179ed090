import { a } from "./main.js";
export const b = () => `b sees ${a}`;
