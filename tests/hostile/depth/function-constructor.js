// The same by way of `Function`.
// outcome: survives

try {
  new Function("return " + "[".repeat(200000) + "]".repeat(200000));
} catch (error) {
  if (!(error instanceof Error)) throw error;
}
console.log("survived");
