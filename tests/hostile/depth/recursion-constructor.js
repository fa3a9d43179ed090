// Through a constructor.
// outcome: survives
// outcome.boa: engine

class A {
  constructor() {
    new A();
  }
}
try {
  new A();
} catch {}
console.log("survived");
