import { unrefTimer } from "runtime:timers";
unrefTimer(setTimeout(() => console.log("never"), 1_000_000));
console.log("done");
