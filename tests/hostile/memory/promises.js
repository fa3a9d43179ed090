// Promises that nobody settles.
// outcome: memory or cpu

const all = [];
while (true) all.push(new Promise(() => {}));
