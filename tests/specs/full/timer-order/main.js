setTimeout(() => console.log("timeout 0"), 0);
setTimeout((a, b) => console.log("timeout 5", a, b), 5, "x", 2);
setTimeout(() => console.log("timeout 1"), 1);
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
