// Source that nests: objects.
// outcome: survives

globalThis.a = 1;
globalThis.f = () => 1;
try {
  (0, eval)("({a:".repeat(100000) + "1" + "})".repeat(100000));
} catch (error) {
  if (!(error instanceof Error)) throw error;
}
console.log("survived");
