// A hook for stacks that never returns.
// outcome.quickjs: cpu
// outcome.boa: survives

Error.prepareStackTrace = () => {
  while (true);
};
new Error("x").stack;
console.log("survived");
