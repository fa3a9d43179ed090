// What ends a loop runs into the next one.
// outcome: cpu

try {
  while (true);
} finally {
  while (true);
}
