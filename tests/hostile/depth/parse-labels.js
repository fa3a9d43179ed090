// Source that nests: labels.
// outcome: survives

globalThis.a = 1;
globalThis.f = () => 1;
try {
  (0, eval)("while(0)".repeat(50000) + ";");
} catch (error) {
  if (!(error instanceof Error)) throw error;
}
console.log("survived");
