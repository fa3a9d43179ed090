// A cycle, flattened.
// outcome: survives
// outcome.boa: survives or stack

const cycle = [];
cycle[0] = cycle;
try {
  cycle.flat(Infinity);
} catch (error) {
  if (!(error instanceof Error)) throw error;
}
console.log("survived");
