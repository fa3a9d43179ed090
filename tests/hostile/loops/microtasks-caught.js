// A loop of awaits that catches, and begins again.
// outcome: cpu

async function again() {
  try {
    while (true) await null;
  } catch {
    return again();
  } finally {
    return again();
  }
}
await again();
