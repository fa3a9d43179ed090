// A fill that cannot fit.
// outcome: memory or throws or cpu

new Array(2 ** 28).fill({});
