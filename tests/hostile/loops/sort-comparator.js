// A comparator that never returns.
// outcome: cpu

[3, 2, 1].sort(() => {
  while (true);
});
