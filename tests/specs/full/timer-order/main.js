setTimeout(() => console.log("timeout 0"), 0);
// Set first and due last; those set one after another are due in that order, however slow the machine is.
const late = setTimeout(() => console.log("an hour later"), 3_600_000);
setTimeout(() => console.log("timeout 1"), 1);
setTimeout((a, b) => {
  console.log("timeout 5", a, b);
  clearTimeout(late);
}, 5, "x", 2);
const cancelled = setTimeout(() => console.log("never"), 2);
clearTimeout(cancelled);
let n = 0;
const every = setInterval(() => {
  console.log("interval", ++n);
  if (n === 2) clearInterval(every);
}, 10);
queueMicrotask(() => console.log("microtask"));
Promise.resolve().then(() => console.log("promise"));
console.log("sync");
