// Source that nests: classes.
// outcome: survives

globalThis.a = 1;
globalThis.f = () => 1;
try {
  (0, eval)("(class{[".repeat(20000) + "0" + "](){}})".repeat(20000));
} catch (error) {
  if (!(error instanceof Error)) throw error;
}
console.log("survived");
