Array.prototype.push = () => { throw new Error("tampered"); };
Object.prototype.toString = () => { throw new Error("tampered"); };
Map.prototype.get = undefined;
Promise.prototype.then = undefined;
Symbol.prototype.toString = undefined;
JSON.stringify = undefined;
Object.defineProperty(Object.prototype, "value", { get() { throw new Error("tampered"); } });
console.log([1, { a: 2 }], new Map([[1, 2]]));
