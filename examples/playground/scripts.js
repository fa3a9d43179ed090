// The scripts that the page offers.

export const SCRIPTS = {
  "Hello": `console.log("Hello from a runtime of its own");

const squares = [1, 2, 3].map((n) => n * n);
console.log("squares", squares, new Map([["sum", squares.reduce((a, b) => a + b)]]));
`,
  "Timers": `for (let i = 3; i > 0; i--) {
  console.log(i);
  await new Promise((done) => setTimeout(done, 300));
}
console.log("go");
`,
  "An error": `function half(n) {
  if (n % 2) throw new RangeError(n + " is odd");
  return n / 2;
}

console.log(half(4));
console.log(half(3));
`,
  "For ever": `// The limit ends it: the page goes on.
for (let i = 0; ; i++);
`,
  "One long step": `// No engine interrupts this: the worker is ended from outside.
Array(2 ** 31).join("");
`,
  "Many lines": `for (let i = 1; i <= 5000; i++) console.log("line", i);
`,
  "Too much": `// So does the limit of memory.
const kept = [];
for (;;) kept.push("a".repeat(100_000) + kept.length);
`,
};
