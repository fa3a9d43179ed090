// No thread waits for another.
// outcome: survives

try {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(8)), 0, 0);
  console.log("ESCAPED");
} catch (error) {
  if (!(error instanceof Error)) throw error;
}
console.log("survived");
