// Through a trap.
// outcome: survives
// outcome.boa: engine

const proxy = new Proxy({}, { get: (target, key, receiver) => receiver[key] });
try {
  proxy.x;
} catch {}
console.log("survived");
