// Source that nests: ifs.
// outcome: survives or cpu

globalThis.a = 1;
globalThis.f = () => 1;
try {
  (0, eval)("if(1)".repeat(50000) + ";");
} catch (error) {
  if (!(error instanceof Error)) throw error;
}
console.log("survived");
