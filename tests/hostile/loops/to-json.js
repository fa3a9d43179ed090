// A `toJSON` that never returns.
// outcome: cpu

JSON.stringify({
  toJSON() {
    while (true);
  },
});
