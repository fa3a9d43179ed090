function open() {
  throw new TypeError("bad handle", { cause: new Error("it was closed") });
}
open();
