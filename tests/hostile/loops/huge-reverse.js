// A reversal of what is not there.
// outcome: cpu
// outcome.boa: throws

Array.prototype.reverse.call({ length: 2 ** 53 - 1 });
