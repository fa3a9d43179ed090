const spin = () => { for (;;); };
try {
  try { spin(); } catch { console.log("caught"); } finally { console.log("finally"); }
} catch { console.log("caught again"); }
Promise.resolve().then(spin).catch(() => console.log("caught by a promise"));
setTimeout(() => console.log("a timer"), 0);
