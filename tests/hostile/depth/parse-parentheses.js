// Source that nests: parentheses.
// outcome: survives

globalThis.a = 1;
globalThis.f = () => 1;
try {
  (0, eval)("(".repeat(200000) + "1" + ")".repeat(200000));
} catch (error) {
  if (!(error instanceof Error)) throw error;
}
console.log("survived");
