// Code as text is no function.
// outcome: survives

for (const code of ["console.log('ESCAPED')", {}, null, 1]) {
  try {
    setTimeout(code, 0);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
  }
}
console.log("survived");
