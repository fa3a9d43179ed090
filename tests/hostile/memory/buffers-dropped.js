// Buffers that nobody keeps fit, however many.
// outcome: survives
// outcome.boa: memory

for (let i = 0; i < 400; i++) new ArrayBuffer(1 << 22);
console.log("survived");
