// Source that nests: templates.
// outcome: survives

globalThis.a = 1;
globalThis.f = () => 1;
try {
  (0, eval)("`${".repeat(50000) + "1" + "}`".repeat(50000));
} catch (error) {
  if (!(error instanceof Error)) throw error;
}
console.log("survived");
