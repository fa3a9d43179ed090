// A getter that never returns.
// outcome: cpu

({
  get a() {
    while (true);
  },
}).a;
