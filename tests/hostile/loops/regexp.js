// A regular expression that tries every way.
// outcome: cpu

/(a+)+$/.test("a".repeat(64) + "b");
