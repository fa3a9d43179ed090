// Endless recursion, at a place where one engine takes for granted that a call succeeds.
async function* again() { yield* again(); }
again().next().catch(() => console.log("caught"));
