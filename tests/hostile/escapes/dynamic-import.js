// Modules outside of the folder of the script.
// outcome: survives

for (const specifier of ["/etc/passwd", "file:///etc/passwd", "../../../../../../etc/hostname", "file:///proc/self/environ", "data:text/javascript,export default 1", "http://127.0.0.1/x.js", "runtime:secret", "native:runtime:fs", "app:///x.js", "node:fs", "fs", "\0", ""]) {
  try {
    await import(specifier);
    console.log("ESCAPED", specifier);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
  }
}
console.log("survived");
