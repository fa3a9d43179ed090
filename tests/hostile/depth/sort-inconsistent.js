// A comparator that contradicts itself.
// outcome: survives

const numbers = Array.from({ length: 500 }, (_, i) => (i * 7919) % 503);
let turn = 0;
numbers.sort(() => (turn++ % 3) - 1);
new Float64Array(numbers).sort(() => (turn++ % 3) - 1);
console.log(numbers.length === 500 ? "survived" : "ESCAPED");
