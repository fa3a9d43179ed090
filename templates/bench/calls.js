// Times calls into two native functions, less the loop around them: nanoseconds for each call.
const CALLS = 1e6;

function numbers(add, calls) {
  const start = Date.now();
  for (let i = 0; i < calls; i++) add(i, 0.5);
  return Date.now() - start;
}

function strings(concat, calls) {
  const start = Date.now();
  for (let i = 0; i < calls; i++) concat("a short", " sentence");
  return Date.now() - start;
}

function nothing(calls) {
  const start = Date.now();
  for (let i = 0; i < calls; i++);
  return Date.now() - start;
}

const loop = nothing(CALLS);
console.log(String(((numbers(add, CALLS) - loop) / CALLS) * 1e6));
console.log(String(((strings(concat, CALLS) - loop) / CALLS) * 1e6));
