// Products of huge numbers.
// outcome: cpu or memory

let n = 7n ** 50000n;
for (;;) n * n;
