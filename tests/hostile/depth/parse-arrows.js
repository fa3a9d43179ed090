// Source that nests: arrows.
// outcome: survives

globalThis.a = 1;
globalThis.f = () => 1;
try {
  (0, eval)("()=>".repeat(100000) + "1");
} catch (error) {
  if (!(error instanceof Error)) throw error;
}
console.log("survived");
