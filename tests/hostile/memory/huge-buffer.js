// A buffer that cannot fit.
// outcome: throws or memory

new ArrayBuffer(2 ** 40);
