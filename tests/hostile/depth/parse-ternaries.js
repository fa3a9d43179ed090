// Source that nests: ternaries.
// outcome: survives

globalThis.a = 1;
globalThis.f = () => 1;
try {
  (0, eval)("1?".repeat(100000) + "1" + ":1".repeat(100000));
} catch (error) {
  if (!(error instanceof Error)) throw error;
}
console.log("survived");
