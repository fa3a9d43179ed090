setTimeout(() => {
  throw new TypeError("in a timer");
}, 1);
setTimeout(() => console.log("never"), 20);
