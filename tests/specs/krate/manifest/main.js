import { Probe, pressure, temperature } from "acme:sensor";
console.log(new Probe(3).channel, temperature());
try { pressure(); } catch (error) { console.log(error.code); }
setTimeout(() => console.log("brought along"));
