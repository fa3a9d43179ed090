// Showing a value runs nothing of the script.
// outcome: survives

const trap = () => console.log("ESCAPED");
console.log(new Proxy({}, { get: trap, ownKeys: trap, has: trap, getPrototypeOf: trap }));
console.log({ get a() { return trap(); }, toString: trap, toJSON: trap, [Symbol.toPrimitive]: trap });
console.log("survived");
