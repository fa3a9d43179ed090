// A conversion that never returns, within a template.
// outcome: cpu

`${{ [Symbol.toPrimitive]: () => { while (true); } }}`;
