// A string that doubles.
// outcome: memory or throws

let text = "x";
const all = [];
while (true) {
  text += text;
  all.push(text.split(""));
}
