// A native function calls back without an end.
// outcome: cpu

[1].map(() => {
  while (true);
});
