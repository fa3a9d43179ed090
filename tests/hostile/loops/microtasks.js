// Microtasks that make microtasks.
// outcome: cpu

function again() {
  Promise.resolve().then(again);
}
again();
await new Promise(() => {});
