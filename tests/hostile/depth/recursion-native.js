// Through a native function.
// outcome: survives
// outcome.boa: engine

function f() {
  [1].map(f);
}
try {
  f();
} catch {}
console.log("survived");
