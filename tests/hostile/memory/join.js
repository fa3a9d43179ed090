// A join that cannot fit.
// outcome: memory or throws or cpu

new Array(2 ** 27).join("0123456789");
