// A million strings of one.
// outcome: memory or cpu

const all = [];
while (true) all.push("a".repeat(1e5).split(""));
