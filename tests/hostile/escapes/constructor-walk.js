// From any object to a function that makes functions: it has no more than the script.
// outcome: survives

for (const start of [{}, [], () => {}, console.log, Promise.resolve(), (async () => {})(), import.meta, new Error("x"), Symbol.iterator]) {
  let at = start;
  for (let i = 0; i < 8 && at; i++) {
    at = at.constructor ?? Object.getPrototypeOf(at);
  }
  const make = at?.constructor ?? Function;
  const globals = make("return typeof process + typeof require + typeof Deno + typeof Bun")();
  if (globals !== "undefinedundefinedundefinedundefined") console.log("ESCAPED", globals);
}
console.log("survived");
