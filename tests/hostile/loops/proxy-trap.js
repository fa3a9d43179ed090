// A trap that never returns.
// outcome: cpu

new Proxy({}, {
  get() {
    while (true);
  },
}).x;
