try {
  divide(1, 0);
} catch (error) { console.log(error.message.replace(/ \(.*/, ""), error.code); }
console.log(divide(9, 3));
function caller() {
  return divide(2, 0);
}
caller();
