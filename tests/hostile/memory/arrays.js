// Arrays without an end.
// outcome: memory
// outcome.boa: memory or cpu

const all = [];
while (true) all.push(new Array(10000).fill(1));
