// Source that nests: patterns.
// outcome: survives

globalThis.a = 1;
globalThis.f = () => 1;
try {
  (0, eval)("var " + "[".repeat(100000) + "a" + "]".repeat(100000) + "=[]");
} catch (error) {
  if (!(error instanceof Error)) throw error;
}
console.log("survived");
