/(a*)*b/.test("a".repeat(60));
console.log("done");
