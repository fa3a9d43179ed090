// A single native that walks billions of holes.
// outcome: cpu
// outcome.boa: throws

new Array(2 ** 32 - 1).join("");
