// A million matches.
// outcome: memory or cpu

const all = [];
while (true) all.push("ab".repeat(1e5).match(/a/g));
