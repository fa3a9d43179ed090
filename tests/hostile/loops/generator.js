// A generator that yields without an end, and does not want to be closed.
// outcome: cpu

function* numbers() {
  try {
    while (true) yield 1;
  } finally {
    while (true);
  }
}
for (const number of numbers());
