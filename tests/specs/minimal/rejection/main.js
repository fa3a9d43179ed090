async function work() {
  throw new Error("nobody handles this");
}
work();
console.log("started");
