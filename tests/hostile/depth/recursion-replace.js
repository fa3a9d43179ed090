// Through the callback of `replace`.
// outcome: survives
// outcome.boa: engine

function f() {
  "a".replace(/a/, f);
}
try {
  f();
} catch {}
console.log("survived");
