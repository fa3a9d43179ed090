// Data that nests, flattened.
// outcome: survives or cpu

let deep = [];
for (let i = 0; i < 100_000; i++) deep = [deep];
try {
  deep.flat(Infinity);
} catch (error) {
  if (!(error instanceof Error)) throw error;
}
console.log("survived");
