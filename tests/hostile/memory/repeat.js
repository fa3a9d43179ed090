// One request that cannot fit, caught.
// outcome: memory or survives

try {
  "x".repeat(2 ** 29);
} catch {}
console.log("survived");
