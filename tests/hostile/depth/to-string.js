// Data that nests, as a string.
// outcome: survives or cpu

let deep = [];
for (let i = 0; i < 100_000; i++) deep = [deep];
try {
  String(deep);
} catch (error) {
  if (!(error instanceof Error)) throw error;
}
console.log("survived");
