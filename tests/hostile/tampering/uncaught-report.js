// The report of an error runs nothing of the script.
// outcome: throws

const error = new Error("told");
Object.defineProperty(error, "message", {
  get() {
    console.log("ESCAPED");
    return "x";
  },
});
error.toString = () => console.log("ESCAPED");
throw error;
