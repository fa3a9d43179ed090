// What tests of a package ask of an error.

import assert from "node:assert/strict";

/** Whether an error has this name, message and code. */
export const fails = (name, message, code) => (error) => {
  assert.ok(error instanceof Error, String(error));
  assert.equal(error.name, name);
  assert.match(error.message, message);
  if (code) assert.equal(error.code, code);
  return true;
};
