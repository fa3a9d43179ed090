// A module that the app imports.
export function fail() {
  throw new RangeError("no greeting");
}

export default (name) => `Hello, ${name}!`;
