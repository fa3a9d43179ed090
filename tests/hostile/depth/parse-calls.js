// Source that nests: calls.
// outcome: survives

globalThis.a = 1;
globalThis.f = () => 1;
try {
  (0, eval)("f(".repeat(100000) + ")".repeat(100000));
} catch (error) {
  if (!(error instanceof Error)) throw error;
}
console.log("survived");
