// An array of as many elements as there can be.
// outcome: memory or throws or cpu

Array.from({ length: 2 ** 32 - 1 });
