import { one } from "./one.js";
export default one + (await Promise.resolve(1));
