let sum = 0;
for (let n = 0; n < 1000; n++) sum += n;
await new Promise((done) => setTimeout(done, 5));
console.log(sum, "x".repeat(1_000_000).length / 1_000_000 + 2);
