// The stack of an error has text and nothing else.
// outcome: survives

let held;
Error.prepareStackTrace = (error, frames) => {
  held = frames;
  return "x";
};
new Error("x").stack;
for (const frame of held ?? []) {
  if (frame.getThis?.() !== undefined && typeof frame.getThis() === "object" && frame.getThis() !== globalThis) console.log("ESCAPED");
}
console.log("survived");
