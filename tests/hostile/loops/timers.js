// Timers that set timers.
// outcome: cpu

function again() {
  for (let i = 0; i < 100_000; i++) String(i);
  setTimeout(again, 0);
}
again();
