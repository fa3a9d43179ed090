// A chain of prototypes.
// outcome: survives or cpu

let object = {};
for (let i = 0; i < 100_000; i++) object = Object.create(object);
object.x;
console.log("survived");
