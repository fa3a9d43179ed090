// A chain of promises without an end.
// outcome: memory or cpu

let last = Promise.resolve();
while (true) last = last.then(() => {});
