for (const specifier of ["./gone.js", "./data.json", "./folder", "runtime:nothing"]) {
  try {
    await import(specifier);
  } catch (error) {
    console.log(specifier, error.name, error.code);
  }
}
