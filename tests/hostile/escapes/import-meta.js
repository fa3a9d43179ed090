// `import.meta` says where a module is and gives nothing to act with.
// outcome: survives

const known = ["url", "main", "filename", "dirname", "args"];
for (const key of Reflect.ownKeys(import.meta)) {
  if (!known.includes(key)) console.log("ESCAPED", key);
}
console.log("survived");
