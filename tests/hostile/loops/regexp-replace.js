// The same within `replace`.
// outcome: cpu

("x".repeat(64) + "!").replace(/(x+x+)+y/, "");
