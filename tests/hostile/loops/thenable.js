// A thenable that never returns.
// outcome: cpu

await {
  then() {
    while (true);
  },
};
