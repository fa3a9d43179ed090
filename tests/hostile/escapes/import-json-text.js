// A file that is no module, as JSON.
// outcome: survives

try {
  await import("/etc/passwd", { with: { type: "json" } });
  console.log("ESCAPED");
} catch (error) {
  if (error.name !== "NotAllowed") console.log("ESCAPED", String(error));
}
console.log("survived");
