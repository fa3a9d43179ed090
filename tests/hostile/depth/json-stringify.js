// Data that nests, as JSON.
// outcome: survives or cpu

let deep = [];
for (let i = 0; i < 100_000; i++) deep = [deep];
try {
  JSON.stringify(deep);
} catch (error) {
  if (!(error instanceof Error)) throw error;
}
console.log("survived");
