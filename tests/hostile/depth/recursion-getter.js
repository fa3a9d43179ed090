// Through a getter.
// outcome: survives
// outcome.boa: engine

const object = {
  get a() {
    return this.a;
  },
};
try {
  object.a;
} catch {}
console.log("survived");
