// Through a comparator.
// outcome: survives
// outcome.boa: engine

function f() {
  [2, 1].sort(f);
}
try {
  f();
} catch {}
console.log("survived");
