setTimeout(() => {
  console.log("first");
  Promise.resolve().then(() => console.log("microtask of first"));
}, 0);
setTimeout(() => console.log("second"), 0);
