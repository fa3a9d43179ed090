// Times calls into native functions, less the loop around them: nanoseconds for each call.
const CALLS = 1e6;

// A function of its own for each, so that no call site sees two natives.
function numbers(calls) {
  for (let i = 0; i < calls; i++) add(i, 0.5);
}

function strings(calls) {
  for (let i = 0; i < calls; i++) concat("a short", " sentence");
}

function bytes(calls) {
  const kilobyte = new Uint8Array(1024);
  for (let i = 0; i < calls; i++) copy(kilobyte);
}

function objects(calls) {
  const place = { x: 1.5, y: 2.5 };
  for (let i = 0; i < calls; i++) mirror(place);
}

function nothing(calls) {
  for (let i = 0; i < calls; i++);
}

function timed(what, calls) {
  const start = Date.now();
  what(calls);
  return ((Date.now() - start) / calls) * 1e6;
}

const loop = timed(nothing, CALLS);
console.log(String(timed(numbers, CALLS) - loop));
console.log(String(timed(strings, CALLS) - loop));
console.log(String(timed(bytes, CALLS / 4) - loop));
console.log(String(timed(objects, CALLS / 4) - loop));
