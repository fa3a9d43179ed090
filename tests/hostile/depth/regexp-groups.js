// A regular expression that nests.
// outcome: survives

try {
  new RegExp("(?:".repeat(100000) + ")".repeat(100000));
} catch (error) {
  if (!(error instanceof Error)) throw error;
}
console.log("survived");
