// The same, caught.
// outcome: memory
// outcome.boa: memory or cpu

const all = [];
while (true) {
  try {
    all.push(new Array(10000).fill(1));
  } catch {}
}
