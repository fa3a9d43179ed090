// A chain of proxies.
// outcome: survives or cpu

let proxy = {};
for (let i = 0; i < 100_000; i++) proxy = new Proxy(proxy, {});
try {
  proxy.x;
} catch (error) {
  if (!(error instanceof Error)) throw error;
}
console.log("survived");
