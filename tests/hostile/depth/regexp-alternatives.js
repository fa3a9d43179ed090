// A regular expression of many alternatives.
// outcome: survives or cpu or memory

try {
  new RegExp("a|".repeat(30000)).test("b");
} catch (error) {
  if (!(error instanceof Error)) throw error;
}
console.log("survived");
