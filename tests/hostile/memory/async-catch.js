// An async function that catches and begins again.
// outcome: memory
// outcome.boa: memory or cpu

async function again() {
  const all = [];
  try {
    while (true) all.push({ x: [1, 2, 3, 4] });
  } catch {
    await null;
    return again();
  }
}
await again();
