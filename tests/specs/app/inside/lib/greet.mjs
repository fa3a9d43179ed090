// A module that the app imports.
export class Greeter {
  fail() {
    throw new RangeError("no greeting");
  }
}

export default (name) => `Hello, ${name}!`;
