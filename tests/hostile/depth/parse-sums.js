// Source that nests: sums.
// outcome: survives

globalThis.a = 1;
globalThis.f = () => 1;
try {
  (0, eval)("1+".repeat(200000) + "1");
} catch (error) {
  if (!(error instanceof Error)) throw error;
}
console.log("survived");
