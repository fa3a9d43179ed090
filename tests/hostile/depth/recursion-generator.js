// A generator that delegates to itself.
// outcome: survives
// outcome.boa: engine

function* f() {
  yield* f();
}
try {
  for (const x of f());
} catch {}
console.log("survived");
