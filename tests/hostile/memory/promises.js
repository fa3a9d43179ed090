// Promises that nobody settles.
// outcome: memory
// outcome.boa: memory or cpu

const all = [];
while (true) all.push(new Promise(() => {}));
