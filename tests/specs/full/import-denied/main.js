for (const specifier of ["../outside.js", "/etc/passwd", "./link.js"]) {
  try {
    await import(specifier);
    console.log(specifier, "loaded");
  } catch (error) {
    console.log(specifier, error.name);
  }
}
