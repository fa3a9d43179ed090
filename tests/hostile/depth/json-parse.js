// JSON that nests.
// outcome: survives

try {
  JSON.parse("[".repeat(200000) + "]".repeat(200000));
} catch (error) {
  if (!(error instanceof Error)) throw error;
}
console.log("survived");
