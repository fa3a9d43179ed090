// A number that squares itself.
// outcome: memory or throws or cpu

let n = 2n;
while (true) n = n * n;
