// Programs in plain JavaScript, which no runtime has a part in: milliseconds for each, a line each, in the order of the goals.
const LEAST = 250;

function recursion() {
  const fib = (n) => (n < 2 ? n : fib(n - 1) + fib(n - 2));
  return fib(20);
}

function objects() {
  let list = null;
  for (let i = 0; i < 4000; i++) list = { value: i, next: list, tag: { even: i % 2 === 0 } };
  let sum = 0;
  for (let at = list; at !== null; at = at.next) if (at.tag.even) sum += at.value;
  return sum;
}

function strings() {
  const words = [];
  for (let i = 0; i < 1500; i++) words.push("word" + i.toString(36));
  const text = words.join(" ").toUpperCase();
  return text.split(" ").filter((word) => word.includes("1") || word.endsWith("Z")).map((word) => word.slice(2)).join("-").length;
}

function regexps() {
  let text = "";
  for (let i = 0; i < 120; i++) text += "user" + i + "@example.org, +49 30 " + (1000 + i) + "; ";
  let found = 0;
  for (const match of text.matchAll(/([a-z]+\d+)@(?:[a-z]+\.)+[a-z]{2,}/g)) found += match[1].length;
  return found + text.replace(/\+(\d+) (\d+) (\d+)/g, "0$2/$3").length;
}

function json() {
  const rows = [];
  for (let i = 0; i < 200; i++) rows.push({ id: i, name: "row " + i, tags: ["a", "b", "c"], at: { x: i / 3, y: -i } });
  return JSON.stringify(JSON.parse(JSON.stringify(rows))).length;
}

function sorting() {
  let seed = 42;
  const numbers = [];
  for (let i = 0; i < 2500; i++) numbers.push((seed = (seed * 1103515245 + 12345) % 2147483648));
  return numbers.sort((a, b) => a - b)[0];
}

function classes() {
  class Shape {
    #name = "shape";
    constructor(size) {
      this.size = size;
    }
    get name() {
      return this.#name;
    }
    area() {
      return 0;
    }
  }
  class Square extends Shape {
    area() {
      return this.size * this.size + super.area();
    }
  }
  let sum = 0;
  for (let i = 0; i < 2500; i++) {
    const square = new Square(i);
    sum += square.area() + square.name.length;
  }
  return sum;
}

function typedArrays() {
  const cells = new Float64Array(4096);
  for (let i = 0; i < cells.length; i++) cells[i] = i * 0.5;
  const bytes = new Uint8Array(cells.buffer);
  let sum = 0;
  for (let i = 0; i < bytes.length; i += 3) sum = (sum + bytes[i]) | 0;
  return sum;
}

for (const program of [recursion, objects, strings, regexps, json, sorting, classes, typedArrays]) {
  program();
  const start = Date.now();
  let runs = 0;
  let took = 0;
  while (took < LEAST) {
    program();
    runs++;
    took = Date.now() - start;
  }
  console.log(String(took / runs));
}
