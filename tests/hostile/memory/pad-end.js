// A padding that cannot fit.
// outcome: memory or throws

"x".padEnd(2 ** 29).split("");
