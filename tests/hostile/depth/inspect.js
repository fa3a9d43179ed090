// Data that nests, logged.
// outcome: survives

let deep = [];
for (let i = 0; i < 100_000; i++) deep = [deep];
console.log(typeof deep, deep);
console.log("survived");
