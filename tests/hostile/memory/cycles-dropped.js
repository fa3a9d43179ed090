// Cycles that nobody keeps fit, however many.
// outcome: survives

for (let i = 0; i < 60_000; i++) {
  const a = { text: "y".repeat(100) + i };
  a.self = a;
}
console.log("survived");
