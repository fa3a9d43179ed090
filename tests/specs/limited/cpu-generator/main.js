function* endless() {
  for (;;) { try { yield; } catch { console.log("caught"); } }
}
for (const _ of endless());
