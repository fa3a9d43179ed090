// Endless recursion where no script is the caller.
async function* again() { yield* again(); }
again().next().catch(() => console.log("caught"));
