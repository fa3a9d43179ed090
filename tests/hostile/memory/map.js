// A map without an end.
// outcome: memory or cpu

const map = new Map();
for (let i = 0; ; i++) map.set(i, {});
