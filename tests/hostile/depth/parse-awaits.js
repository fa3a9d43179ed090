// Source that nests: awaits.
// outcome: survives

globalThis.a = 1;
globalThis.f = () => 1;
try {
  (0, eval)("(async()=>{" + "await ".repeat(100000) + "1})");
} catch (error) {
  if (!(error instanceof Error)) throw error;
}
console.log("survived");
