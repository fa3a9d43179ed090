// `queueMicrotask` without an end.
// outcome: cpu

function again() {
  queueMicrotask(again);
}
again();
