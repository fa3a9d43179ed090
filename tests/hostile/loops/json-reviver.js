// A reviver that never returns.
// outcome: cpu

JSON.parse("[1, 2]", () => {
  while (true);
});
