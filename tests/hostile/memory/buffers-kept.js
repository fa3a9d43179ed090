// Buffers without an end.
// outcome: memory or throws

const all = [];
while (true) all.push(new ArrayBuffer(1 << 20));
