// A function that calls itself.
// outcome: survives
// outcome.boa: engine

function f() {
  return f() + 1;
}
try {
  f();
} catch {}
console.log("survived");
