let n = 0;
const items = Array.from({ length: 64 }, (_, at) => at);
items.sort(() => (n++ % 3) - 1);
console.log("sorted");
