// Through a conversion.
// outcome: survives

const object = {
  toString() {
    return "" + this;
  },
};
try {
  String(object);
} catch {}
console.log("survived");
