// Typed arrays without an end.
// outcome: memory or throws
// outcome.boa: memory or throws or cpu

const all = [];
while (true) all.push(new Float64Array(1 << 16));
