import { channels, each } from "acme:sensor";
const seen = [];
each((channel) => seen.push(channel));
console.log(channels(), seen);
try { each(() => { throw new RangeError("from the callback"); }); } catch (error) { console.log(error.name, error.message); }
