import * as url from "runtime:url";
import * as encoding from "runtime:encoding";

const at = new URL("../b#c", "https://BÜCHER.example:443/a/");
at.searchParams.append("q", "a b");
console.log(at.href);
for (const [name, value] of at.searchParams) console.log(name, "=", value);
console.log([...new TextEncoder().encode("€")]);
const decode = (label, ...bytes) => new TextDecoder(label).decode(new Uint8Array(bytes));
console.log(decode("shift_jis", 0x93, 0xfa, 0x96, 0x7b), decode("latin1", 0x80));
console.log(atob(btoa("hi")));
try {
  atob("a");
} catch (error) {
  console.log(error.name);
}
console.log(url.URL.name, url.URLSearchParams.name, encoding.TextDecoder.name);
