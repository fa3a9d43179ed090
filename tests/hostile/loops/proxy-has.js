// Another trap, through `in`.
// outcome: cpu

"x" in new Proxy({}, { has: () => { while (true); } });
