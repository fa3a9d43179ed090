// A search through what is not there.
// outcome: cpu
// outcome.boa: throws

Array.prototype.indexOf.call({ length: 2 ** 53 - 1 }, 1);
