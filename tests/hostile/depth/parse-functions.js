// Source that nests: functions.
// outcome: survives

globalThis.a = 1;
globalThis.f = () => 1;
try {
  (0, eval)("(function(){".repeat(20000) + "})".repeat(20000));
} catch (error) {
  if (!(error instanceof Error)) throw error;
}
console.log("survived");
