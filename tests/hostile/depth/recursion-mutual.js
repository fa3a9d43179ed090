// Two functions that call each other.
// outcome: survives
// outcome.boa: engine

function f() {
  return g() + 1;
}
function g() {
  return f() + 1;
}
try {
  f();
} catch {}
console.log("survived");
