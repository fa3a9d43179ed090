// An async generator that yields without an end.
// outcome: cpu

async function* numbers() {
  while (true) yield 1;
}
for await (const number of numbers());
