class Point { constructor(x) { this.x = x; } get far() { throw new Error("a getter ran"); } }
const cycle = { name: "c" };
cycle.self = cycle;
console.log(new Point(1));
console.log(cycle);
console.log([1, "two", null, undefined, 3n, Symbol("s"), -0]);
console.log(new Map([["k", { v: 1 }]]), new Set([1, 2]));
console.log(new Date(0), /a+/gi, new Uint8Array([1, 2]));
console.log(Promise.resolve(1), (() => {}).name, function named() {}, class A extends Point {});
console.log({ get a() { throw new Error("a getter ran"); }, set b(v) {} });
console.log(new Proxy({}, { get() { throw new Error("a trap ran"); }, ownKeys() { throw new Error("a trap ran"); } }) ? "proxy" : "");
console.log({ a: { b: { c: { d: 1 } } } });
