// `Function` and `eval` see the globals and no more.
// outcome: survives

const seen = [new Function("return this")(), (0, eval)("this"), (async () => {}).constructor("return this")];
if (seen[0] !== globalThis || seen[1] !== globalThis) console.log("ESCAPED");
try {
  new Function("return import.meta")();
  console.log("ESCAPED");
} catch (error) {
  if (!(error instanceof SyntaxError)) throw error;
}
console.log("survived");
