import { Counter } from "acme:shapes";
const counter = new Counter(5);
counter.increment();
console.log(counter.count, counter instanceof Counter, Counter.hundred().count);
counter.count = 41;
console.log(counter.increment());
class Loud extends Counter {
  increment() { return `${super.increment()}!`; }
}
const loud = new Loud();
console.log(loud.increment(), loud instanceof Counter, loud instanceof Loud, loud.count);
try { Counter(); } catch (error) { console.log(error.name, error.message.includes("new")); }
try { counter.increment.call({}); } catch (error) { console.log(error.name); }
