// A callback that is never called, billions of times.
// outcome: cpu
// outcome.boa: throws

new Array(2 ** 32 - 1).forEach(() => {});
