// A loop that catches whatever ends it.
// outcome: cpu

while (true) {
  try {
    while (true);
  } catch {}
}
