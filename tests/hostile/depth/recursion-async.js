// An async function that awaits itself.
// outcome: survives
// outcome.boa: engine

async function f() {
  await f();
}
try {
  await f();
} catch {}
console.log("survived");
