const text = "x".repeat(1024);
for (let n = 0; ; n++) {
  try { globalThis.kept = [globalThis.kept, text.repeat(20_000)]; } catch {}
  await null;
}
