const held = [];
try {
  for (;;) held.push("x".repeat(100_000) + held.length);
} catch { console.log("caught"); }
for (;;);
