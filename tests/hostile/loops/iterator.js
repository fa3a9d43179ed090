// An iterator that never ends, spread.
// outcome: cpu or memory

[...{ [Symbol.iterator]: () => ({ next: () => ({ value: 1, done: false }) }) }];
