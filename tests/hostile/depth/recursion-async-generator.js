// An async generator that delegates to itself.
// outcome.quickjs: survives
// outcome.boa: stack or engine

async function* f() {
  yield* f();
}
try {
  for await (const x of f());
} catch {}
console.log("survived");
