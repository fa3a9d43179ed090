// Closures that keep closures.
// outcome: memory
// outcome.boa: memory or cpu

let f = () => 0;
while (true) {
  const g = f;
  f = () => g();
}
